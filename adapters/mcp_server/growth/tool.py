"""The function of get_volume_change_ranking: arguments in, rows and text out."""

from mcp.types import CallToolResult

from adapters.mcp_server.arguments import criteria
from adapters.mcp_server.growth.arguments import GrowthArguments
from adapters.mcp_server.growth.output import GrowthOutput
from adapters.mcp_server.growth.present import structured
from adapters.mcp_server.growth.text import text
from adapters.mcp_server.tool_function import Tool, answered, ranking_tool
from application.rank_by_growth import GrowthQuery, RankByGrowth
from domain.growth import Period, TimeBasis
from domain.listing import Won

DESCRIPTION = """Rank Korean stocks by growth of trading value (거래대금 증가율).

Use it for where money has just arrived: today's trading value against the mean of the
last 1, 5 or 20 sessions (period), by this time of day while the market is open, else
by whole days (basis says which was applied). Small ones are left out by floors
(min_trading_value, min_baseline_trading_value) that the answer shows. Stocks without
all of the sessions are counted, not ranked. Money is in won, rates in percent. Not for
the largest trading values (get_volume_ranking), nor a verdict of what is unusual for a
stock (get_unusual_volume)."""


def growth_tool(rank: RankByGrowth) -> Tool:
    """The tool's function over the use case."""

    async def ask(asked: GrowthArguments) -> CallToolResult:
        query = GrowthQuery(
            **criteria(asked),
            period=Period(asked.period),
            basis=None if asked.basis is None else TimeBasis(asked.basis),
            min_baseline=Won(asked.min_baseline_trading_value),
            with_news=asked.detailed,
        )
        found = await rank(query)
        return answered(text(asked, query, found), structured(asked, found))

    return ranking_tool(
        "get_volume_change_ranking",
        description=DESCRIPTION,
        arguments=GrowthArguments,
        output=GrowthOutput,
        ask=ask,
        highest_count=rank.highest_count,
    )
