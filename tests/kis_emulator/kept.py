"""Answers kept for a while, and sessions packed small."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tests.kis_emulator.figures import Figures, Quote
from tests.kis_emulator.ticks import Ints
from tests.kis_emulator.tilts import Tilts

T = TypeVar("T")
PRICES = (
    *("price", "base", "previous_close", "open"),
    *("high", "low", "upper", "lower"),
)
AMOUNTS = ("volume", "trading_value", "previous_volume", "listed_shares")


class Kept(OrderedDict[object, T]):
    """The last few answers, oldest out first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """The kept answer, or a new one."""
        found = self.get(key)
        if found is None:
            found = self[key] = make()
            if len(self) > self._most:
                self.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Session:
    """Final figures: prices ``[8, row]`` in half the room, amounts ``[4, row]``."""

    prices: npt.NDArray[np.int32]
    amounts: Ints


class PackedFinals:
    """The final figures of one venue's many sessions.

    Args:
        codes: The venue's codes; row ``i`` of every column is ``codes[i]``.
        row_of: The same by code.
        make: Reckons a session's figures.
        most: Sessions to keep.
        tilts: How planted stocks are bought and sold.
    """

    def __init__(
        self,
        codes: tuple[str, ...],
        row_of: Mapping[str, int],
        make: Callable[[date], Figures],
        most: int,
        tilts: Tilts | None = None,
    ) -> None:
        self._tilts = tilts or {}
        self._codes = codes
        self._row_of = row_of
        self._make = make
        self._sessions: Kept[_Session] = Kept(most)

    def knows(self, day: date) -> bool:
        """Whether the session is kept."""
        return day in self._sessions

    def on(self, day: date) -> Figures:
        """A session's figures, from what is kept where it is."""
        packed = self._sessions.get(day)
        if packed is None:
            packed = self._pack(day)
        prices = dict(zip(PRICES, packed.prices.astype(np.int64), strict=True))
        amounts = dict(zip(AMOUNTS, packed.amounts, strict=True))
        return Figures(
            codes=self._codes,
            row_of=self._row_of,
            session=np.full(len(self._codes), day.toordinal()),
            **prices,
            **amounts,
            tilts=self._tilts,
        )

    def _pack(self, day: date) -> _Session:
        figures = self._make(day)
        prices = np.stack([getattr(figures, name) for name in PRICES])
        amounts = np.stack([getattr(figures, name) for name in AMOUNTS])
        session = _Session(prices.astype(np.int32), amounts)
        return self._sessions.remember(day, lambda: session)

    def quotes(self, code: str, days: Sequence[date]) -> list[Quote]:
        """One listing's figures on sessions; those without it are left out."""
        row = self._row_of.get(code)
        if row is None:
            return []
        kept = [self._sessions.get(day) or self._pack(day) for day in days]
        prices = [one.prices[:, row].tolist() for one in kept]
        amounts = [one.amounts[:, row].tolist() for one in kept]
        return [
            Quote(code, day, *price, *amount)
            for day, price, amount in zip(days, prices, amounts, strict=True)
            if amount[-1]
        ]
