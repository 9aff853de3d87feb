"""What a session is to a stock: its dates, its prices and its year."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from application.others_moves import stocks
from application.timeliness import Timeliness
from domain.causes_in_dates import (
    BEFORE_HALT,
    NEW_FOR,
    TRADED_BEFORE,
    Dates,
    expires_on,
)
from domain.causes_in_prices import Prices
from domain.frame import MarketFrame
from domain.history import History, split_factors
from domain.listing import Flag, Kind, Market, Won
from domain.marks import NO_MARKS, Mark
from domain.profile import Profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class StockDays:
    """Of one frame's rows.

    Attributes:
        history: Past sessions with price, base_price, volume; None: not to be had.
    """

    frame: MarketFrame
    history: History | None
    profiles: Profiles
    timeliness: Timeliness

    def dates(self, row: int) -> Dates:
        """What the day is to the stock."""
        frame, listing = self.frame, self.frame.listings[row]
        return Dates(
            at=frame.as_of,
            market=listing.market,
            marks=NO_MARKS if frame.marks is None else _marks(int(frame.marks[row])),
            listed_sessions=self._listed_sessions(listing.listed_on),
            idle_sessions=self._idle_sessions(row),
            is_expiry=self.is_expiry and bool(stocks(frame)[row]),
            size_rank=self.size_ranks.get(row) if self.is_expiry else None,
        )

    def prices(self, row: int) -> Prices:
        """The stock's prices of the session, and its year's."""
        frame, listing = self.frame, self.frame.listings[row]
        high, low = self._year(row)
        return Prices(
            at=frame.as_of,
            price=Won(int(frame.price[row])),
            base_price=Won(int(frame.base_price[row])),
            high=Won(int(frame.high[row])),
            low=Won(int(frame.low[row])),
            has_limits=listing.kind is Kind.STOCK
            and Flag.DELISTING not in listing.flags
            and listing.listed_on != frame.session,
            high_year=high,
            low_year=low,
        )

    @cached_property
    def is_expiry(self) -> bool:
        """Whether index futures and options expire on the session."""
        calendar = self.timeliness.calendar
        return expires_on(
            self.frame.session, lambda day: calendar.session_on(day) is not None
        )

    @cached_property
    def size_ranks(self) -> dict[int, int]:
        """Rank by capitalisation within its market, by row; of stocks alone."""
        frame = self.frame
        shares = self.profiles.listed_shares
        caps = np.where(shares > 0, shares, 0) * frame.price
        ranks: dict[int, int] = {}
        for market in Market:
            here = np.flatnonzero(
                stocks(frame) & (frame.market == int(market)) & (caps > 0)
            )
            order = here[np.argsort(-caps[here], kind="stable")]
            ranks |= {int(row): rank for rank, row in enumerate(order, start=1)}
        return ranks

    def _listed_sessions(self, listed_on: date | None) -> int | None:
        """Sessions since the listing, today's included, as long as it is new."""
        if listed_on is None:
            return None
        day = self.frame.session
        for count in range(1, NEW_FOR + 1):
            if day <= listed_on:
                return count if day == listed_on else None
            day = self.timeliness.calendar.previous(day).day
        return None

    def _idle_sessions(self, row: int) -> int | None:
        """Sessions in a row before this one without a trade of a stock that trades."""
        history = self.history
        if history is None or not self.frame.trading_value[row]:
            return None
        known = history.known[:, row][::-1]
        traded = (history["volume"][:, row] > 0)[::-1]
        idle = 0
        while idle < len(known) and known[idle] and not traded[idle]:
            idle += 1
        before = slice(idle, idle + BEFORE_HALT)
        usually = int(np.count_nonzero(known[before] & traded[before]))
        return idle if usually >= TRADED_BEFORE else None

    def _year(self, row: int) -> tuple[Won | None, Won | None]:
        """The 52 weeks' extremes; those of an older profile with the closes since.

        An older one whose shares or price a corporate action has changed since is of
        other prices, and is not known.
        """
        profiles, session = self.profiles, self.frame.session
        high, low = int(profiles.high_52_weeks[row]), int(profiles.low_52_weeks[row])
        read_on = int(profiles.read_on[row])
        if read_on < 0 or high <= 0 or low <= 0:
            return None, None
        if read_on < session.toordinal():
            closes = self._closes_since(row, date.fromordinal(read_on))
            if closes is None:
                return None, None
            high, low = max([high, *closes]), min([low, *closes])
        return Won(high), Won(low)

    def _closes_since(self, row: int, day: date) -> list[int] | None:
        """Closes from a day on; None where they, or today's, are not comparable."""
        history, factors = self.history, self._factors
        if history is None or factors is None:
            return None
        since = [place for place, one in enumerate(history.sessions) if one >= day]
        if not np.allclose(factors[since, row], 1.0, atol=1e-3):
            return None
        closes = history["price"][since, row][history.known[since, row]]
        return [int(close) for close in closes if close > 0]

    @cached_property
    def _factors(self) -> "NDArray[np.float64] | None":
        if self.history is None:
            return None
        return split_factors(self.history, self.frame.base_price)


def _marks(number: int) -> Mark:
    return Mark(number) if number > 0 else NO_MARKS
