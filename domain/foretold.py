"""The day that a running session foretells, to be judged as a whole day is.

1. **Surge** = log(value so far ÷ (expected × share usually done)), less the median of
   the same market's stocks: a market in a hurry is nobody's surge.
2. **What is left** of the day goes on at a pace between the usual one and today's:
   `PACE_SO_FAR` of the surge since the open, and `RECENT_PACES` of the last minutes'.
   The market goes on as it has begun.
3. Value so far + what is left = the day foretold. At the close nothing is left, and it
   is the day itself: a verdict does not change because the clock passed the close.

How uncertain that is (**doubt**) is told beside it, to widen the spread of whole days:
the less of a day is done, the more a surge must be to score as much.

Source: the weights lie where the rest of a day is foreseen best on 19 sessions of 124
KOSPI 200 stocks, but for the last ten minutes', which are given more than they foresee
there (.05): a surge that has just begun is what one wants to hear of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.volume_baseline import LEAST_MARKET

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]

PACE_SO_FAR = 0.3
"""What of the surge since the open goes on until the close."""

RECENT_PACES = ((10.0, 0.2), (30.0, 0.2))
"""Minutes back, and what of the surge since then goes on: news comes late, too."""

WIDEST = 3.0
"""Of a surge, in logs: what is beyond counts as this far."""

LEFT_SPREAD = 0.35
"""Of what is left, about the pace it is foretold at, in logs."""

LEAST_PART = 1e-3
"""Of a day; over a shorter stretch no pace is taken."""

_LEAST_WON = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class SoFar:
    """What is done by an instant of the session; arrays over listings.

    Attributes:
        value: Trading value since the open, won; NaN where not known.
        share: float64: which share of a day is usually done by then.
    """

    value: "Whole | Real"
    share: "Real"


@dataclass(frozen=True, eq=False, kw_only=True)
class Foretold:
    """The day that is foretold; arrays over listings, NaN where nothing is expected.

    Attributes:
        value: float64, won: of the whole day.
        share_of_day: float64: the value so far ÷ it; where nothing was traded yet, the
            share usually done. ``log(value so far) - log(share_of_day)`` is its log.
        pace: float64, log: how much faster than usual what is left goes on.
        doubt: float64, log: how uncertain the day still is (1 standard deviation);
            0 at the close.
    """

    value: "Real"
    share_of_day: "Real"
    pace: "Real"
    doubt: "Real"


def foretell(
    now: SoFar,
    *,
    expected: "Real",
    groups: "NDArray[np.integer]",
    earlier: Sequence[SoFar] = (),
) -> Foretold:
    """The whole day's trading value by what is done of it.

    Window: today alone, and what is expected of it; causal.

    Args:
        now: By the instant that is judged.
        expected: Won a whole day, of past sessions; NaN where not judged: such rows
            have no part in their market's median.
        groups: Which market each listing is of.
        earlier: By the instants of `RECENT_PACES` before, in that order; where one is
            not known the surge since the open stands for it.
    """
    value = np.asarray(now.value, dtype=np.float64)
    surge, hurry = _surge(value, expected * now.share, groups)
    pace = PACE_SO_FAR * surge
    for place, (_, weight) in enumerate(RECENT_PACES):
        recent = surge
        if place < len(earlier):
            recent = _since(earlier[place], value, now.share, expected, groups)
            recent = np.where(np.isfinite(recent), recent, surge)
        pace = pace + weight * recent
    left = (1.0 - now.share) * expected * np.exp(hurry + pace)
    day = value + left
    share = np.divide(value, day, out=now.share.copy(), where=(value > 0) & (day > 0))
    part_left = np.divide(left, day, out=np.zeros(len(day)), where=day > 0)
    return Foretold(
        value=day,
        share_of_day=np.where(np.isfinite(day), share, np.nan),
        pace=pace,
        doubt=np.where(np.isfinite(day), LEFT_SPREAD * part_left, np.nan),
    )


def _since(
    then: SoFar,
    value: "Real",
    share: "Real",
    expected: "Real",
    groups: "NDArray[np.integer]",
) -> "Real":
    """The surge since an earlier instant; NaN where there is no stretch between."""
    part = np.where(share - then.share >= LEAST_PART, share - then.share, np.nan)
    return _surge(value - then.value, expected * part, groups)[0]


def _surge(
    value: "Real", usual: "Real", groups: "NDArray[np.integer]"
) -> "tuple[Real, Real]":
    """Log of value ÷ usual less the market's median, and that median by listing.

    The median of a few is no market's: nothing is taken out of theirs.
    """
    known = np.isfinite(usual) & (np.nan_to_num(usual) > 0) & np.isfinite(value)
    logs = np.full(len(value), np.nan)
    logs[known] = np.log(np.maximum(value[known], _LEAST_WON) / usual[known])
    hurry = np.zeros(len(value))
    for one in np.unique(groups[known]):
        told = logs[known & (groups == one)]
        if len(told) > LEAST_MARKET:
            hurry[groups == one] = np.median(told)
    return np.clip(logs - hurry, -WIDEST, WIDEST), hurry
