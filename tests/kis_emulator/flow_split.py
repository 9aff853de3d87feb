"""Splits what traded among who bought and who sold; the same every time."""

from enum import IntEnum

import numpy as np

from tests.kis_emulator.figures import Figures
from tests.kis_emulator.ticks import Floats, Ints
from tests.kis_emulator.tilts import tilted

_STREAMS = {"J": 0, "NX": 100}
_ORDER = (0, 1, 3, 2)


class Investor(IntEnum):
    """Who trades; the row of every flow column."""

    FOREIGN = 0
    INSTITUTION = 1
    INDIVIDUAL = 2
    OTHER = 3


def chance(figures: Figures, stream: int) -> Floats:
    """A number in [0, 1) for each listing and its day, of no order.

    Twins, who share every figure, share these too: so ties stay ties.
    """
    key = figures.listed_shares.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    day = figures.session.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    mixed = key ^ day ^ np.uint64((stream + 1) * 0xA0761D6478BD642F % (1 << 64))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def weights(figures: Figures, venue: str, side: int) -> Floats:
    """Each investor's share of one side (0 buying, 1 selling) of the day's trades.

    Foreigners and institutions take more of the large, individuals of the small.
    """
    cap = np.maximum(figures.base, 1) * np.maximum(figures.listed_shares, 1.0)
    size = 1.0 / (1.0 + np.exp(-(np.log10(cap) - 12.0) * 1.5))
    known = 1.0 if venue == "J" else 0.4
    usual = np.array(
        [0.04 + 0.28 * size, (0.03 + 0.25 * size) * known, 0.8 - 0.35 * size, 0 * size]
    )
    usual[Investor.OTHER] = 0.015
    stream = _STREAMS[venue] + 10 * side
    for investor in Investor:
        both = chance(figures, _STREAMS[venue] + 40 + investor) - 0.5
        own = chance(figures, stream + investor) - 0.5
        usual[investor] *= 1.0 + 0.5 * both + 0.7 * own
    tilted(usual, figures.tilts, figures.row_of, figures.session, side)
    return np.asarray(usual / usual.sum(axis=0))


def split(figures: Figures, share: Floats, lean: Floats) -> tuple[Ints, Ints]:
    """Shares and won of one side by investor; they add up to what traded.

    Args:
        figures: What traded.
        share: Of each investor; sums to one.
        lean: From -1 to 1: foreigners dealt above or below the average price, for
            which individuals make up; everyone's stays between low and high.
    """
    volume, value = figures.volume, figures.trading_value
    bought = np.cumsum(share[list(_ORDER)], axis=0)
    bought[-1] = 1.0
    upto = np.floor(volume * bought).astype(np.int64)
    part = upto / np.maximum(volume, 1)
    paid = np.rint(value * part).astype(np.int64)
    shares, won = np.empty_like(upto), np.empty_like(paid)
    shares[list(_ORDER)] = np.diff(upto, axis=0, prepend=0)
    won[list(_ORDER)] = np.diff(paid, axis=0, prepend=0)
    average = value / np.maximum(volume, 1)
    room = np.minimum(figures.high - average, average - figures.low).clip(0)
    few = np.minimum(shares[Investor.FOREIGN], shares[Investor.INDIVIDUAL])
    moved = np.trunc(0.2 * lean * room * few).astype(np.int64)
    won[Investor.FOREIGN] += moved
    won[Investor.INDIVIDUAL] -= moved
    return shares, won
