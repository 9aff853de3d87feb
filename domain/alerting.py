"""Which unusual stocks are news: once a session, and again only on a higher level."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from domain.listing import Market, Ticker, Won
from domain.provenance import Source
from domain.unusual_volume import Level

APART = 5
"""More new stocks than so many in one scan are told as a digest of the first ones."""

_T = TypeVar("_T")
_RANK = {level: rank for rank, level in enumerate(Level)}  # from the lowest


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """A stock whose volume is unusual, as it was when that was told.

    Attributes:
        at: End of the sweep that showed it.
        before: The level it was told with earlier in the session; None at first.
        trading_value: Won since the open.
        times_expected: Trading value ÷ what is expected by now.
        change_rate: Price against the base price, a fraction; None without one.
        reasons: Codes, the surest first; empty where none was looked for in time.
    """

    ticker: Ticker
    name: str
    market: Market
    level: Level
    at: datetime
    trading_value: Won
    times_expected: float
    change_rate: float | None
    before: Level | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertBook:
    """What was told of one session, so that nothing is told twice.

    Attributes:
        session: None before the first alert.
        as_of: End of the newest sweep with news; None likewise.
        source: Where the figures come from; None likewise.
        alerted: By stock, as it was told last.
    """

    session: date | None = None
    as_of: datetime | None = None
    source: Source | None = None
    alerted: Mapping[Ticker, Alerted] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Another one whenever the book says something else."""
        last = self.as_of.isoformat() if self.as_of else "-"
        return f"{self.session}/{last}/{len(self.alerted)}"

    @property
    def newest_first(self) -> tuple[Alerted, ...]:
        """Those told last, and of one scan the highest levels, come first."""
        by_level = sorted(
            self.alerted.values(), key=lambda x: (-_RANK[x.level], x.ticker)
        )
        return tuple(sorted(by_level, key=lambda x: x.at, reverse=True))

    def of(self, session: date) -> "AlertBook":
        """The book of a session: this one, or an empty one."""
        return self if self.session == session else AlertBook(session=session)

    def joined(self, other: "AlertBook") -> "AlertBook":
        """What either has told, with the higher level; both are of one session."""
        alerted = dict(self.alerted)
        for ticker, theirs in other.alerted.items():
            ours = alerted.get(ticker)
            if ours is None or _RANK[theirs.level] > _RANK[ours.level]:
                alerted[ticker] = theirs
        newer = other if _later(other.as_of, self.as_of) else self
        return replace(newer, alerted=alerted)

    def news(self, found: Iterable[Alerted]) -> tuple[Alerted, ...]:
        """Of what is unusual in a frame of the session, what was not told yet."""
        fresh: dict[Ticker, Alerted] = {}
        for each in found:
            told = self.alerted.get(each.ticker)
            if told is None:
                fresh[each.ticker] = each
            elif _RANK[each.level] > _RANK[told.level]:
                fresh[each.ticker] = replace(each, before=told.level)
        return tuple(fresh.values())

    def noted(
        self, news: Sequence[Alerted], as_of: datetime, source: Source
    ) -> "AlertBook":
        """The book after these were told."""
        told = {each.ticker: each for each in news}
        return replace(
            self, as_of=as_of, source=source, alerted={**self.alerted, **told}
        )


def told_of(news: Sequence[_T]) -> tuple[Sequence[_T], int]:
    """The stocks that a message shows, and how many more there are."""
    return news[:APART], max(len(news) - APART, 0)


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)
