"""The tools that rank, and what each may be asked."""

from collections.abc import Mapping

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.growth.arguments import GrowthArguments
from adapters.mcp_server.investors.arguments import InvestorArguments
from adapters.mcp_server.sectors.arguments import SectorArguments
from adapters.mcp_server.unusual_volume.arguments import UnusualVolumeArguments
from adapters.mcp_server.volume_ranking.arguments import VolumeRankingArguments

RANKINGS: Mapping[str, type[Arguments]] = {
    "get_volume_ranking": VolumeRankingArguments,
    "get_volume_change_ranking": GrowthArguments,
    "get_investor_ranking": InvestorArguments,
    "get_sector_volume_ranking": SectorArguments,
    "get_market_cap_ranking": Arguments,
    "get_unusual_volume": UnusualVolumeArguments,
}
