"""How an unusual volume came about (형태): at once, day by day, or to stay."""

import enum
import math
from typing import TYPE_CHECKING

import numpy as np

from domain.volume_baseline import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Codes = NDArray[np.int8]

LATELY = 5
"""Sessions before today that are looked at one by one."""

BEFORE = 20
"""Sessions before those: their median is what was usual."""

LEAST_BEFORE = 10
"""Of them that are known; with fewer there is no pattern."""

USUAL = math.log(2.0)
"""A day below twice the usual is an ordinary one."""

STEP = math.log(1.2)
"""The least rise of each of a ramp's last two steps."""

RISE = math.log(2.2)
"""The least rise of a ramp over three sessions."""

MOST_AT_ONCE = 0.7
"""Of a ramp's rise; more in its last step is a spike."""

CLOSE = math.log(2.5)
"""Days of one level differ at most so far."""

JUMP = math.log(1.8)
"""The least rise of a spike above each of the three sessions before."""


class Pattern(enum.Enum):
    """What the last sessions, today included, look like; the first that holds."""

    RAMP = "ramp"
    """단계적 증가: risen step by step over three sessions."""
    LEVEL_SHIFT = "level_shift"
    """수준 이동: high for at least three sessions, all of about the same height."""
    SPIKE = "spike"
    """급증: high today, far above each of the last three sessions."""


PATTERNS = (None, *Pattern)
"""What the numbers of `patterns` stand for."""


def patterns(past: "Real", today: "Real") -> "Codes":
    """Numbers into `PATTERNS`; 0 where today is not high, or none fits.

    Args:
        past: ``[listing, session]``, log trading value less the market's moves, the
            newest last; NaN where not known.
        today: The same of today.
    """
    if past.shape[1] < LATELY + LEAST_BEFORE:
        return np.zeros(len(today), dtype=np.int8)
    before = past[:, -LATELY - BEFORE : -LATELY]
    enough = (~np.isnan(before)).sum(axis=1) >= LEAST_BEFORE
    usual = np.where(enough, median(before), np.nan)
    last = np.column_stack([past[:, -LATELY:], today]) - usual[:, None]
    high = last >= USUAL
    steps, rise = np.diff(last[:, -3:], axis=1), last[:, -1] - last[:, -4]
    ramp = (steps >= STEP).all(axis=1) & (rise >= RISE)
    ramp &= steps[:, -1] <= MOST_AT_ONCE * rise
    held = last[:, -3:]
    level = high[:, -3:].all(axis=1) & (np.ptp(held, axis=1) <= CLOSE)
    spike = (last[:, -1:] - last[:, -4:-1] >= JUMP).all(axis=1)
    found = np.select([ramp, level, spike], [1, 2, 3], 0)
    return np.where(high[:, -1], found, 0).astype(np.int8)
