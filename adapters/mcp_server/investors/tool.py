"""The function of get_investor_ranking: arguments in, rows and text out."""

from mcp.types import CallToolResult

from adapters.mcp_server.arguments import criteria
from adapters.mcp_server.investors.arguments import InvestorArguments
from adapters.mcp_server.investors.output import InvestorOutput
from adapters.mcp_server.investors.present import structured
from adapters.mcp_server.investors.text import text
from adapters.mcp_server.tool_function import Tool, answered, ranking_tool
from application.rank_by_investor import InvestorQuery, RankByInvestor, Side, TradeType
from domain.investors import Investor

DESCRIPTION = """Rank Korean stocks by who buys and sells them (투자자별 매매동향).

Use it for what foreigners (외국인), institutions (기관), individuals (개인) or programs
(프로그램) net bought, bought or sold; side=bottom for the largest net selling. Per
stock, individuals and buying and selling apart exist only after the close: during the
session the last session with such figures answers, and the first note says so; foreign
and institution nets of the day are the broker's time slot (slot). Money is in won,
ratios in percent. Not for market-wide flows alone: those are in summary."""


def investor_tool(rank: RankByInvestor) -> Tool:
    """The tool's function over the use case."""

    async def ask(asked: InvestorArguments) -> CallToolResult:
        query = InvestorQuery(
            **criteria(asked),
            investor=Investor(asked.investor_type),
            trade_type=TradeType(asked.trade_type),
            side=Side(asked.side),
        )
        found = await rank(query)
        return answered(text(asked, query, found), structured(asked, found))

    return ranking_tool(
        "get_investor_ranking",
        description=DESCRIPTION,
        arguments=InvestorArguments,
        output=InvestorOutput,
        ask=ask,
        highest_count=rank.highest_count,
    )
