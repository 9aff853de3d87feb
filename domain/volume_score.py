"""How unusual a day's trading value is: score, p-value, and the day's discoveries.

Arrays over listings; the whole market at once, for a listing is judged beside others.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.volume_baseline import Baseline, baseline
from domain.volume_patterns import patterns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Codes = NDArray[np.int8]
    Groups = NDArray[np.integer]

TAMED = 0.6
"""The power of the spread that a surprise is measured in.

The whole spread calls small moves of a quiet stock a surge; none, all of a wild one's.
"""

SCALE = 0.85
"""So that from 1.5 on about four of a thousand ordinary days are unusual."""

FALSE_DISCOVERIES = 0.05
"""Of what is discovered, at most so much is expected to be ordinary."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Scored:
    """One day's scores; NaN (0 of ``pattern``) where nothing was traded.

    Attributes:
        expected: float64, won: of the whole day, market and echo aside.
        score: float64.
        p_value: float64.
        discovered: bool: among the day's discoveries.
        pattern: int8 into `domain.volume_patterns.PATTERNS`.
    """

    expected: "Real"
    score: "Real"
    p_value: "Real"
    discovered: "Mask"
    pattern: "Codes"


def score_day(
    past: "Real", logs: "Real", groups: "Groups", pace_spread: "Real | None" = None
) -> Scored:
    """Scores a day against what its past makes one expect.

    Args:
        past: ``[session, listing]``, log trading value, the newest last.
        logs: Today's, as of a whole day.
        groups: Which market each listing is of.
        pace_spread: How uncertain ``logs`` are as of a whole day, in standard
            deviations; None is not at all.
    """
    usual = baseline(past, groups)
    today = usual.without_market(logs, groups)
    score = _scores(today, usual, pace_spread)
    p_value = p_values(score)
    return Scored(
        expected=np.exp(usual.expected),
        score=score,
        p_value=p_value,
        discovered=discoveries(p_value, groups),
        pattern=patterns(usual.adjusted, today),
    )


def _scores(today: "Real", usual: Baseline, pace_spread: "Real | None") -> "Real":
    surprise = today - usual.expected - usual.echo
    spread = usual.spread
    if pace_spread is not None:
        spread = np.hypot(spread, pace_spread)
    return np.asarray(SCALE * surprise / spread**TAMED, dtype=np.float64)


def p_values(scores: "Real") -> "Real":
    """The upper tail of a standard normal distribution at each score.

    No less than how often an ordinary day scores so much: on KRX series the side that
    no surge can touch, the falls, has a standard deviation of .6, not 1. The width that
    is left is for stocks and years that nobody has measured.
    """
    tails = (math.erfc(score) / 2 for score in (scores / math.sqrt(2)).tolist())
    return np.fromiter(tails, dtype=np.float64, count=len(scores))


def discoveries(p_value: "Real", groups: "Groups") -> "Mask":
    """Whose p-value is small enough among all of the same market's today.

    Source: Benjamini and Hochberg, Controlling the False Discovery Rate, Journal of the
    Royal Statistical Society B 57 (1995): the largest k of n ordered p-values that is
    at most k ÷ n × `FALSE_DISCOVERIES`, and all before it.
    """
    found = np.zeros(len(p_value), dtype=bool)
    for group in np.unique(groups):
        rows = np.flatnonzero((groups == group) & ~np.isnan(p_value))
        ordered = np.sort(p_value[rows])
        bounds = FALSE_DISCOVERIES * np.arange(1, len(rows) + 1) / max(len(rows), 1)
        below = np.flatnonzero(ordered <= bounds)
        if below.size:
            found[rows] = p_value[rows] <= ordered[below[-1]]
    return found
