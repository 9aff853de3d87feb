"""The function of get_volume_ranking: arguments in, rows and text out."""

from mcp.types import CallToolResult

from adapters.mcp_server.arguments import criteria
from adapters.mcp_server.tool_function import Tool, answered, ranking_tool
from adapters.mcp_server.volume_ranking.arguments import VolumeRankingArguments
from adapters.mcp_server.volume_ranking.output import VolumeRankingOutput
from adapters.mcp_server.volume_ranking.present import structured
from adapters.mcp_server.volume_ranking.text import text
from application.rank_by_trading_value import RankByTradingValue, RankingQuery
from domain.ranking import Measure

DESCRIPTION = """Rank Korean stocks by trading value (거래대금 순위): where money is.

Use it for the most traded stocks of KOSPI, KOSDAQ or both, on KRX, NXT or the two
added (default), for where named stocks stand (stocks), or to page the whole market
(offset); also by volume or turnover rate (회전율). Figures are cumulative since the
open of the running session, else those of the last one, or of a past one (session):
meta.session, meta.is_final (확정/잠정) and meta.notes say which, and what is missing.
Money is in won, rates in percent, times +09:00. Not for growth against past days, for
investors, or for foreign stocks."""


def volume_ranking_tool(rank: RankByTradingValue) -> Tool:
    """The tool's function over the use case."""

    async def ask(asked: VolumeRankingArguments) -> CallToolResult:
        by = Measure(asked.sort_by)
        needed = asked.with_details or by is Measure.TURNOVER_RATE
        query = RankingQuery(**criteria(asked), by=by, with_details=needed)
        found = await rank(query)
        return answered(text(asked, query, found), structured(asked, found))

    return ranking_tool(
        "get_volume_ranking",
        description=DESCRIPTION,
        arguments=VolumeRankingArguments,
        output=VolumeRankingOutput,
        ask=ask,
        highest_count=rank.highest_count,
    )
