"""A total order over a frame: the measure down, then the code up."""

import enum
from collections.abc import Iterable
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
    TURNOVER_RATE = "turnover_rate"

    def of(self, frame: MarketFrame) -> "NDArray[np.int64]":
        """The measure's column.

        Raises:
            ValueError: A frame alone does not have it.
        """
        match self:
            case Measure.TRADING_VALUE:
                return frame.trading_value
            case Measure.VOLUME:
                return frame.volume
            case Measure.TURNOVER_RATE:
                raise ValueError("a turnover rate needs listed shares")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A stretch of an order of rows.

    Attributes:
        places: Rank in the whole order, from 1, and row of the frame.
        total: Rows of the order, or of the named ones that stand in it.
        next_offset: Where the next stretch begins; None at the end.
    """

    places: tuple[tuple[int, int], ...]
    total: int
    next_offset: int | None


def order(
    frame: MarketFrame, *, universe: Universe, screen: Screen, by: Measure
) -> "NDArray[np.int64]":
    """Rows that qualify, best first."""
    return order_by(universe.rows(frame) & screen.apply(frame), by.of(frame))


def order_by(
    qualifying: "NDArray[np.bool_]",
    measure: "NDArray[np.int64] | NDArray[np.float64]",
    *,
    ascending: bool = False,
) -> "NDArray[np.int64]":
    """Qualifying rows by a measure, best first; NaN is last.

    Listings stand in code order, so a stable sort breaks ties by code.
    """
    rows = np.flatnonzero(qualifying)
    keys = measure[rows] if ascending else -measure[rows]
    return rows[np.argsort(keys, kind="stable")]


def cut(
    ordered: "NDArray[np.int64]",
    *,
    offset: int,
    count: int,
    only: frozenset[int] | None = None,
) -> Cut:
    """Places ``offset + 1`` to ``offset + count``, of all rows or of some.

    Args:
        ordered: Rows, best first.
        offset: Places to leave out.
        count: Places at most.
        only: Rows that were named: they keep their rank in the whole order.
    """
    if only is None:
        part = ordered[offset : offset + count].tolist()
        places = tuple(enumerate(part, start=offset + 1))
        total = len(ordered)
    else:
        ranked = enumerate(ordered.tolist(), start=1)
        found = tuple((rank, row) for rank, row in ranked if row in only)
        places, total = found[offset : offset + count], len(found)
    end = offset + len(places)
    more = bool(places) and end < total
    return Cut(places=places, total=total, next_offset=end if more else None)


def ranks(ordered: "NDArray[np.int64]", size: int) -> "NDArray[np.int64]":
    """The rank of each row, from 1; 0 of rows outside the order."""
    found = np.zeros(size, dtype=np.int64)
    found[ordered] = np.arange(1, len(ordered) + 1)
    return found


def page(
    frame: MarketFrame, ordered: "NDArray[np.int64]", *, offset: int, count: int
) -> Page:
    """Rows ``offset + 1`` to ``offset + count`` of the order."""
    part = cut(ordered, offset=offset, count=count)
    return Page(
        rows=tuple(
            RankedQuote(rank=rank, quote=frame.quote(row)) for rank, row in part.places
        ),
        total=part.total,
        next_offset=part.next_offset,
    )


def places(
    frame: MarketFrame, ordered: "NDArray[np.int64]", tickers: tuple[str, ...]
) -> tuple[RankedQuote, ...]:
    """Where these codes stand, best first; those that do not qualify are left out."""
    found = cut(
        ordered, offset=0, count=len(ordered), only=rows_of(frame, tickers)
    ).places
    return tuple(RankedQuote(rank=rank, quote=frame.quote(row)) for rank, row in found)


def rows_of(frame: MarketFrame, tickers: Iterable[str]) -> frozenset[int]:
    """The rows of these codes; those that the frame does not list are left out."""
    row_of = frame.listings.row_of
    return frozenset(row_of[ticker] for ticker in tickers if ticker in row_of)
