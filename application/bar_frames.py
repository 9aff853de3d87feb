"""Staged bars turned from stocks to sessions: final frames of a window."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from domain.audit import suspects
from domain.bars import BAR_COLUMNS, MARKED_COLUMNS, StockBars
from domain.frame import NO_TOTALS, MarketFrame, OfficialTotals
from domain.listing import Kind, Listing, Listings, Ticker, Venue
from domain.marks import NO_MARKS
from domain.session import TradingSession, final_at

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(eq=False, kw_only=True)
class BarFrames:
    """One pool's frames of some sessions, each made when it is asked for.

    A stock of KRX without a bar was not listed that day and is left out; one that
    NXT trades and has no bar has traded nothing there. A stock whose bars could not
    be read is unknown. Of the day's listing no more is known than today's master
    says, and ``Listings.dated`` says of which day that is.

    Attributes:
        listings: The pool's, at the venue, of today's master.
        sessions: Oldest first.
        unread: Whose bars could not be read.
        official: The exchange's own totals, by day.
    """

    listings: Listings
    venue: Venue
    kinds: frozenset[Kind]
    sessions: Sequence[TradingSession]
    unread: Collection[Ticker] = ()
    official: Mapping[date, OfficialTotals] = field(default_factory=dict)
    _table: "NDArray[np.int64]" = field(init=False)
    _there: "NDArray[np.bool_]" = field(init=False)
    _axes: dict[bytes, Listings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Room for every bar: column, session, listing."""
        shape = (len(self.sessions), len(self.listings))
        self._table = np.zeros((len(MARKED_COLUMNS), *shape), dtype=np.int64)
        self._there = np.zeros(shape, dtype=bool)
        self._place = {session.day: at for at, session in enumerate(self.sessions)}
        self._items = tuple(_of_the_day(item) for item in self.listings)
        self._unread = np.array(
            [item.ticker in self.unread for item in self.listings], dtype=bool
        )
        self._listed_on = np.array(
            [item.listed_on or date.min for item in self.listings], dtype=object
        )

    def add(self, bars: StockBars) -> None:
        """Takes a stock's bars in; those of other stocks and other days are left."""
        row = self.listings.row_of.get(bars.ticker)
        if row is None:
            return
        pairs = [
            (self._place[day], at)
            for at, day in enumerate(bars.sessions)
            if day in self._place
        ]
        if not pairs:
            return
        places, ats = (list(side) for side in zip(*pairs, strict=True))
        for column, name in enumerate(MARKED_COLUMNS):
            self._table[column, places, row] = getattr(bars, name)[ats]
        self._there[places, row] = True

    def __iter__(self) -> Iterator[MarketFrame]:
        """Oldest first; a session on which nothing has a bar did not trade."""
        for place, session in enumerate(self.sessions):
            if self._there[place].any():
                yield self._frame(place, session)

    def shares(self) -> dict[date, float]:
        """Trading value ÷ the official totals, of the days that have both."""
        found = {}
        values = self._table[BAR_COLUMNS.index("trading_value")].sum(axis=1)
        for place, session in enumerate(self.sessions):
            told = self.official.get(session.day, NO_TOTALS)
            if told.kospi and told.kosdaq and self._there[place].any():
                found[session.day] = float(values[place]) / (told.kospi + told.kosdaq)
        return found

    @property
    def traded(self) -> tuple[date, ...]:
        """Sessions that something has a bar of."""
        return tuple(
            session.day
            for place, session in enumerate(self.sessions)
            if self._there[place].any()
        )

    def _frame(self, place: int, session: TradingSession) -> MarketFrame:
        listed = self._listed_on <= session.day
        inside = self._there[place] | (self._unread & listed)
        known = self._there[place].copy()
        if self.venue is Venue.NXT:
            inside |= listed
            known |= ~self._unread
        rows = np.flatnonzero(inside)
        columns: dict[str, Any] = {
            name: self._table[column, place, rows]
            for column, name in enumerate(MARKED_COLUMNS)
        }
        at = final_at(session, self.venue)
        nothing = np.zeros(len(rows), dtype=bool)
        frame = MarketFrame(
            listings=self._axis(inside, rows),
            venue=self.venue,
            kinds=self.kinds,
            session=session.day,
            as_of_from=at,
            as_of=at,
            known=known[rows],
            carried=nothing,
            suspect=nothing,
            official=self.official.get(session.day, NO_TOTALS),
            is_final=True,
            **columns,
        )
        return replace(frame, suspect=suspects(frame))

    def _axis(self, inside: "NDArray[np.bool_]", rows: "NDArray[np.int64]") -> Listings:
        """Days on which the same is listed share one axis."""
        key = inside.tobytes()
        if key not in self._axes:
            items = tuple(self._items[int(row)] for row in rows)
            self._axes[key] = Listings(items=items, dated=self.listings.dated)
        return self._axes[key]


def _of_the_day(item: Listing) -> Listing:
    """The listing without what the master says of its own morning alone."""
    return replace(
        item,
        base_price=None,
        previous_volume=None,
        shares_thousands=None,
        marks=NO_MARKS,
    )
