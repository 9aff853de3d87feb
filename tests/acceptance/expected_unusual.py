"""What unusual volume must be: plain figures of twenty and sixty past sessions."""

import math
import statistics
from dataclasses import dataclass
from datetime import date, datetime

from tests.acceptance.past_values import PastValues, Traded
from tests.acceptance.standing import Scene, Standing
from tests.kis_emulator.listed import Listed

WINDOW, LONG = 20, 60
LEAST_BY_NOW = 5
TOO_LITTLE = 100_000_000
SCORES = {"wide": 1.5, "normal": 2.0, "strict": 3.0}
LEVELS = {"notable": 1.5, "strong": 2.0, "extreme": 3.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One judged stock; None is what its past does not give.

    Attributes:
        values: Trading values of the past sessions that are known, the newest last;
            None of a session that is not.
    """

    row: Standing
    average: float
    spread: float
    ratio: float | None
    expected: float
    times: float | None
    score: float | None
    values: list[int | None]

    @property
    def level(self) -> str | None:
        """The highest that the score reaches."""
        reached = [
            name for name, least in LEVELS.items() if self.score and self.score >= least
        ]
        return reached[-1] if reached else None

    def days(self, threshold: float) -> int:
        """Sessions in a row, today included."""
        if self.times is None or self.times < threshold:
            return 0
        run = 1
        for value in reversed(self.values):
            if value is None or value < threshold * self.expected:
                break
            run += 1
        return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Everybody's."""

    judged: dict[str, Judged]
    scanned: int
    halted: int
    short: int
    little: int

    @property
    def market_factor(self) -> float | None:
        """The middle of all times_expected."""
        times = [one.times for one in self.judged.values() if one.times is not None]
        return statistics.median(times) if times else None


class Unusual:
    """Judges a scene.

    Args:
        past: The past.
        scene: Today.
        venue: Whose figures.
        as_of: By which time; None for whole days.
    """

    def __init__(
        self, past: PastValues, scene: Scene, venue: str, as_of: datetime | None
    ) -> None:
        self._past, self._scene = past, scene
        self._venue, self._as_of = venue, as_of
        self._days = past.before(scene.session, LONG)

    def verdicts(self, rows: list[Standing], min_history: int = WINDOW) -> Verdicts:
        """Of the rows that passed the screen."""
        halted = [row for row in rows if row.item.halted]
        judged, short, little = {}, 0, 0
        for row in rows:
            if row.item.halted:
                continue
            one = self._judge(row, min_history)
            if one is None:
                short += 1
            elif statistics.median(self._known(one.values[-WINDOW:])) < TOO_LITTLE:
                little += 1
            else:
                judged[row.code] = one
        return Verdicts(
            judged=judged,
            scanned=len(rows),
            halted=len(halted),
            short=short,
            little=little,
        )

    def _judge(self, row: Standing, min_history: int) -> Judged | None:
        whole = [self._past.whole(row.item, self._venue, day) for day in self._days]
        wanted = max(WINDOW, min_history)
        if sum(one is not None for one in whole[-wanted:]) < min_history:
            return None
        days, traded = self._days, whole
        if self._as_of is not None:
            days = self._days[-WINDOW:]
            traded = [self._by_now(row.item, day) for day in days]
            if sum(one is not None for one in traded) < LEAST_BY_NOW:
                return None
        return self._figures(row, days, traded)

    def _by_now(self, item: Listed, day: date) -> Traded | None:
        assert self._as_of is not None
        moment = self._past.moment(self._as_of, self._scene.session, day)
        return self._past.by(item, self._venue, moment)

    def _figures(
        self, row: Standing, days: list[date], traded: list[Traded | None]
    ) -> Judged:
        factors = self._factors(row, days)
        pairs = zip(traded[-WINDOW:], factors[-WINDOW:], strict=True)
        volumes = [one[0] / factor for one, factor in pairs if one is not None]
        values = [one[1] if one is not None else None for one in traded]
        average = statistics.fmean(volumes)
        fast = statistics.median(self._known(values[-WINDOW:]))
        expected = 0.8 * fast + 0.2 * statistics.median(self._known(values))
        return Judged(
            row=row,
            average=average,
            spread=statistics.stdev(volumes),
            ratio=row.volume / average if average else None,
            expected=expected,
            times=row.value / expected if expected else None,
            score=_score(row.value, self._known(values[-WINDOW:])),
            values=values,
        )

    def _factors(self, row: Standing, days: list[date]) -> list[float]:
        """What each day's prices are multiplied by to be in today's shares."""
        division = "NX" if self._venue == "NXT" else "J"
        factor, later, found = 1.0, row.base, []
        for day in reversed(days):
            quote = self._past.final(division, day).get(row.code)
            if quote is not None and quote.price > 0 and later > 0:
                factor *= later / quote.price
            found.append(factor)
            later = quote.base if quote else 0
        return found[::-1]

    @staticmethod
    def _known(values: list[int | None]) -> list[int]:
        return [value for value in values if value is not None]


def _score(today: int, values: list[int]) -> float | None:
    """The log of today's value, in standard deviations of the days with a trade."""
    logs = [math.log(value) for value in values if value > 0]
    if today <= 0 or len(logs) < 2 or statistics.stdev(logs) < 1e-9:
        return None
    return (math.log(today) - statistics.fmean(logs)) / statistics.stdev(logs)
