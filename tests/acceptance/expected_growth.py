"""What growth must be: today against past sessions, whole or by the same time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.acceptance.expected import rounded
from tests.acceptance.past_values import PastValues, Traded
from tests.acceptance.standing import Standing
from tests.kis_emulator.listed import Listed

PERIODS = {"1D": 1, "5D": 5, "20D": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """One stock that has a growth rate.

    Attributes:
        sums: Of the past values, the least and the most: an answer tells its instant
            to the millisecond. Of whole days they are equal.
    """

    row: Standing
    sessions: int
    sums: tuple[int, int]

    @property
    def baselines(self) -> tuple[int, int]:
        """Won a session, half up."""
        low, high = (
            (2 * total + self.sessions) // (2 * self.sessions) for total in self.sums
        )
        return low, high

    @property
    def rates(self) -> tuple[Fraction, Fraction]:
        """Fractions, the least first."""
        low, high = self.sums
        today = self.row.value * self.sessions
        return Fraction(today, high) - 1, Fraction(today, low) - 1

    @property
    def percents(self) -> tuple[float, float]:
        """The rates as they may be said."""
        low, high = (signed(rate) for rate in self.rates)
        return low, high


def signed(fraction: Fraction) -> float:
    """Percent with two decimals, half up away from zero."""
    size = rounded(abs(fraction) * 100)
    return -size if fraction < 0 and size else size


@dataclass(frozen=True, slots=True)
class Growth:
    """Who has grown, in no order, and how many lack a session."""

    ranked: dict[str, Grown]
    too_short: int


def growth_of(  # noqa: PLR0913 # as many as the question has
    past: PastValues,
    rows: Iterable[Standing],
    *,
    venue: str,
    session: date,
    period: str,
    as_of: datetime | None = None,
    by_minute: bool = False,
    min_baseline: int = 0,
) -> Growth:
    """Growth of the rows that passed the screen.

    Args:
        past: The past.
        rows: They.
        venue: Whose values are added.
        session: Of the rows.
        period: 1D, 5D or 20D.
        as_of: By which time past sessions are compared; None for whole days.
        by_minute: The time is known to the minute alone.
        min_baseline: What the baseline must reach, won.
    """

    def traded(item: Listed, at: datetime, day: date) -> Traded | None:
        """By the same time of a past day."""
        moment = past.moment(at, session, day)
        if by_minute:
            return past.by_minute(item, venue, moment)
        return past.by(item, venue, moment)

    days = past.before(session, PERIODS[period])
    found, short = {}, 0
    for row in rows:
        if as_of is None:
            ends = [[past.whole(row.item, venue, day) for day in days]] * 2
        else:
            late = as_of + timedelta(milliseconds=1)
            ends = [[traded(row.item, at, day) for day in days] for at in (as_of, late)]
        known = [[one[1] for one in end if one is not None] for end in ends]
        low, high = (sum(values) for values in known)
        if len(known[0]) < len(days):
            short += 1
        elif low > 0:
            grown = Grown(row=row, sessions=len(days), sums=(low, high))
            if grown.baselines[0] >= min_baseline:
                found[row.code] = grown
    return Growth(found, short)
