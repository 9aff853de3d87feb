"""Industries (업종): leaf sectors that tile the market, their sums and leaders."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from domain.frame import MarketFrame
from domain.listing import Listing, Listings, Market, Shares, Won
from domain.sector_axis import SectorAxis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]

UNCLASSIFIED = "0000"
"""The code of those without an industry (미분류): preferred shares, REITs, SPACs …"""


class Level(enum.Enum):
    """Which industries: the finest that a stock has, or the coarsest."""

    LEAF = "leaf"
    LARGE = "large"

    def of(self, listings: Listings) -> SectorAxis:
        """The listings' industries at this level."""
        match self:
            case Level.LEAF:
                return listings.leaf_sectors
            case Level.LARGE:
                return listings.large_sectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A stock that leads its sector.

    Attributes:
        contribution: Its part of the sector's trading value, a fraction.
    """

    listing: Listing
    trading_value: Won
    contribution: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """One industry of one market, summed over its own stocks.

    Attributes:
        code: Industry code; `UNCLASSIFIED` for those without one.
        is_whole: All stocks that the exchange counts under this code are in it, but
            for those screened out; False where finer industries under it are sectors
            of their own, whether or not a stock of theirs passed the screen.
        rows: Rows of the frame.
        trading_value: Won.
        volume: Shares.
        stock_count: Quoted stocks.
        average_change_rate: Mean of the stocks' change rates, a fraction.
        weighted_change_rate: The same weighted by trading value.
        advancers, decliners: Stocks above and below their base price.
        leaders: Most traded first.
    """

    market: Market
    code: str
    is_whole: bool
    rows: tuple[int, ...]
    trading_value: Won
    volume: Shares
    stock_count: int
    average_change_rate: float | None
    weighted_change_rate: float | None
    advancers: int
    decliners: int
    leaders: tuple[Leader, ...]


def sectors_of(
    frame: MarketFrame, inside: "Mask", *, level: Level, leaders: int
) -> tuple[Sector, ...]:
    """The sectors of some rows, by trading value, then by code and market.

    Each row is in exactly one, so their sums are the rows' sum.

    Args:
        frame: The quotes.
        inside: Rows that count.
        level: How fine.
        leaders: How many stocks to name of each.
    """
    axis = level.of(frame.listings)
    rows = np.flatnonzero(inside)
    if not rows.size:
        return ()
    rows = rows[np.argsort(axis.of_row[rows], kind="stable")]
    group = axis.of_row[rows]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    heaviest = rows[np.lexsort((-frame.trading_value[rows], group))]
    runs = map(
        _Run,
        group[starts].tolist(),
        np.split(rows, starts[1:]),
        np.split(heaviest, starts[1:]),
        _sums(frame, rows, starts),
    )
    found = [_sector(frame, axis, run, leaders) for run in runs]
    return tuple(sorted(found, key=lambda s: (-s.trading_value, s.code, s.market)))


class _Sums(NamedTuple):
    """One sector's sums.

    Attributes:
        priced: Stocks with a base price.
        priced_value: Their trading value, won.
        rates, weighted_rates: Of their change rates, plain and × trading value.
    """

    trading_value: int
    volume: int
    priced: int
    priced_value: int
    advancers: int
    decliners: int
    rates: float
    weighted_rates: float


class _Run(NamedTuple):
    """Rows of one sector.

    Attributes:
        place: The sector's among the axis's keys.
        rows: Ascending.
        heaviest: The same rows, most traded first.
    """

    place: int
    rows: "Whole"
    heaviest: "Whole"
    sums: _Sums


def _sums(frame: MarketFrame, rows: "Whole", starts: "Whole") -> list[_Sums]:
    """Over each run of rows; runs begin at ``starts``."""
    values, base, price = (
        column[rows] for column in (frame.trading_value, frame.base_price, frame.price)
    )
    priced = base > 0
    rates = np.zeros(len(rows))
    np.divide(price - base, base, out=rates, where=priced)
    weights = np.where(priced, values, 0)
    moves = (priced & (price > base), priced & (price < base))
    counts = np.stack([values, frame.volume[rows], priced, weights, *moves])
    whole = np.add.reduceat(counts, starts, axis=1).T.tolist()
    real = np.add.reduceat(np.stack([rates, rates * weights]), starts, axis=1)
    return [_Sums(*a, *b) for a, b in zip(whole, real.T.tolist(), strict=True)]


def _sector(frame: MarketFrame, axis: SectorAxis, run: _Run, leaders: int) -> Sector:
    market, code = key = axis.keys[run.place]
    sums, top = run.sums, run.heaviest[:leaders]
    total, priced, heavy = sums.trading_value, sums.priced, sums.priced_value
    return Sector(
        market=market,
        code=code or UNCLASSIFIED,
        is_whole=bool(code) and key not in axis.parents,
        rows=tuple(run.rows.tolist()),
        trading_value=Won(total),
        volume=Shares(sums.volume),
        stock_count=len(run.rows),
        average_change_rate=sums.rates / priced if priced else None,
        weighted_change_rate=sums.weighted_rates / heavy if heavy else None,
        advancers=sums.advancers,
        decliners=sums.decliners,
        leaders=tuple(
            Leader(
                listing=frame.listings[row],
                trading_value=Won(value),
                contribution=value / total if total else None,
            )
            for row, value in zip(
                top.tolist(), frame.trading_value[top].tolist(), strict=True
            )
        ),
    )
