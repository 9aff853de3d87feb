"""Market capitalisation (시가총액): caps, weights and multiples over the market."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.listing import Won
from domain.profile import Profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]


def market_caps(price: "Whole", listed_shares: "Whole", known: "Mask") -> "Whole":
    """Price × listed shares, won; -1 where one of the two is not known."""
    there = known & (price > 0) & (listed_shares > 0)
    return np.where(there, price * np.where(there, listed_shares, 0), -1)


def weights(caps: "Whole", market: "NDArray[np.int8]", inside: "Mask") -> "Real":
    """Each cap's part of its own market's, a fraction; NaN where it is not known.

    Args:
        caps: Won; -1 where not known.
        market: ``int(Market)`` of each row.
        inside: Rows that make the markets' sums.
    """
    counted = inside & (caps >= 0)
    found = np.full(len(caps), np.nan)
    for one in np.unique(market):
        rows = counted & (market == one)
        whole = int(caps[rows].sum())
        if whole:
            found[rows] = caps[rows] / whole
    return found


def price_earnings(price: "Whole", eps: "Real") -> "Real":
    """PER: price ÷ EPS; NaN without a price or earnings, or with a loss."""
    found = np.full(len(price), np.nan)
    both = (price > 0) & (np.nan_to_num(eps) > 0)
    np.divide(price, eps, out=found, where=both)
    return found


def price_book(price: "Whole", bps: "Real") -> "Real":
    """PBR: price ÷ BPS; NaN without a price or a book value above zero."""
    return price_earnings(price, bps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """A market's multiple: Σ cap ÷ Σ (cap ÷ multiple) over those who have one.

    Attributes:
        average: None where nobody has one.
        counted: How many stocks it is taken over.
        negative: How many lose money (or have a book value below zero).
    """

    average: float | None
    counted: int
    negative: int


def multiple(
    caps: "Whole", price: "Whole", per_share: "Real", rows: "Mask"
) -> Multiple:
    """The aggregate PER (or PBR) of some rows.

    Args:
        caps: Won; -1 where not known.
        price: Won.
        per_share: EPS or BPS, won; NaN where not known.
        rows: Over which.
    """
    figures = np.nan_to_num(per_share)
    have = rows & (caps >= 0) & (price > 0) & (figures > 0)
    part = float((caps[have] * figures[have] / price[have]).sum())
    return Multiple(
        average=float(caps[have].sum()) / part if part else None,
        counted=int(np.count_nonzero(have)),
        negative=int(np.count_nonzero(rows & (figures < 0))),
    )


def foreign_ratios(profiles: Profiles) -> "Real":
    """Foreign holding ÷ listed shares, a fraction; NaN where one is not known."""
    holding, shares = profiles.foreign_holding, profiles.listed_shares
    found = np.full(len(shares), np.nan)
    np.divide(holding, shares, out=found, where=(holding >= 0) & (shares > 0))
    return found


def turnover_rates(volume: "Whole", listed_shares: "Whole") -> "Real":
    """Volume ÷ listed shares, a fraction; NaN where the shares are not known."""
    found = np.full(len(volume), np.nan)
    np.divide(volume, listed_shares, out=found, where=listed_shares > 0)
    return found


def sum_of(caps: "Whole", rows: "Mask") -> Won:
    """The known caps of some rows, won."""
    return Won(int(caps[rows & (caps >= 0)].sum()))
