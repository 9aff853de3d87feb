"""What a stock is expected to trade (기대 거래대금), from its past sessions alone.

Everything is the logarithm of trading value (거래대금), never of shares: a split
changes no value, so it is no surge. Today is in no figure of a `Baseline`.

Window: `LONG_WINDOW` sessions; what lies before is not looked at. Minimum: none of the
arithmetic, but a verdict asks for `domain.unusual_volume.WINDOW` sessions. Arrays are
float64, ``[listing]`` or ``[listing, session]`` with the newest session last, and NaN
where nothing is known.

Source: the weights were measured on KRX series of 2020 to 2025, those of slope and echo
by how well an ordinary day is foreseen; `docs/unusual-volume.md` has the figures.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Groups = NDArray[np.integer]
    Work = Callable[[Real], Real]

WINDOW = 20
"""Sessions of the fast median, and of each of the blocks that past days lie in."""

LONG_WINDOW = 60
"""Sessions of the slow median, the slope and the spread; three blocks."""

FAST_WEIGHT = 0.8
"""Of the median of 20 sessions; the rest is that of 60."""

LEAST_MARKET = 20
"""Listings; the median of fewer is no market's, and nothing is taken out."""

SLOPE_PRIOR = 3.0
"""A slope of 1 weighs as much as 60 sessions of a market that moves by e^±.22 a day."""

LEAST_SLOPE, HIGHEST_SLOPE = 0.4, 1.6

ECHO = tuple(0.22 * 0.7**lag for lag in range(5))
"""How much of the excess of each of the last five sessions is still expected today."""

LEAST_ECHO, HIGHEST_ECHO = -1.0, 0.4
"""An excess counts at most so far: a surge must not hide the days after it."""

SPREAD_PRIOR = 60
"""Sessions that the market's usual spread weighs as much as."""

LEAST_SPREAD = 0.1
"""A past flatter than any stock's does not make a score of nothing."""

ROBUST = 1.4826
"""A median absolute deviation × this is a normal sample's standard deviation."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Baseline:
    """What is expected of each listing's day before the market of the day is known.

    Float64 over listings; natural logarithms of won.

    Attributes:
        expected: .8 × the median of 20 + .2 × the median of 60 sessions, the market's
            moves taken out of each.
        echo: What is left of the excess of the last five sessions.
        slope: How strongly it moves with its market.
        spread: Usual size of what is not foreseen, in standard deviations.
        adjusted: ``[listing, LONG_WINDOW]``: past sessions less the market's moves, the
            newest last.
    """

    expected: "Real"
    echo: "Real"
    slope: "Real"
    spread: "Real"
    adjusted: "Real"

    def without_market(self, logs: "Real", groups: "Groups") -> "Real":
        """Today's logarithms less the market's move; NaN where they are NaN.

        The move is the median excess of the other listings of the same market.

        Args:
            logs: Today's log trading value, as of a whole day.
            groups: Which market each listing is of.
        """
        moves = _of_each(groups, logs - self.expected, _median_of_others)
        return logs - self.slope * moves


def baseline(past: "Real", groups: "Groups") -> Baseline:
    """What the past makes one expect.

    Args:
        past: ``[session, listing]``, log trading value, the newest last; NaN for a
            session that is not known or without a trade.
        groups: Which market each listing is of.
    """
    logs = _padded(past)
    residuals = logs - _block_medians(logs)
    moves = _of_sessions(groups, residuals)
    slope = _slopes(residuals, moves)
    adjusted = logs - slope[:, None] * moves
    blocks = _block_medians(adjusted)
    slow = median(adjusted)
    expected = FAST_WEIGHT * blocks[:, -1] + (1 - FAST_WEIGHT) * slow
    return Baseline(
        expected=expected,
        echo=_echo(adjusted - expected[:, None]),
        slope=slope,
        spread=_spreads(adjusted - blocks, groups),
        adjusted=adjusted,
    )


def median(values: "Real") -> "Real":
    """Along the last axis, of what is known; NaN of nothing."""
    if not values.shape[-1]:
        return np.full(values.shape[:-1], np.nan)
    ordered = np.sort(values, axis=-1)  # NaN is last
    known = (values.shape[-1] - np.isnan(values).sum(axis=-1))[..., None]
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ordered, known // 2, axis=-1)
    return np.asarray((low + high)[..., 0] / 2, dtype=np.float64)


def _padded(past: "Real") -> "Real":
    """``[listing, LONG_WINDOW]``: sorting along rows is what is fast."""
    logs = np.full((past.shape[1], LONG_WINDOW), np.nan)
    taken = min(len(past), LONG_WINDOW)
    if taken:
        logs[:, -taken:] = past[-taken:].T
    return logs


def _block_medians(values: "Real") -> "Real":
    """Each session's block's median, in the shape of the sessions."""
    blocks = values.reshape(len(values), LONG_WINDOW // WINDOW, WINDOW)
    return np.repeat(median(blocks), WINDOW, axis=1)


def _of_sessions(groups: "Groups", residuals: "Real") -> "Real":
    """Each past session's market move, ``[listing, session]``; 0 of too few."""
    moves = np.zeros(residuals.shape)
    for group in np.unique(groups):
        rows = groups == group
        by_session = np.ascontiguousarray(residuals[rows].T)
        known = (~np.isnan(by_session)).sum(axis=1)
        moves[rows] = np.where(known >= LEAST_MARKET, median(by_session), 0.0)
    return moves


def _slopes(residuals: "Real", moves: "Real") -> "Real":
    """Least squares through the origin, shrunken to 1."""
    with_move = np.nan_to_num(residuals) * moves
    squares = np.where(np.isnan(residuals), 0.0, moves * moves)
    slope = (with_move.sum(axis=1) + SLOPE_PRIOR) / (squares.sum(axis=1) + SLOPE_PRIOR)
    return _clipped(slope, LEAST_SLOPE, HIGHEST_SLOPE)


def _bounded(excess: "Real") -> "Real":
    return _clipped(np.nan_to_num(excess), LEAST_ECHO, HIGHEST_ECHO)


def _clipped(values: "Real", least: float, highest: float) -> "Real":
    return np.asarray(np.clip(values, least, highest), dtype=np.float64)


def _echo(excess: "Real") -> "Real":
    """Of the newest sessions' excess, the newest first."""
    newest = _bounded(excess[:, : -len(ECHO) - 1 : -1])
    return np.asarray(newest @ np.array(ECHO), dtype=np.float64)


def _spreads(residuals: "Real", groups: "Groups") -> "Real":
    """Median absolute residual less its echo, shrunken to the market's usual one."""
    first = len(ECHO)
    left = residuals[:, first:].copy()
    before = _bounded(residuals)
    for lag, weight in enumerate(ECHO, start=1):
        left -= weight * before[:, first - lag : -lag]
    own = ROBUST * median(np.abs(left))
    usual = _of_each(groups, own, lambda few: np.full(len(few), median(few)))
    known = (~np.isnan(left)).sum(axis=1)
    both = known * np.nan_to_num(own) + SPREAD_PRIOR * np.nan_to_num(usual)
    return _clipped(both / (known + SPREAD_PRIOR), LEAST_SPREAD, np.inf)


def _of_each(groups: "Groups", values: "Real", work: "Work") -> "Real":
    """What ``work`` makes of the values of each group."""
    found = np.zeros(values.shape)
    for group in np.unique(groups):
        rows = groups == group
        found[rows] = work(values[rows])
    return found


def _median_of_others(excess: "Real") -> "Real":
    """For each the median of the others that are known; 0 of too few.

    Nobody is part of what is taken out of it: a higher value is a higher surprise.
    """
    order = np.argsort(excess, kind="stable")  # NaN is last
    known = int((~np.isnan(excess)).sum())
    if known <= LEAST_MARKET:
        return np.zeros(len(excess))
    ordered = excess[order[:known]]
    rank = np.empty(len(excess), dtype=np.int64)
    rank[order] = np.arange(len(excess))
    others = np.where(rank < known, known - 1, known)
    low, high = (others - 1) // 2, others // 2
    low, high = low + (low >= rank), high + (high >= rank)
    return np.asarray((ordered[low] + ordered[high]) / 2, dtype=np.float64)
