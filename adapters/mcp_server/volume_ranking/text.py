"""The text of get_volume_ranking."""

from collections.abc import Callable

from adapters.mcp_server.lines import (
    UNKNOWN,
    Column,
    Page,
    composed,
    moved,
    named,
    part,
    places,
    table,
    won,
)
from adapters.mcp_server.numbers import percent, spoken_won, two_decimals
from adapters.mcp_server.volume_ranking.arguments import VolumeRankingArguments
from application.rank_by_trading_value import (
    RankedStock,
    RankingQuery,
    TradingValueRanking,
)
from application.totals import Totals
from domain.listing import Venue
from domain.ranking import Measure

_TITLES = {
    Measure.TRADING_VALUE: "거래대금",
    Measure.VOLUME: "거래량",
    Measure.TURNOVER_RATE: "회전율",
}


def text(
    asked: VolumeRankingArguments, query: RankingQuery, found: TradingValueRanking
) -> str:
    """The ranking as a compact table, then the sums and the notes."""
    page = Page(
        question=query,
        as_of=found.as_of,
        shown=len(found.rows),
        total=found.total,
        next_offset=found.next_offset,
    )
    columns = _columns(asked, query, found)
    return composed(
        page,
        title=f"{_TITLES[query.by]} 순위",
        table=table(columns, found.rows),
        sums=_sums(found.totals, split=query.universe.market is None),
    )


def _columns(
    asked: VolumeRankingArguments, query: RankingQuery, found: TradingValueRanking
) -> list[Column[RankedStock]]:
    """As many as are wanted, and have something to say."""
    columns: list[Column[RankedStock]] = [
        ("순위", lambda row: str(row.rank)),
        ("종목(코드)", lambda row: named(row.quote)),
        ("등락률", lambda row: moved(row.quote.change_rate)),
        ("거래대금", lambda row: won(row.quote.trading_value)),
    ]
    if asked.detailed:
        columns.insert(2, ("현재가", lambda row: f"{row.quote.price:,}"))
    if asked.with_details and found.knows_previous:
        columns.insert(
            1, ("변동", lambda row: places(row.rank_change, otherwise="신규"))
        )
    if query.by is Measure.VOLUME:
        columns.append(("거래량", lambda row: f"{row.quote.volume:,}주"))
    if asked.detailed and query.universe.venue is Venue.ALL:
        columns.append(("NXT비중", lambda row: part(row.quote.nxt_share, 1)))
    if asked.with_details and _any_known(_market_cap, found):
        columns.append(("시총", _market_cap))
    by_rate = query.by is Measure.TURNOVER_RATE
    if by_rate or (asked.with_details and _any_known(_turnover_rate, found)):
        columns.append(("회전율", _turnover_rate))
    return columns


def _any_known(cell: Callable[[RankedStock], str], found: TradingValueRanking) -> bool:
    return any(cell(row) != UNKNOWN for row in found.rows)


def _market_cap(row: RankedStock) -> str:
    return won(row.details.market_cap) if row.details else UNKNOWN


def _turnover_rate(row: RankedStock) -> str:
    return part(row.details.turnover_rate) if row.details else UNKNOWN


def _sums(totals: Totals, *, split: bool) -> list[str]:
    lines = []
    if totals.total is not None:
        parts = [f"합계 {spoken_won(totals.total)}"]
        if split and totals.kospi is not None and totals.kosdaq is not None:
            kospi, kosdaq = spoken_won(totals.kospi), spoken_won(totals.kosdaq)
            parts.append(f"(코스피 {kospi}, 코스닥 {kosdaq})")
        lines.append(" ".join(parts))
    shares = {"상위 5종목": totals.top5, "상위 10종목": totals.top10}
    known = [
        f"{name} {percent(share):.2f}%"
        for name, share in shares.items()
        if share is not None
    ]
    if totals.herfindahl is not None:
        known.append(f"HHI {two_decimals(totals.herfindahl):,.2f}")
    if known:
        lines.append("집중도 " + " · ".join(known))
    return lines
