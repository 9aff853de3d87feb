"""The text of get_volume_change_ranking."""

from adapters.mcp_server.growth.arguments import GrowthArguments
from adapters.mcp_server.lines import (
    UNKNOWN,
    Column,
    Page,
    composed,
    moved,
    named,
    table,
    won,
)
from adapters.mcp_server.numbers import percent
from application.rank_by_growth import GrownStock, GrowthQuery, GrowthRanking
from domain.growth import TimeBasis

_BASES = {TimeBasis.SAME_TIME: "같은 시각까지", TimeBasis.FULL_DAY: "하루 전체"}


def text(asked: GrowthArguments, query: GrowthQuery, found: GrowthRanking) -> str:
    """The ranking as a compact table, then the floors, the counts and the notes."""
    page = Page(
        question=query,
        as_of=found.as_of,
        shown=len(found.rows),
        total=found.total,
        next_offset=found.next_offset,
    )
    days = query.period.sessions
    against = "직전 거래일" if days == 1 else f"지난 {days}거래일 평균"
    return composed(
        page,
        title=f"거래대금 증가율 순위, {against}의 {_BASES[found.basis]} 대비",
        table=table(_columns(asked), found.rows),
        sums=_sums(query, found),
    )


def _columns(asked: GrowthArguments) -> list[Column[GrownStock]]:
    columns: list[Column[GrownStock]] = [
        ("순위", lambda row: str(row.rank)),
        ("종목(코드)", lambda row: named(row.quote)),
        ("등락률", lambda row: moved(row.quote.change_rate)),
        ("거래대금", lambda row: won(row.quote.trading_value)),
        ("기준", lambda row: won(row.baseline)),
        ("증가율", _growth),
    ]
    if asked.detailed:
        columns.insert(2, ("현재가", lambda row: f"{row.quote.price:,}"))
        columns.append(("뉴스/공시", _news))
    return columns


def _growth(row: GrownStock) -> str:
    rate = percent(row.growth_rate)
    return UNKNOWN if rate is None else f"{rate:+,.2f}%"


def _news(row: GrownStock) -> str:
    return f"{row.news.news}/{row.news.disclosures}" if row.news else UNKNOWN


def _sums(query: GrowthQuery, found: GrowthRanking) -> list[str]:
    floors = [
        f"{name} {won(floor)} 이상"
        for name, floor in (
            ("거래대금", query.screen.min_trading_value),
            ("기준 거래대금", query.min_baseline),
        )
        if floor
    ]
    counts = (
        f"순위 {found.ranked:,}종목, 이력이 짧아 뺀 {found.too_short_history:,}종목"
    )
    return [f"{counts} (조건: {', '.join(floors)})" if floors else counts]
