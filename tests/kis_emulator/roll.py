"""The listings of any day: who is there, in which market, and in what state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from tests.kis_emulator.listed import Listed
from tests.kis_emulator.past_events import PastEvents
from tests.kis_emulator.ticks import Bools


class Roll:
    """The universe's listings, by day.

    Args:
        listed: As they are at the end.
        past: What befell them before.
    """

    def __init__(self, listed: tuple[Listed, ...], past: PastEvents) -> None:
        self.listed = listed
        self.of_code: Mapping[str, Listed] = {item.code: item for item in listed}
        self._past = past
        self._row_of = {item.code: row for row, item in enumerate(listed)}
        self._markets = np.array([item.market for item in listed])
        self._stock = np.array([item.kind == "STOCK" for item in listed])
        self._special = frozenset(
            {
                *past.moves,
                *past.winding_up,
                *(halt.row for halt in past.halts),
                *(int(row) for row in np.flatnonzero(past.halted_since)),
            }
        )

    def on(self, day: date) -> tuple[Listed, ...]:
        """The day's listings, in the order of the columns."""
        here = np.flatnonzero(self._past.is_listed(day))
        return tuple(self._as_of(int(row), day) for row in here)

    def find(self, code: str, day: date) -> Listed | None:
        """One of them."""
        row = self._row_of.get(code)
        if row is None:
            return None
        since, until = self._past.listed_on[row], self._past.delisted_on[row]
        return self._as_of(row, day) if since <= day.toordinal() < until else None

    def moved(self, day: date) -> dict[int, Listed]:
        """Rows that were in another market."""
        return self._past.moved(day)

    def of(self, market: str) -> Bools:
        """Rows of a market at the end, of whatever kind."""
        return np.asarray(self._markets == market)

    def members(self, market: str, day: date | None) -> Bools:
        """Rows of STOCK listings of a market, at the end or on a day."""
        found = self.of(market)
        if day is not None:
            for row, was in self.moved(day).items():
                found[row] = was.market == market
            found &= self._past.is_listed(day)
        return np.asarray(found & self._stock)

    def _as_of(self, row: int, day: date) -> Listed:
        item = self.listed[row]
        if row not in self._special:
            return item
        on = day.toordinal()
        item = self.moved(day).get(row, item)
        always = item.halted and self._past.halted_since[row] <= on
        paused = any(halt.row == row for halt in self._past.under_way(day))
        leaving = on >= self._past.winding_up.get(row, on + 1)
        return replace(
            item,
            halted=always or paused,
            delisting=item.delisting or leaving,
            administrative=item.administrative or leaving,
        )
