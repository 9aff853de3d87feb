"""The lines of every Korean text beside the structured rows: what a model reads."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from adapters.mcp_server.numbers import percent, spoken_won, two_decimals
from application.question import Question
from domain.frame import Quote
from domain.listing import Venue
from domain.provenance import AsOf, Basis
from domain.session import KST

R = TypeVar("R")
Column = tuple[str, Callable[[R], str]]
"""A heading, and what stands under it of a row."""

UNKNOWN = "-"

_VENUES = {Venue.ALL: "KRX+NXT", Venue.KRX: "KRX", Venue.NXT: "NXT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which rows of how many an answer shows.

    Attributes:
        shown: Rows of this page.
        total: Rows that qualify; None where that is not known.
        unit: What a row is.
    """

    question: Question
    as_of: AsOf
    shown: int
    total: int | None
    next_offset: int | None
    unit: str = "종목"


def composed(
    page: Page,
    *,
    title: str,
    table: Sequence[str],
    sums: Iterable[str],
    leads: bool = False,
) -> str:
    """The whole text.

    Args:
        page: What is shown.
        title: What is ranked.
        table: Headings, and the rows.
        sums: Lines after the table.
        leads: Whether the first note comes before everything else.
    """
    notes = [f"※ {note}" for note in page.as_of.notes]
    lines = [headline(page.as_of)]
    if leads and notes:
        lines.append(notes.pop(0))
    lines += [f"{title} {scope(page)}", *table]
    if not page.shown:
        lines.append(_emptiness(page))
    if page.next_offset is not None:
        lines.append(f"다음 쪽: offset={page.next_offset}")
    return "\n".join([*lines, *sums, *notes])


def headline(as_of: AsOf) -> str:
    """When, where, 잠정 or 확정, and whether it is a simulation."""
    at = as_of.as_of.astimezone(KST)
    parts = [
        f"{at:%Y-%m-%d %H:%M:%S} 기준",
        *([f"{as_of.session} 거래일"] if as_of.session != at.date() else []),
        _VENUES[as_of.venue],
        "확정" if as_of.is_final else "잠정",
        *(["시뮬레이션"] if as_of.source.simulated else []),
        *(["지연 시세"] if as_of.stale else []),
    ]
    return " · ".join(parts)


def scope(page: Page) -> str:
    """Of which market, and how many of how many."""
    question, unit = page.question, page.unit
    market = question.universe.market
    where = "코스피+코스닥" if market is None else market.name
    kinds = "·".join(sorted(kind.name for kind in question.universe.kinds))
    coverage = page.as_of.coverage
    if coverage and coverage.basis is Basis.LEADERS:
        return f"({where} {kinds}, 순위가 확실한 {page.shown}{unit})"
    if question.stocks:
        named = len(dict.fromkeys(question.stocks))
        return f"({where} {kinds}, 지정한 {named}종목 중 {page.shown}{unit})"
    return f"({where} {kinds}, 전체 {page.total:,}{unit} 중 {page.shown}{unit})"


def _emptiness(page: Page) -> str:
    """Why there is no row: none qualifies, or the page begins after the last one."""
    if not page.total:
        return f"조건에 맞는 {page.unit}이 없습니다."
    return (
        f"offset={page.question.offset}: 마지막 {page.unit}을 지났습니다. 모두 "
        f"{page.total:,}{page.unit}이니 offset을 {page.total - 1} 이하로 물어 주세요."
    )


def table(columns: Sequence[Column[R]], rows: Iterable[R]) -> list[str]:
    """Headings, then a line for each row."""
    headings = " | ".join(heading for heading, _ in columns)
    return [headings, *(" | ".join(cell(row) for _, cell in columns) for row in rows)]


def named(quote: Quote) -> str:
    """``삼성전자(005930)``."""
    return f"{quote.listing.name}({quote.listing.ticker})"


def moved(fraction: float | None) -> str:
    """A rate with its sign: ``+1.20%``."""
    rate = percent(fraction)
    return UNKNOWN if rate is None else f"{rate:+.2f}%"


def part(fraction: float | None, decimals: int = 2) -> str:
    """A share of something: ``10.3%``."""
    share = percent(fraction, decimals)
    return UNKNOWN if share is None else f"{share:.{decimals}f}%"


def won(amount: int | None) -> str:
    """``1조 2,217억``."""
    return UNKNOWN if amount is None else spoken_won(amount)


def figure(number: float | None) -> str:
    """Two decimals: ``12.34``."""
    rounded = two_decimals(number)
    return UNKNOWN if rounded is None else f"{rounded:,.2f}"


def places(change: int | None, *, otherwise: str = UNKNOWN) -> str:
    """Places gained or lost: ``▲3``, ``▼2``, ``-`` where none."""
    if change is None:
        return otherwise
    if not change:
        return "-"
    return f"▲{change}" if change > 0 else f"▼{-change}"
