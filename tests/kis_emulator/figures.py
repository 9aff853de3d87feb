"""What every listing did, at one instant: columns of whole won and shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Protocol

import numpy as np

from tests.kis_emulator.base_change import BaseChange
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Bools, Ints
from tests.kis_emulator.tilts import Tilts


@dataclass(frozen=True, slots=True)
class Quote:
    """One listing's figures on one venue; money in won.

    Attributes:
        session: The day the figures are of.
        price: The last, or the base price where nothing traded.
        base: 기준가: what the change is measured against.
        open: 0 where nothing traded, as high and low are.
    """

    code: str
    session: date
    price: int
    base: int
    previous_close: int
    open: int
    high: int
    low: int
    upper: int
    lower: int
    volume: int
    trading_value: int
    previous_volume: int
    listed_shares: int

    @property
    def change(self) -> int:
        """Price less base price."""
        return self.price - self.base


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Figures:
    """The quotes of a venue as columns; row ``i`` is ``codes[i]``.

    Attributes:
        session: Ordinal of the day each row is of (``date.fromordinal``).
        listed_shares: 0 of what is not listed on that day, nor trades.
        tilts: How planted stocks are bought and sold.
    """

    codes: tuple[str, ...]
    row_of: Mapping[str, int]
    session: Ints
    price: Ints
    base: Ints
    previous_close: Ints
    open: Ints
    high: Ints
    low: Ints
    upper: Ints
    lower: Ints
    volume: Ints
    trading_value: Ints
    previous_volume: Ints
    listed_shares: Ints
    tilts: Tilts = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def change(self) -> Ints:
        """Price less base price."""
        return self.price - self.base

    def quote(self, code: str) -> Quote | None:
        """One row; None where the venue does not know the code, or not that day."""
        row = self.row_of.get(code)
        if row is None or not self.listed_shares[row]:
            return None
        columns = {name: int(getattr(self, name)[row]) for name in COLUMNS}
        return Quote(
            code=code, session=date.fromordinal(int(self.session[row])), **columns
        )

    def before_open(self) -> "Figures":
        """The same day before its first trade: zeros, and the price is the base."""
        nothing = np.zeros_like(self.price)
        return replace(
            self,
            price=self.base,
            open=nothing,
            high=nothing,
            low=nothing,
            volume=nothing,
            trading_value=nothing,
        )

    def where(self, here: Bools, other: "Figures") -> "Figures":
        """Rows of this where ``here``, else of the other."""
        mixed = {
            name: np.where(here, getattr(self, name), getattr(other, name))
            for name in ("session", *COLUMNS)
        }
        return replace(self, **mixed)


COLUMNS = tuple(
    column.name
    for column in fields(Figures)
    if column.name not in ("codes", "row_of", "session", "tilts")
)


class Truth(Protocol):
    """A market with known figures; what an endpoint turns into strings."""

    @property
    def days(self) -> TradingDays:
        """Its calendar."""
        ...

    @property
    def anchor(self) -> date:
        """The session by whose closes sizes are told and indices have first levels."""
        ...

    def listings(self) -> tuple[Listed, ...]:
        """Everything that can be quoted, in the order of ``J``'s columns.

        Delisted ones too: ``listings_on`` knows a day's.
        """
        ...

    @property
    def listing_of(self) -> Mapping[str, Listed]:
        """The same by code."""
        ...

    def listings_on(self, day: date) -> tuple[Listed, ...]:
        """What is listed on a day, as its morning's master has it, in order."""
        ...

    def listing_on(self, code: str, day: date) -> Listed | None:
        """One of them; None where it is not listed on that day."""
        ...

    def moved(self, day: date) -> Mapping[int, Listed]:
        """Rows of ``J`` that were in another market on that day, as they were."""
        ...

    def members(self, market: str, day: date | None = None) -> Bools:
        """Which of ``J``'s rows are STOCK listings of KOSPI or KOSDAQ.

        Of a day, where one is given; else of all listings as they are at the end.
        """
        ...

    def reference_cap(self, market: str) -> float:
        """Won of capitalisation at which the market's index has its first level."""
        ...

    def snapshot(self, venue: str, at: datetime) -> Figures:
        """What ``J`` or ``NX`` shows at an instant (to the second)."""
        ...

    def final(self, venue: str, day: date) -> Figures:
        """A session's last figures."""
        ...

    def finals(self, venue: str, code: str, days: Sequence[date]) -> list[Quote]:
        """One listing's last figures of several sessions; days without are left out."""
        ...

    def split_ratio(self, code: str, day: date) -> float:
        """Base price over the previous close of a session: 1 on plain days."""
        ...

    def base_change(self, code: str, day: date) -> BaseChange:
        """Why the base price of a session is not the previous close."""
        ...
