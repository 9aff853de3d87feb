"""What unusual volume must be: who is judged, and plain figures beside the score."""

import math
import statistics
from dataclasses import dataclass
from datetime import datetime

from tests.acceptance.expected_scores import Score, Series, scores
from tests.acceptance.past_values import PastValues, Traded
from tests.acceptance.standing import Scene, Standing

WINDOW, LONG = 20, 60
LEAST_BY_NOW = 5
TOO_LITTLE = 100_000_000
SENSITIVITIES = {"wide": 1.0, "normal": 1.5, "strict": 2.0}
LEVELS = ("notable", "strong", "extreme")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One judged stock; None is what its past does not give.

    Attributes:
        verdict: Of whole days; a running day's is no matter of plain figures.
        values: Trading values of the past sessions that are known, the newest last;
            None of a session that is not.
    """

    row: Standing
    average: float
    spread: float
    ratio: float | None
    z_score: float | None
    verdict: Score
    values: list[int | None]

    @property
    def times(self) -> float:
        """Today's value over what is expected."""
        return self.row.value / self.verdict.expected

    def days(self, threshold: float) -> int:
        """Sessions in a row, today included."""
        if self.times < threshold:
            return 0
        run = 1
        for value in reversed(self.values):
            if value is None or value < threshold * self.verdict.expected:
                break
            run += 1
        return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Everybody's."""

    judged: dict[str, Judged]
    scanned: int
    not_judged: dict[str, int]

    @property
    def market_factor(self) -> float | None:
        """The middle of all times expected."""
        times = [one.times for one in self.judged.values()]
        return statistics.median(times) if times else None


class Unusual:
    """Judges a scene.

    Args:
        past: The past.
        scene: Today.
        venue: Whose figures.
        by_now: By which time plain figures compare; None for whole days.
        is_running: Whether the day is under way.
        is_early: Whether it has hardly begun.
    """

    def __init__(  # noqa: PLR0913 - a scene, and how it is looked at
        self,
        past: PastValues,
        scene: Scene,
        venue: str,
        *,
        by_now: datetime | None = None,
        is_running: bool = False,
        is_early: bool = False,
    ) -> None:
        self._past, self._scene, self._venue = past, scene, venue
        self._by, self._is_running, self._is_early = by_now, is_running, is_early
        self._days = past.before(scene.session, LONG)
        self._kept: dict[str, list[Traded | None]] = {}

    def verdicts(self, rows: list[Standing], min_history: int = WINDOW) -> Verdicts:
        """Of the rows that passed the screen; they are judged beside all others."""
        kinds = ("STOCK", "ETF", "ETN")
        everybody = self._scene.standings(venue=self._venue, kinds=kinds)
        causes = {row.code: self._cause(row, min_history) for row in everybody}
        able = [row for row in everybody if causes[row.code] is None]
        series = {row.code: self._series(row) for row in able}
        found = scores(series)
        told = [causes[row.code] for row in rows]
        return Verdicts(
            judged={
                row.code: self._figures(row, found[row.code])
                for row in rows
                if causes[row.code] is None
            },
            scanned=len(rows),
            not_judged={
                cause: told.count(cause)
                for cause in (
                    "halted",
                    "call_auction_only",
                    "too_early",
                    "too_short_history",
                    "too_little_traded",
                )
            },
        )

    def _cause(self, row: Standing, min_history: int) -> str | None:
        item, whole = row.item, self._whole(row)
        if item.halted:
            return "halted"
        if self._is_running and (item.delisting or item.overheated in "23"):
            return "call_auction_only"
        if self._is_early:
            return "too_early"
        held = [one for one in whole[-max(WINDOW, min_history) :] if one is not None]
        if len(held) < min_history or self._is_thin(row):
            return "too_short_history"
        window = [one[1] for one in whole[-WINDOW:] if one is not None]
        if statistics.median(window) < TOO_LITTLE:
            return "too_little_traded"
        return "halted" if 0 in window else None

    def _is_thin(self, row: Standing) -> bool:
        if self._by is None:
            return False
        known = [one for one in self._plain(row) if one is not None]
        return len(known) < LEAST_BY_NOW

    def _whole(self, row: Standing) -> list[Traded | None]:
        if row.code not in self._kept:
            self._kept[row.code] = [
                self._past.whole(row.item, self._venue, day) for day in self._days
            ]
        return self._kept[row.code]

    def _plain(self, row: Standing) -> list[Traded | None]:
        """Of the window, whole or by now."""
        if self._by is None:
            return self._whole(row)[-WINDOW:]
        days = self._days[-WINDOW:]
        moments = [self._past.moment(self._by, self._scene.session, x) for x in days]
        return [self._past.by(row.item, self._venue, x) for x in moments]

    def _series(self, row: Standing) -> Series:
        return Series(
            group=row.item.market if row.item.kind == "STOCK" else "funds",
            past=[math.log(x[1]) if x and x[1] else None for x in self._whole(row)],
            today=math.log(row.value) if row.value else None,
        )

    def _figures(self, row: Standing, verdict: Score) -> Judged:
        pairs = zip(self._plain(row), self._factors(row), strict=True)
        known = [(one, factor) for one, factor in pairs if one is not None]
        volumes = [one[0] / factor for one, factor in known]
        average = statistics.fmean(volumes)
        return Judged(
            row=row,
            average=average,
            spread=statistics.stdev(volumes),
            ratio=row.volume / average if average else None,
            z_score=_z_score(row.value, [one[1] for one, _ in known]),
            verdict=verdict,
            values=[one and one[1] for one in self._whole(row)],
        )

    def _factors(self, row: Standing) -> list[float]:
        """What each day's prices are multiplied by to be in today's shares."""
        division = "NX" if self._venue == "NXT" else "J"
        factor, later, found = 1.0, row.base, []
        for day in reversed(self._days[-WINDOW:]):
            quote = self._past.final(division, day).get(row.code)
            if quote is not None and quote.price > 0 and later > 0:
                factor *= later / quote.price
            found.append(factor)
            later = quote.base if quote else 0
        return found[::-1]


def _z_score(today: int, values: list[int]) -> float | None:
    """The log of today's value, in standard deviations of the days with a trade."""
    logs = [math.log(value) for value in values if value > 0]
    if today <= 0 or len(logs) < 2 or statistics.stdev(logs) < 1e-9:
        return None
    return (math.log(today) - statistics.fmean(logs)) / statistics.stdev(logs)
