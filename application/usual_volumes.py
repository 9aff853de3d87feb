"""What volumes are usual: past sessions by this time of day, or whole days."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from application.past_market import PastMarket
from application.recent import Recent
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.growth import TimeBasis
from domain.history import History, split_factors
from domain.unusual_volume import LONG_WINDOW, WINDOW, Past

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SESSIONS = 5
"""Past sessions with instants about this time before the same time is compared."""

COLUMNS = ("price", "base_price", "volume", "trading_value")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Usual:
    """Past sessions that a frame is compared with.

    Attributes:
        days: bool, ``[session, row]``: which whole days are known.
    """

    past: Past
    days: "NDArray[np.bool_]"
    basis: TimeBasis
    note: str = ""

    def with_history(self, least: int) -> tuple[Past, int]:
        """The past of rows with so many sessions, and how many to ask of it.

        A row with fewer has none. By this time of day fewer sessions may be archived
        than have been traded on: that is no fault of the stock's.
        """
        if self.basis is TimeBasis.FULL_DAY:
            return self.past, least
        enough = self.days[-max(WINDOW, least) :].sum(axis=0) >= least
        return replace(self.past, known=self.past.known & enough), LEAST_SESSIONS


@dataclass(slots=True, kw_only=True)
class UsualVolumes:
    """The same time of day while the session runs, where enough is archived."""

    past: PastMarket
    _found: "Recent[object, tuple[MarketFrame, History, Usual]]" = field(
        default_factory=lambda: Recent(4)
    )

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
        whole = Usual(
            past=_past(days, factors),
            days=days.known,
            basis=TimeBasis.FULL_DAY,
        )
        if not self.past.timeliness.is_running(frame):
            return whole
        by_now = await self._by_now(frame)
        held = 0 if by_now is None else int(by_now.known.any(axis=1).sum())
        if by_now is None or held < LEAST_SESSIONS:
            return replace(
                whole,
                note=f"같은 시각까지의 지난 시세가 {LEAST_SESSIONS}거래일이 안 되어 "
                "하루 전체 평균과 비교했습니다. 장중에는 실제보다 적게 잡힙니다.",
            )
        fewer = f"같은 시각 시세가 있는 지난 {held}거래일과 비교했습니다."
        return Usual(
            past=_past(by_now, factors[-WINDOW:]),
            days=whole.days,
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
