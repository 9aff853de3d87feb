"""The MCP server: its tools, its manners, and a request id around every call."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from mcp.server import MCPServer
from mcp.server.caching import CacheHint
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import ToolAnnotations

from adapters.mcp_server.alert_feed import AlertFeed
from adapters.mcp_server.call_lines import CallLines, asked_tool
from adapters.mcp_server.growth.tool import growth_tool
from adapters.mcp_server.health.tool import health_tool
from adapters.mcp_server.investors.tool import investor_tool
from adapters.mcp_server.market_cap.tool import market_cap_tool
from adapters.mcp_server.remembered import Remembered
from adapters.mcp_server.sectors.tool import sector_tool
from adapters.mcp_server.strictness import StrictCalls, forbid_unknown_arguments
from adapters.mcp_server.tool_function import Tool
from adapters.mcp_server.unusual_volume.arguments import USUAL_THRESHOLD
from adapters.mcp_server.unusual_volume.tool import unusual_volume_tool
from adapters.mcp_server.volume_ranking.tool import volume_ranking_tool
from application.use_cases import UseCases

NAME = "mcp-volume-ranking"

INSTRUCTIONS = """Korean stock market, by trading value (거래대금).
get_volume_ranking: most traded stocks (거래대금).
get_volume_change_ranking: growth against past sessions (증가율).
get_investor_ranking: what foreigners, institutions and others buy and sell (투자자별).
get_sector_volume_ranking: industries (업종별).
get_market_cap_ranking: largest companies (시가총액).
get_unusual_volume: volume unusual for the stock itself (이상 거래량).
health_check: when an answer is stale, missing or refused (상태).
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


def build_server(  # noqa: PLR0913 - what a server is given, by name
    use_cases: UseCases,
    *,
    version: str,
    scope: RequestScope,
    unusual_threshold: int = USUAL_THRESHOLD,
    remembered: Remembered | None = None,
    alerts: AlertFeed | None = None,
) -> MCPServer[Any]:
    """A server with every tool, strict about what it is asked.

    Args:
        use_cases: What the tools ask.
        version: The product's.
        scope: Opened around every call.
        unusual_threshold: The default of get_unusual_volume's threshold, percent.
        remembered: Gives answers again; None answers every question anew.
        alerts: The resource that changes; None: nothing is ever published.
    """
    server: MCPServer[Any] = MCPServer(
        NAME,
        title="Korean trading value rankings (거래대금 순위)",
        version=version,
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": CacheHint(ttl_ms=300_000, scope="public")},
        log_level="INFO" if logging.getLogger().level <= logging.INFO else "WARNING",
        subscriptions=alerts.bus if alerts else False,
    )
    for title, tool in _rankings(use_cases, unusual_threshold):
        _add(server, tool, title, open_world=True)
    _add(server, health_tool(use_cases.check_health), "Health (상태)", open_world=False)
    forbid_unknown_arguments(server)
    server.middleware.append(RequestIds(scope))
    server.middleware.append(CallLines())
    if remembered is not None:
        remembered.learn(server)
        server.middleware.append(remembered)
    server.middleware.append(StrictCalls(server))
    if alerts is not None:
        alerts.serve(server)
    return server


def _rankings(use_cases: UseCases, threshold: int) -> list[tuple[str, Tool]]:
    """Titles and functions, in the order in which clients see them."""
    unusual = unusual_volume_tool(use_cases.find_unusual_volume, threshold=threshold)
    return [
        (
            "Trading value ranking (거래대금 순위)",
            volume_ranking_tool(use_cases.rank_by_trading_value),
        ),
        (
            "Growth of trading value (거래대금 증가율)",
            growth_tool(use_cases.rank_by_growth),
        ),
        (
            "Buying and selling by investor (투자자별 매매동향)",
            investor_tool(use_cases.rank_by_investor),
        ),
        (
            "Trading value by industry (업종별 거래대금)",
            sector_tool(use_cases.rank_sectors),
        ),
        (
            "Market capitalisation ranking (시가총액 순위)",
            market_cap_tool(use_cases.rank_by_market_cap),
        ),
        ("Unusual volume (이상 거래량)", unusual),
    ]


def _add(server: MCPServer[Any], tool: Tool, title: str, *, open_world: bool) -> None:
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
