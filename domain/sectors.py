"""Industries (업종): leaf sectors that tile the market, their sums and leaders."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.frame import MarketFrame
from domain.listing import Listing, Market, Shares, Won

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

UNCLASSIFIED = "0000"
"""The code of those without an industry (미분류): preferred shares, REITs, SPACs …"""


class Level(enum.Enum):
    """Which industries: the finest that a stock has, or the coarsest."""

    LEAF = "leaf"
    LARGE = "large"

    def of(self, listing: Listing) -> str:
        """The listing's industry at this level."""
        if not listing.sectors:
            return UNCLASSIFIED
        return listing.sectors[-1 if self is Level.LEAF else 0]


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
        is_whole: All stocks that the exchange counts under this code are in it; False
            where finer industries under it are sectors of their own.
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
    members: dict[tuple[Market, str], list[int]] = {}
    parents: set[tuple[Market, str]] = set()
    for row in np.flatnonzero(inside).tolist():
        listing = frame.listings[row]
        members.setdefault((listing.market, level.of(listing)), []).append(row)
        if level is Level.LEAF:
            parents.update((listing.market, code) for code in listing.sectors[:-1])
    found = [
        _sector(frame, key, rows, is_whole=key not in parents, leaders=leaders)
        for key, rows in members.items()
    ]
    return tuple(sorted(found, key=lambda s: (-s.trading_value, s.code, s.market)))


def _sector(
    frame: MarketFrame,
    key: tuple[Market, str],
    rows: list[int],
    *,
    is_whole: bool,
    leaders: int,
) -> Sector:
    market, code = key
    at = np.array(rows, dtype=np.int64)
    values = frame.trading_value[at]
    total = int(values.sum())
    base, price = frame.base_price[at], frame.price[at]
    priced = base > 0
    rates = (price[priced] - base[priced]) / base[priced]
    weight = values[priced]
    heavy = int(weight.sum())
    top = at[np.argsort(-values, kind="stable")[:leaders]].tolist()
    return Sector(
        market=market,
        code=code,
        is_whole=is_whole and code != UNCLASSIFIED,
        rows=tuple(rows),
        trading_value=Won(total),
        volume=Shares(int(frame.volume[at].sum())),
        stock_count=len(rows),
        average_change_rate=float(rates.mean()) if len(rates) else None,
        weighted_change_rate=float((rates * weight).sum() / heavy) if heavy else None,
        advancers=int(np.count_nonzero(price[priced] > base[priced])),
        decliners=int(np.count_nonzero(price[priced] < base[priced])),
        leaders=tuple(
            Leader(
                listing=frame.listings[row],
                trading_value=Won(int(frame.trading_value[row])),
                contribution=int(frame.trading_value[row]) / total if total else None,
            )
            for row in top
        ),
    )
