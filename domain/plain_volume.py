"""The plain figures beside a verdict: average, Bollinger band and z-score.

What everybody computes, and can check by hand. They are evidence; what is unusual is
judged by `domain.unusual_volume`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]

BAND_WIDTH = 2.0
"""Bollinger band: so many standard deviations about the average."""

FLAT = 1e-9
"""A standard deviation of logs below it is rounding: the past is flat."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainFigures:
    """Today against the window's sessions; float64 over listings, NaN where unknown.

    Attributes:
        average_volume: Shares: mean of the known sessions, in today's shares.
        volume_ratio: A fraction: today's volume ÷ the average.
        upper_band, lower_band: Shares: average ± 2 standard deviations (n − 1).
        z_score: Log trading value less its mean, in standard deviations (n − 1); days
            without a trade are no part of it. NaN for a flat past.
    """

    average_volume: "Real"
    volume_ratio: "Real"
    upper_band: "Real"
    lower_band: "Real"
    z_score: "Real"


def plain_figures(
    *,
    volume: "Whole",
    trading_value: "Whole",
    past_volume: "Real",
    past_value: "Whole",
    known: "Mask",
) -> PlainFigures:
    """The figures of today's columns against the window's.

    Args:
        volume: Today's, shares.
        trading_value: Today's, won.
        past_volume: ``[session, listing]``, in today's shares (splits taken out).
        past_value: ``[session, listing]``, won.
        known: ``[session, listing]``.
    """
    average, spread = _moments(past_volume, known)
    return PlainFigures(
        average_volume=average,
        volume_ratio=over(volume, average),
        upper_band=average + BAND_WIDTH * spread,
        lower_band=np.maximum(average - BAND_WIDTH * spread, 0.0),
        z_score=_z_scores(trading_value, past_value, known),
    )


def over(part: "Whole | Real", whole: "Whole | Real") -> "Real":
    """A quotient; NaN where the divisor is not above zero."""
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=np.nan_to_num(whole) > 0)
    return found


def logs_of(values: "Whole | Real") -> "Real":
    """Natural logarithms; NaN of what is not above zero."""
    found = np.full(values.shape, np.nan)
    np.log(values, out=found, where=values > 0)
    return found


def _moments(values: "Real", known: "Mask") -> "tuple[Real, Real]":
    """Mean and standard deviation (n − 1) of the known; NaN of fewer than two."""
    days = known.sum(axis=0)
    mean = over(np.where(known, values, 0.0).sum(axis=0), days)
    deviation = np.where(known, values - mean, 0.0)
    variance = over((deviation**2).sum(axis=0), np.maximum(days - 1, 0))
    return mean, np.sqrt(variance)


def _z_scores(trading_value: "Whole", past_value: "Whole", known: "Mask") -> "Real":
    traded = known & (past_value > 0)
    logs = np.log(np.where(traded, past_value, 1))
    mean, spread = _moments(logs, traded)
    return over(logs_of(trading_value) - mean, np.where(spread > FLAT, spread, np.nan))
