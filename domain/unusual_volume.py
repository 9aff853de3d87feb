"""Unusual volume (이상 거래량): today against the own past, in plain figures."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]

WINDOW = 20
"""Past sessions of the average, the band and the z-score; also the history needed."""

LONG_WINDOW = 60
"""Past sessions of the slow part of what is expected; fewer are taken as they are."""

FAST_WEIGHT = 0.8

LOWEST_MEDIAN = 100_000_000
"""Won: a stock that usually trades less is not judged."""

BAND_WIDTH = 2.0
"""Bollinger band: so many standard deviations about the average."""


FLAT = 1e-9
"""A standard deviation of logs below it is rounding: the past is flat."""


class Sensitivity(enum.Enum):
    """The least z-score that is unusual."""

    STRICT = "strict"
    NORMAL = "normal"
    WIDE = "wide"

    @property
    def least_score(self) -> float:
        """In standard deviations of the log of trading value."""
        return {"strict": 3.0, "normal": 2.0, "wide": 1.5}[self.value]


class Level(enum.Enum):
    """How unusual, by z-score: from 1.5, from 2.0, from 3.0."""

    NOTABLE = "notable"
    STRONG = "strong"
    EXTREME = "extreme"

    @property
    def least_score(self) -> float:
        """In standard deviations of the log of trading value."""
        return {"notable": 1.5, "strong": 2.0, "extreme": 3.0}[self.value]


def level_of(score: float) -> Level | None:
    """The highest level that a score reaches; None below all."""
    reached = [level for level in Level if score >= level.least_score]
    return reached[-1] if reached else None


class NotJudged(enum.Enum):
    """Why a stock is not judged; the first that holds is counted."""

    HALTED = "halted"
    TOO_SHORT_HISTORY = "too_short_history"
    TOO_LITTLE_TRADED = "too_little_traded"


@dataclass(frozen=True, eq=False, kw_only=True)
class Judgement:
    """What each listing's volume is today, against its past; arrays over listings.

    NaN where not judged.

    Attributes:
        judged: bool.
        causes: Which rows are not judged, by cause.
        average_volume: float64, shares: mean of `WINDOW` past sessions, in today's
            shares (splits taken out).
        volume_ratio: float64, a fraction: today's volume ÷ the average.
        expected: float64, won: .8 × the median of 20 + .2 × the median of 60 sessions.
        times_expected: float64: today's trading value ÷ expected.
        z_score: float64: log trading value less its mean of 20 sessions, in their
            standard deviations; NaN for a flat past.
        upper_band, lower_band: float64, shares: average ± 2 standard deviations.
        market_factor: The median of times_expected over the judged; None without.
    """

    judged: "Mask"
    causes: "dict[NotJudged, Mask]"
    average_volume: "Real"
    volume_ratio: "Real"
    expected: "Real"
    times_expected: "Real"
    z_score: "Real"
    upper_band: "Real"
    lower_band: "Real"
    market_factor: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Past:
    """A table of past sessions ``[session, listing]``, oldest first; never today.

    Attributes:
        trading_value: int64, won.
        volume: float64, in today's shares.
        known: bool.
    """

    trading_value: "Whole"
    volume: "Real"
    known: "Mask"


def judge(  # noqa: PLR0913 - today's columns and the past, by name
    *,
    volume: "Whole",
    trading_value: "Whole",
    inside: "Mask",
    halted: "Mask",
    past: Past,
    min_history: int = WINDOW,
) -> Judgement:
    """Judges the rows that are inside.

    Args:
        volume: Today's, shares.
        trading_value: Today's, won.
        inside: The universe's known rows.
        halted: Rows whose trading is halted this morning.
        past: Past sessions, the newest last.
        min_history: Past sessions that a stock must have, at least.
    """
    recent = _last(past, max(WINDOW, min_history))
    window = _last(past, WINDOW)
    enough = recent.known.sum(axis=0) >= min_history
    median = _median(window)
    causes = _causes(inside, halted, enough, median)
    judged = inside & ~np.logical_or.reduce(list(causes.values()))
    average, spread = _moments(window.volume, window.known)
    slow = _median(_last(past, LONG_WINDOW))
    expected = FAST_WEIGHT * median + (1 - FAST_WEIGHT) * slow
    score = _z_scores(trading_value, window)
    blank = np.where(judged, 0.0, np.nan)
    times = _over(trading_value, expected) + blank
    usual = times[judged & ~np.isnan(times)]
    return Judgement(
        judged=judged,
        causes=causes,
        average_volume=average + blank,
        volume_ratio=_over(volume, average) + blank,
        expected=expected + blank,
        times_expected=times,
        z_score=score + blank,
        upper_band=average + BAND_WIDTH * spread + blank,
        lower_band=np.maximum(average - BAND_WIDTH * spread, 0.0) + blank,
        market_factor=float(np.median(usual)) if usual.size else None,
    )


def consecutive_days(
    past: Past, expected: "Real", times: "Real", least: float
) -> "Whole":
    """Sessions in a row, today included, at ``least`` times what is expected today."""
    above = past.known & (past.trading_value >= least * np.nan_to_num(expected))
    run = np.cumprod(np.flip(above, axis=0), axis=0).sum(axis=0)
    return np.where(np.nan_to_num(times) >= least, run + 1, 0).astype(np.int64)


def _causes(
    inside: "Mask", halted: "Mask", enough: "Mask", median: "Real"
) -> "dict[NotJudged, Mask]":
    short = inside & ~halted & ~enough
    little = inside & ~halted & enough & ~(np.nan_to_num(median) >= LOWEST_MEDIAN)
    return {
        NotJudged.HALTED: inside & halted,
        NotJudged.TOO_SHORT_HISTORY: short,
        NotJudged.TOO_LITTLE_TRADED: little,
    }


def _last(past: Past, count: int) -> Past:
    return Past(
        trading_value=past.trading_value[-count:],
        volume=past.volume[-count:],
        known=past.known[-count:],
    )


def _median(past: Past) -> "Real":
    """Of each listing's known days; NaN where there is none."""
    values = np.where(past.known, past.trading_value, np.inf)
    values = np.sort(values, axis=0)
    days = past.known.sum(axis=0)
    if not len(values):
        return np.full(values.shape[1], np.nan)
    columns = np.arange(values.shape[1])
    low = values[np.maximum((days - 1) // 2, 0), columns]
    high = values[np.minimum(days // 2, len(values) - 1), columns]
    return np.where(days > 0, (low + high) / 2, np.nan)


def _moments(values: "Real", known: "Mask") -> "tuple[Real, Real]":
    """Mean and standard deviation (n − 1) of the known; NaN of fewer than two."""
    days = known.sum(axis=0)
    mean = _over(np.where(known, values, 0.0).sum(axis=0), days)
    deviation = np.where(known, values - mean, 0.0)
    variance = _over((deviation**2).sum(axis=0), np.maximum(days - 1, 0))
    return mean, np.sqrt(variance)


def _z_scores(trading_value: "Whole", window: Past) -> "Real":
    """Of the log; days without a trade are no part of the past."""
    traded = window.known & (window.trading_value > 0)
    logs = np.log(np.where(traded, window.trading_value, 1))
    mean, spread = _moments(logs, traded)
    today = np.where(trading_value > 0, np.log(np.maximum(trading_value, 1)), np.nan)
    return _over(today - mean, np.where(spread > FLAT, spread, np.nan))


def _over(part: "Whole | Real", whole: "Whole | Real") -> "Real":
    """A quotient; NaN where the divisor is not above zero."""
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=np.nan_to_num(whole) > 0)
    return found
