"""A total order over a frame: the measure down, then the code up."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.frame import MarketFrame, Quote
from domain.screening import Screen, Universe

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Measure(enum.Enum):
    """What is ranked by."""

    TRADING_VALUE = "trading_value"
    VOLUME = "volume"

    def of(self, frame: MarketFrame) -> "NDArray[np.int64]":
        """The measure's column."""
        match self:
            case Measure.TRADING_VALUE:
                return frame.trading_value
            case Measure.VOLUME:
                return frame.volume


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedQuote:
    """One row of a ranking.

    Attributes:
        rank: From 1, dense in the whole screened ranking, whatever page is read.
    """

    rank: int
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A stretch of a ranking.

    Attributes:
        rows: In order.
        total: Rows of the whole ranking that qualify.
        next_offset: Where the next page begins; None at the end.
    """

    rows: tuple[RankedQuote, ...]
    total: int
    next_offset: int | None


def order(
    frame: MarketFrame, *, universe: Universe, screen: Screen, by: Measure
) -> "NDArray[np.int64]":
    """Rows that qualify, best first.

    Listings stand in code order, so a stable sort breaks ties by code.
    """
    rows = np.flatnonzero(universe.rows(frame) & screen.apply(frame))
    measure = by.of(frame)[rows]
    return rows[np.argsort(-measure, kind="stable")]


def page(
    frame: MarketFrame, ordered: "NDArray[np.int64]", *, offset: int, count: int
) -> Page:
    """Rows ``offset + 1`` to ``offset + count`` of the order."""
    cut = ordered[offset : offset + count]
    rows = tuple(
        RankedQuote(rank=offset + place, quote=frame.quote(int(row)))
        for place, row in enumerate(cut, start=1)
    )
    end = offset + len(cut)
    return Page(
        rows=rows,
        total=len(ordered),
        next_offset=end if len(cut) and end < len(ordered) else None,
    )


def places(
    frame: MarketFrame, ordered: "NDArray[np.int64]", tickers: tuple[str, ...]
) -> tuple[RankedQuote, ...]:
    """Where these codes stand, best first; those that do not qualify are left out."""
    wanted = {frame.listings.row_of.get(ticker, -1) for ticker in tickers} - {-1}
    return tuple(
        RankedQuote(rank=place, quote=frame.quote(int(row)))
        for place, row in enumerate(ordered.tolist(), start=1)
        if row in wanted
    )
