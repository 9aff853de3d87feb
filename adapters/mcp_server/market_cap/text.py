"""The text of get_market_cap_ranking."""

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.lines import (
    Column,
    Page,
    composed,
    figure,
    moved,
    named,
    part,
    places,
    table,
    won,
)
from application.question import Question
from application.rank_by_market_cap import CapTotals, LargeStock, MarketCapRanking


def text(asked: Arguments, query: Question, found: MarketCapRanking) -> str:
    """The ranking as a compact table, then the aggregates and the notes."""
    page = Page(
        question=query,
        as_of=found.as_of,
        shown=len(found.rows),
        total=found.total,
        next_offset=found.next_offset,
    )
    return composed(
        page,
        title="시가총액 순위",
        table=table(_columns(asked, found), found.rows),
        sums=_sums(found.totals),
    )


def _columns(asked: Arguments, found: MarketCapRanking) -> list[Column[LargeStock]]:
    columns: list[Column[LargeStock]] = [
        ("순위", lambda row: str(row.rank)),
        ("종목(코드)", lambda row: named(row.quote)),
        ("등락률", lambda row: moved(row.quote.change_rate)),
        ("시가총액", lambda row: won(row.market_cap)),
        ("비중", lambda row: part(row.weight)),
    ]
    if asked.detailed:
        columns.insert(2, ("현재가", lambda row: f"{row.quote.price:,}"))
        columns += [
            ("거래대금순위", lambda row: str(row.trading_value_rank)),
            ("외국인", lambda row: part(row.details.foreign_ratio)),
            ("PER", lambda row: figure(row.details.per)),
            ("PBR", lambda row: figure(row.details.pbr)),
        ]
    if any(row.rank_change is not None for row in found.rows):
        columns.insert(1, ("변동", lambda row: places(row.rank_change, otherwise="?")))
    return columns


def _sums(totals: CapTotals) -> list[str]:
    per, pbr = totals.per, totals.pbr
    return [
        f"시가총액 합계 {won(totals.total)} · 상위 10종목 {part(totals.top10)}",
        f"평균 PER {figure(per.average)} ({per.counted:,}종목, 적자 "
        f"{per.negative:,}종목 제외) · 평균 PBR {figure(pbr.average)} "
        f"({pbr.counted:,}종목, 자본잠식 {pbr.negative:,}종목 제외)",
    ]
