"""The function of get_market_cap_ranking: arguments in, rows and text out."""

from mcp.types import CallToolResult

from adapters.mcp_server.arguments import Arguments, criteria
from adapters.mcp_server.market_cap.output import MarketCapOutput
from adapters.mcp_server.market_cap.present import structured
from adapters.mcp_server.market_cap.text import text
from adapters.mcp_server.tool_function import Tool, answered, ranking_tool
from application.question import Question
from application.rank_by_market_cap import RankByMarketCap

DESCRIPTION = """Rank Korean stocks by market capitalisation (시가총액 순위).

Use it for the largest companies: price × listed shares, with the places gained since
the session before, the weight in their own market, their rank by trading value, foreign
holding, PER and PBR; the summary has the market's total cap and its multiples (Σ cap ÷
Σ (cap ÷ PER) over profitable companies). Money is in won, ratios in percent. Not for
weights in an index such as KOSPI 200, nor for the most traded (get_volume_ranking)."""


def market_cap_tool(rank: RankByMarketCap) -> Tool:
    """The tool's function over the use case."""

    async def ask(asked: Arguments) -> CallToolResult:
        query = Question(**criteria(asked))
        found = await rank(query)
        return answered(text(asked, query, found), structured(asked, found))

    return ranking_tool(
        "get_market_cap_ranking",
        description=DESCRIPTION,
        arguments=Arguments,
        output=MarketCapOutput,
        ask=ask,
        highest_count=rank.highest_count,
    )
