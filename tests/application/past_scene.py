"""Stocks with a past, and the use case that fills the archive with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from application.fill_history import FillHistory
from application.reading import Manner
from application.sweeping import STOCKS
from application.timeliness import Timeliness
from domain.frame import COLUMNS
from domain.listing import Kind, Market, Venue, Won
from tests.application.memory_archive import MemoryArchive
from tests.application.past_fakes import FakeBars, NotedJournal
from tests.builders import SESSION, listing
from tests.fakes import FakeCalendar, FakeClock, FakeQuotes

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 8, 18), date(2026, 8, 19), SESSION
DAYS = (TUESDAY, WEDNESDAY, THURSDAY)
A, B, C = (
    listing("000001", on_nxt=True),
    listing("000002", on_nxt=True),
    listing("000003"),
)
FUND = listing("069500", kind=Kind.ETF)
NEW = listing("000009")
FULL = Manner(rate=4, batch=2, patience=60)


@dataclass(kw_only=True)
class Past:
    """Four stocks and a fund over three sessions, on an evening after the last."""

    archive: MemoryArchive = field(default_factory=MemoryArchive)
    bars: FakeBars = field(default_factory=FakeBars)
    clock: FakeClock = field(default_factory=FakeClock)
    calendar: FakeCalendar = field(default_factory=FakeCalendar)
    journal: NotedJournal = field(default_factory=NotedJournal)
    manner: Manner = FULL

    def __post_init__(self) -> None:
        self.clock.set("21:00")
        for nth, item in enumerate((A, B, C, FUND)):
            self.bars.has(item.ticker, *DAYS, value=(nth + 1) * 1_000_000)
        self.bars.has(NEW.ticker, THURSDAY, value=9_000_000)
        self.bars.has(A.ticker, *DAYS, value=300_000, venue=Venue.NXT)
        self.bars.has(B.ticker, TUESDAY, THURSDAY, value=500_000, venue=Venue.NXT)
        self.bars.totals = {
            Market.KOSPI: dict.fromkeys(DAYS, Won(10_000_000)),
            Market.KOSDAQ: dict.fromkeys(DAYS, Won(2_000_000)),
        }
        self.quotes = FakeQuotes(
            dict.fromkeys((A, B, C, FUND, NEW), 0),
            {A.ticker: 0, B.ticker: 0},
            clock=self.clock,
        )
        self.fill = FillHistory(
            quotes=self.quotes,
            bars=self.bars,
            archive=self.archive,
            timeliness=Timeliness(clock=self.clock, calendar=self.calendar),
            journal=self.journal,
            manner=self.manner,
        )

    def values(
        self, day: date, venue: Venue = Venue.KRX, kinds: frozenset[Kind] = STOCKS
    ) -> dict[str, int | None]:
        """Archived trading values by code; None where not known."""
        held = self.archive.finals[(venue, kinds), day]
        return {
            item.ticker: int(held.trading_value[row]) if held.known[row] else None
            for row, item in enumerate(held.listings)
        }


def content(archive: MemoryArchive) -> Mapping[object, Any]:
    """Everything the archive holds, to be compared."""
    return {
        key: (
            held.listings,
            held.as_of,
            held.official,
            [getattr(held, name).tolist() for name in (*COLUMNS, "known", "suspect")],
        )
        for key, held in archive.finals.items()
    }
