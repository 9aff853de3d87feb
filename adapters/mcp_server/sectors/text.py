"""The text of get_sector_volume_ranking."""

from collections.abc import Callable

from adapters.mcp_server.lines import (
    UNKNOWN,
    Column,
    Page,
    composed,
    moved,
    part,
    table,
    won,
)
from adapters.mcp_server.sectors.arguments import SectorArguments
from application.rank_sectors import RankedSector, SectorQuery, SectorRanking
from domain.sectors import Level

FEW_ROWS = 10
"""So many rows have room for all of their leaders, more for one each."""

_LEVELS = {Level.LEAF: "세부 업종", Level.LARGE: "대분류 업종"}


def text(asked: SectorArguments, query: SectorQuery, found: SectorRanking) -> str:
    """The ranking as a compact table, then the sum and the notes."""
    page = Page(
        question=query,
        as_of=found.as_of,
        shown=len(found.rows),
        total=found.total,
        next_offset=found.next_offset,
        unit="업종",
    )
    return composed(
        page,
        title=f"업종별 거래대금, {_LEVELS[query.level]}",
        table=table(_columns(asked, len(found.rows)), found.rows),
        sums=[f"합계 {won(found.total_trading_value)}"],
    )


def _columns(asked: SectorArguments, rows: int) -> list[Column[RankedSector]]:
    columns: list[Column[RankedSector]] = [
        ("순위", lambda row: str(row.rank)),
        ("업종(코드)", _named),
        ("시장", lambda row: row.sector.market.name),
        ("거래대금", lambda row: won(row.sector.trading_value)),
        ("등락률", lambda row: moved(row.sector.weighted_change_rate)),
    ]
    if asked.detailed:
        most = asked.leaders if rows <= FEW_ROWS else 1
        columns += [
            ("지수", lambda row: moved(row.index_change_rate)),
            ("상승/하락", lambda row: f"{row.sector.advancers}/{row.sector.decliners}"),
            ("외국인", lambda row: won(row.foreign_net)),
            ("기관", lambda row: won(row.institution_net)),
            ("주도 종목", _leaders(most)),
        ]
    return columns


def _named(row: RankedSector) -> str:
    return f"{row.name or UNKNOWN}({row.sector.code})"


def _leaders(most: int) -> Callable[[RankedSector], str]:
    def cell(row: RankedSector) -> str:
        return ", ".join(
            f"{leader.listing.name} {part(leader.contribution, 1)}"
            for leader in row.sector.leaders[:most]
        )

    return cell
