"""Clients from 2026-07-28 on, who hear of alerts in the answer of one request."""

from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import ListenHandler, SubscriptionBus
from mcp.types import (
    SubscriptionFilter,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
)
from typing_extensions import override

BUFFERED = 16
"""Updates that a client who does not read may leave unread; then its stream ends."""


class AlertListeners(ListenHandler):
    """Serves ``subscriptions/listen``; promises what is published, and nothing else.

    Args:
        bus: On which updates are published.
        uri: The only resource that changes.
        most: Streams at once.
        begins: Awaited before each stream.
    """

    def __init__(
        self,
        bus: SubscriptionBus,
        *,
        uri: str,
        most: int,
        begins: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(bus, max_subscriptions=most, max_buffered_events=BUFFERED)
        self._uri = uri
        self._begins = begins
        self.count = 0

    @override
    async def __call__(
        self,
        ctx: ServerRequestContext[Any, Any],
        params: SubscriptionsListenRequestParams,
    ) -> SubscriptionsListenResult:
        """One stream, until the client leaves or the server ends."""
        wanted = params.notifications.resource_subscriptions or ()
        promised = SubscriptionFilter(
            resource_subscriptions=[self._uri] if self._uri in wanted else None
        )
        self.count += 1
        try:
            await self._begins()
            return await super().__call__(
                ctx, params.model_copy(update={"notifications": promised})
            )
        finally:
            self.count -= 1
