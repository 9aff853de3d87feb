"""The function of get_sector_volume_ranking: arguments in, rows and text out."""

from mcp.types import CallToolResult

from adapters.mcp_server.arguments import criteria
from adapters.mcp_server.sectors.arguments import SectorArguments
from adapters.mcp_server.sectors.output import SectorOutput
from adapters.mcp_server.sectors.present import structured
from adapters.mcp_server.sectors.text import text
from adapters.mcp_server.tool_function import Tool, answered, ranking_tool
from application.rank_sectors import RankSectors, SectorQuery
from domain.sectors import Level

DESCRIPTION = """Rank Korean industries by trading value (업종별 거래대금).

Use it for which sectors the money is in: each row sums its own stocks, so that rows add
up to the market (leaf: finest industries; large: coarsest), with change rates, the
exchange's index, advancers and decliners, leading stocks, and foreign and institution
net buying. stocks asks for the sectors that hold them. Money is in won, rates in
percent. Not for themes (테마), nor for ranking stocks (get_volume_ranking)."""


def sector_tool(rank: RankSectors) -> Tool:
    """The tool's function over the use case."""

    async def ask(asked: SectorArguments) -> CallToolResult:
        level = Level(asked.level)
        query = SectorQuery(**criteria(asked), level=level, leaders=asked.leaders)
        found = await rank(query)
        return answered(text(asked, query, found), structured(asked, found))

    return ranking_tool(
        "get_sector_volume_ranking",
        description=DESCRIPTION,
        arguments=SectorArguments,
        output=SectorOutput,
        ask=ask,
        highest_count=rank.highest_count,
    )
