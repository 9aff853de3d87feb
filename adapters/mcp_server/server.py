"""The MCP server: its tools, its manners, and a request id around every call."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from mcp.server import MCPServer
from mcp.server.caching import CacheHint
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import ToolAnnotations

from adapters.mcp_server.call_lines import CallLines, asked_tool
from adapters.mcp_server.health_tool import health_tool
from adapters.mcp_server.ranking_tool import volume_ranking_tool
from adapters.mcp_server.strictness import StrictCalls, forbid_unknown_arguments
from application.use_cases import UseCases

NAME = "mcp-volume-ranking"

INSTRUCTIONS = """Korean stock market, by trading value (거래대금).
Every answer says when (meta.as_of), which session, 잠정 (provisional) or 확정 (final),
how much of the market it covers (meta.coverage) and what is null and why (meta.notes):
pass that on. simulated=true means invented figures: never present them as real.
Stock codes are text. Money is won, rates are percent, times are +09:00."""

RequestScope = Callable[[str], AbstractContextManager[None]]
"""Binds a request id and the tool's name to everything logged inside."""


class RequestIds:
    """Middleware: each call runs in a scope of its own in the log."""

    def __init__(self, scope: RequestScope) -> None:
        self._scope = scope

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Opens the scope around the call."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        with self._scope(asked_tool(ctx.params)):
            return await call_next(ctx)


def build_server(
    use_cases: UseCases, *, version: str, scope: RequestScope
) -> MCPServer[Any]:
    """A server with every tool, strict about what it is asked."""
    server: MCPServer[Any] = MCPServer(
        NAME,
        title="Korean trading value rankings (거래대금 순위)",
        version=version,
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": CacheHint(ttl_ms=300_000, scope="public")},
        log_level="INFO" if logging.getLogger().level <= logging.INFO else "WARNING",
        subscriptions=False,  # nothing is published; a listener would delay the end
    )
    _add(
        server,
        volume_ranking_tool(use_cases.rank_by_trading_value),
        "Trading value ranking (거래대금 순위)",
        open_world=True,
    )
    _add(server, health_tool(use_cases.check_health), "Health (상태)", open_world=False)
    forbid_unknown_arguments(server)
    server.middleware.append(RequestIds(scope))
    server.middleware.append(CallLines())
    server.middleware.append(StrictCalls(server))
    return server


def _add(server: MCPServer[Any], tool: Any, title: str, *, open_world: bool) -> None:
    server.add_tool(
        tool,
        title=title,
        annotations=ToolAnnotations(
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=open_world,
        ),
    )
