"""From the ranking of sectors to its structured answer."""

from adapters.mcp_server.answer import Structured, answer_of
from adapters.mcp_server.numbers import percent
from adapters.mcp_server.sectors.arguments import SectorArguments
from application.rank_sectors import RankedSector, SectorRanking
from domain.sectors import Leader

DETAILS = (
    "trading_volume",
    "average_change_rate",
    "foreign_net_buy",
    "institution_net_buy",
)
"""Columns that concise leaves out."""


def structured(asked: SectorArguments, found: SectorRanking) -> Structured:
    """The answer of get_sector_volume_ranking."""
    return answer_of(
        asked,
        found.as_of,
        total=found.total,
        next_offset=found.next_offset,
        ranking=[_row(asked, row) for row in found.rows],
        summary={"total_trading_value": found.total_trading_value},
    )


def _row(asked: SectorArguments, row: RankedSector) -> Structured:
    sector = row.sector
    whole = {
        "rank": row.rank,
        "market_type": sector.market.name,
        "sector_code": sector.code,
        "sector_name": row.name,
        "trading_value": sector.trading_value,
        "trading_volume": sector.volume,
        "stock_count": sector.stock_count,
        "average_change_rate": percent(sector.average_change_rate),
        "weighted_change_rate": percent(sector.weighted_change_rate),
        "index_change_rate": percent(row.index_change_rate),
        "advancers": sector.advancers,
        "decliners": sector.decliners,
        "leading_stocks": [_leader(leader) for leader in sector.leaders],
        "foreign_net_buy": row.foreign_net,
        "institution_net_buy": row.institution_net,
    }
    return whole if asked.detailed else {**whole, **dict.fromkeys(DETAILS)}


def _leader(leader: Leader) -> Structured:
    return {
        "stock_code": str(leader.listing.ticker),
        "stock_name": leader.listing.name,
        "contribution": percent(leader.contribution),
    }
