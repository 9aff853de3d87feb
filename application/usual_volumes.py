"""What volumes are usual: past whole days, and past days by this time of day."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from application.past_market import PastMarket
from application.recent import Recent
from application.running_day import RunningDay, RunningDays
from application.volume_curves import VolumeCurves
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.growth import TimeBasis
from domain.history import History, split_factors
from domain.unusual_volume import Past
from domain.volume_baseline import LONG_WINDOW, WINDOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SESSIONS = 5
"""Past sessions with instants about this time before the same time is compared."""

COLUMNS = ("price", "base_price", "volume", "trading_value")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Usual:
    """Past sessions that a frame is compared with.

    Attributes:
        past: Whole days.
        plain_past: What the plain figures compare with: by this time of day on the
            basis SAME_TIME, else whole days.
        running: What the day foretells while it runs; None is a whole day.
    """

    past: Past
    plain_past: Past
    basis: TimeBasis
    note: str = ""
    running: RunningDay | None = None

    @property
    def held(self) -> int:
        """Past sessions of which something is known."""
        return int(np.count_nonzero(self.past.known.any(axis=1)))

    @property
    def notes(self) -> tuple[str, ...]:
        """What it rests on, for a reader, where that is not the usual thing."""
        told = ("" if self.running is None else self.running.note, self.note)
        return tuple(note for note in told if note)

    @property
    def is_thin(self) -> "NDArray[np.bool_]":
        """Rows of which too few sessions by this time of day are archived."""
        if self.basis is TimeBasis.FULL_DAY:
            return np.zeros(self.past.known.shape[1], dtype=bool)
        held = self.plain_past.known.sum(axis=0)
        return np.asarray(held < LEAST_SESSIONS, dtype=bool)


@dataclass(slots=True, kw_only=True)
class UsualVolumes:
    """The past of a frame; by time of day too, while it runs and enough is archived."""

    past: PastMarket
    days: RunningDays = field(init=False)
    _found: "Recent[object, tuple[MarketFrame, History, Usual]]" = field(
        default_factory=lambda: Recent(4)
    )

    def __post_init__(self) -> None:
        """A running day is compared by curves of the same archive."""
        self.days = RunningDays(curves=VolumeCurves(past=self.past))

    async def of(self, frame: MarketFrame) -> Usual:
        """What is usual for a frame.

        Raises:
            MarketDataUnavailableError: No past session is archived.
        """
        days = await self.past.history(frame, LONG_WINDOW, COLUMNS)
        known = self._found.get(id(frame))
        if known is not None and known[0] is frame and known[1] is days:
            return known[2]
        if not days.known.any():
            raise MarketDataUnavailableError(
                "비교할 지난 거래일 시세가 아직 보관되어 있지 않습니다. "
                "`mcp-volume-ranking backfill`로 채우거나 잠시 후 다시 물어 주세요"
                "(녹화본에서는 채울 수 없습니다).",
                retry_after=600,
            )
        found = await self._of(frame, days)
        self._found.keep(id(frame), (frame, days, found))
        return found

    async def _of(self, frame: MarketFrame, days: History) -> Usual:
        factors = split_factors(days, frame.base_price)
        whole_days = _past(days, factors)
        whole = Usual(past=whole_days, plain_past=whole_days, basis=TimeBasis.FULL_DAY)
        if not self.past.timeliness.is_running(frame):
            return whole
        running = replace(whole, running=await self.days.of(frame, whole_days))
        by_now = await self._by_now(frame)
        held = 0 if by_now is None else int(by_now.known.any(axis=1).sum())
        if by_now is None or held < LEAST_SESSIONS:
            return replace(
                running,
                note=f"같은 시각까지의 지난 시세가 {LEAST_SESSIONS}거래일이 안 되어 "
                "거래량 비율은 하루 전체 평균과 비교했습니다. 장중에는 실제보다 적게 "
                "잡힙니다.",
            )
        fewer = f"거래량 비율은 같은 시각 시세가 있는 지난 {held}거래일과 비교했습니다."
        return replace(
            running,
            plain_past=_past(by_now, factors[-WINDOW:]),
            basis=TimeBasis.SAME_TIME,
            note=fewer if held < WINDOW else "",
        )

    async def _by_now(self, frame: MarketFrame) -> History | None:
        try:
            return await self.past.same_time.history(frame, WINDOW)
        except MarketDataUnavailableError:
            return None


def _past(history: History, factors: "NDArray[np.float64]") -> Past:
    return Past(
        trading_value=history["trading_value"],
        volume=history["volume"] / factors,
        known=history.known,
    )
