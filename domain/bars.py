"""A stock's past sessions as the broker gives them: raw bars, one venue."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from domain.listing import Shares, Ticker, Venue

if TYPE_CHECKING:
    from numpy.typing import NDArray

BAR_COLUMNS = ("price", "base_price", "open", "high", "low", "volume", "trading_value")
MARKED_COLUMNS = (*BAR_COLUMNS, "marks")


@dataclass(frozen=True, eq=False, kw_only=True)
class StockBars:
    """Daily bars of one stock at one venue, oldest first, never adjusted.

    Columns are int64 of shape ``(len(sessions),)``, won and shares.

    Attributes:
        sessions: The days that have a bar; halted days have one of zeros.
        price: Close (종가), won; the previous close where nothing traded.
        base_price: 기준가 of the day, won: close less change.
        open, high, low: Won; 0 where nothing traded.
        volume: Shares.
        trading_value: Won.
        marks: `domain.marks.Mark` of the day as a number; 0 for none.
        listed_shares: Of the day the bars were asked on; None where not given.
    """

    ticker: Ticker
    venue: Venue
    sessions: tuple[date, ...]
    price: "NDArray[np.int64]"
    base_price: "NDArray[np.int64]"
    open: "NDArray[np.int64]"
    high: "NDArray[np.int64]"
    low: "NDArray[np.int64]"
    volume: "NDArray[np.int64]"
    trading_value: "NDArray[np.int64]"
    marks: "NDArray[np.int64]"
    listed_shares: Shares | None = None

    def __post_init__(self) -> None:
        """Days ascend, and each column has a figure for each."""
        if any(a >= b for a, b in itertools.pairwise(self.sessions)):
            raise ValueError("sessions: not ascending")
        for name in MARKED_COLUMNS:
            if getattr(self, name).shape != (len(self.sessions),):
                raise ValueError(f"{name}: shape")
