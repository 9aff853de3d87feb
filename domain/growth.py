"""Growth of trading value (거래대금 증가율) against 1, 5 and 20 past sessions."""

import enum
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]


class Period(enum.Enum):
    """How many past sessions the baseline is the mean of."""

    ONE = "1D"
    FIVE = "5D"
    TWENTY = "20D"

    @property
    def sessions(self) -> int:
        """Their number; also the history that a stock must have."""
        return int(self.value.removesuffix("D"))


class TimeBasis(enum.Enum):
    """What of the past sessions is compared.

    SAME_TIME: their value from the open to this time of day. FULL_DAY: their whole
    day, also while the session still runs.
    """

    SAME_TIME = "same_time"
    FULL_DAY = "full_day"


@dataclass(frozen=True, eq=False, kw_only=True)
class Baseline:
    """The mean trading value of past sessions; today is never in it.

    Attributes:
        total: int64 of ``(listings,)``, won: the sum over the sessions.
        sessions: How many.
        known: bool; every one of the sessions is known.
    """

    total: "Whole"
    sessions: int
    known: "Mask"

    @cached_property
    def mean(self) -> "Whole":
        """Won per session, half up; zero without sessions."""
        sessions = max(self.sessions, 1)
        return (2 * self.total + sessions) // (2 * sessions)


def baseline(values: "Whole", known: "Mask") -> Baseline:
    """The baseline of a table ``[session, listing]``; all its sessions count.

    A day without a trade counts as the zero it was. A stock that is not known on
    every session has too short a history, and none is guessed for it.
    """
    return Baseline(
        total=np.where(known, values, 0).sum(axis=0),
        sessions=len(values),
        known=np.asarray(known.all(axis=0) & (len(values) > 0), dtype=bool),
    )


def growth_rates(values: "Whole", base: Baseline) -> "Real":
    """Today's value over the baseline less one, a fraction.

    NaN where the history is too short or nothing was traded in it.
    """
    has_base = base.known & (base.total > 0)
    rates = np.full(len(values), np.nan)
    np.divide(values * base.sessions, base.total, out=rates, where=has_base)
    return rates - 1.0


def value_between(
    at: float, before: "tuple[float, Whole]", after: "tuple[float, Whole]"
) -> "Whole":
    """Cumulative values at a second, on the straight line between two instants.

    Args:
        at: Second of the day.
        before: Second and values of the instant at or before it.
        after: Of the one after it.

    Returns:
        int64 won, cut.
    """
    (start, low), (end, high) = before, after
    if end <= start:
        return low
    share = min(max((at - start) / (end - start), 0.0), 1.0)
    return low + ((high - low) * share).astype(np.int64)
