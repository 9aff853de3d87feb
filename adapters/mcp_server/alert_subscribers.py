"""Clients up to 2025-11-25, who hear of alerts over their session's own stream."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import MCPError
from mcp.server.connection import Connection
from mcp.server.context import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    EmptyResult,
    SubscribeRequestParams,
    UnsubscribeRequestParams,
)

TELL_SECONDS = 5.0
"""For one client to take the news; one that does not read is no longer told."""


class AlertSubscribers:
    """Serves ``resources/subscribe`` and ``resources/unsubscribe``.

    Args:
        uri: The only resource that changes.
        most: Subscribed sessions at once.
        begins: Awaited for each new one.
    """

    def __init__(
        self, *, uri: str, most: int, begins: Callable[[], Awaitable[None]]
    ) -> None:
        self._uri = uri
        self._most = most
        self._begins = begins
        self._sessions: dict[Connection, ServerSession] = {}

    @property
    def count(self) -> int:
        """Sessions that are subscribed now."""
        return len(self._sessions)

    async def add(
        self, ctx: ServerRequestContext[Any, Any], params: SubscribeRequestParams
    ) -> EmptyResult:
        """Until it unsubscribes or ends; twice is once."""
        if str(params.uri) != self._uri:
            raise MCPError(
                code=INVALID_PARAMS,
                message=f"구독할 수 있는 리소스는 {self._uri} 하나입니다.",
                data={"uri": str(params.uri)},
            )
        connection = _connection(ctx.session)
        if connection not in self._sessions:
            if len(self._sessions) >= self._most:
                raise MCPError(
                    code=INTERNAL_ERROR,
                    message=f"구독이 {self._most}개로 가득 찼습니다. 잠시 뒤 다시 "
                    f"구독하거나 {self._uri}을 때때로 읽어 주세요.",
                )
            self._sessions[connection] = ctx.session
            connection.exit_stack.callback(self._sessions.pop, connection, None)
        await self._begins()
        return EmptyResult()

    async def remove(
        self, ctx: ServerRequestContext[Any, Any], params: UnsubscribeRequestParams
    ) -> EmptyResult:
        """Of a session that is not subscribed: nothing."""
        if str(params.uri) == self._uri:
            self._sessions.pop(_connection(ctx.session), None)
        return EmptyResult()

    async def tell(self) -> None:
        """All at once; a slow one keeps nobody else waiting for long."""
        sessions = list(self._sessions.items())
        await asyncio.gather(*(self._tell(*each) for each in sessions))

    async def _tell(self, connection: Connection, session: ServerSession) -> None:
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await session.send_resource_updated(self._uri)
        except Exception:  # its stream is gone or full: it may subscribe again
            self._sessions.pop(connection, None)


def _connection(session: ServerSession) -> Connection:
    """What stays the same from request to request.

    The SDK has no public way to it: a private attribute of a pinned minor version,
    held by a test.
    """
    return session._connection  # noqa: SLF001
