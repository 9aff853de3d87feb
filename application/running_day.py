"""What a running session foretells of its day, from its frames so far."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from application.recent import Recent
from application.same_time import LONGEST_GAP
from application.session_parts import parts_of
from application.sweeping import Pool
from application.volume_curves import VolumeCurves, groups_of
from domain.errors import MarketDataError
from domain.foretold import RECENT_PACES, Foretold, SoFar, foretell
from domain.frame import MarketFrame
from domain.intraday import (
    CALL_AUCTION_ONLY,
    CONTINUOUS,
    DAY_DONE,
    CurveBasis,
    StockCurves,
    instant_of,
    is_judged,
    usual_minute,
)
from domain.listing import Listings
from domain.session import TradingSession
from domain.unusual_volume import Past
from domain.volume_baseline import baseline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class RunningDay:
    """A day that is not over.

    Attributes:
        minute: Of a usual day, since the open.
        usual_share: float64 over listings: which share is usually done by now.
        foretold: The day by what is done of it; None where it is too early to say.
        auction_only: Rows that trade by call auctions alone: no curve is theirs.
        basis: Whose curve most rows are compared by.
        sessions: How many past sessions the curves are learnt from.
    """

    minute: float
    usual_share: "Real"
    foretold: Foretold | None
    auction_only: "Mask"
    basis: CurveBasis
    sessions: int

    @property
    def is_early(self) -> bool:
        """Whether no verdict is given yet."""
        return self.foretold is None

    @property
    def note(self) -> str:
        """What it rests on, for a reader; empty where that is the usual thing."""
        if self.is_early:
            return "개장 30분이 지나야(보통 09:30) 이상 거래량을 판정합니다."
        if self.basis is CurveBasis.OWN:
            return ""
        return (
            f"장중 비교 곡선: 보관된 같은 시각 시세가 {self.sessions}거래일뿐이라 "
            "시장의 평소 곡선으로 비교했습니다."
        )


@dataclass(slots=True, kw_only=True)
class RunningDays:
    """Compares a session's frames with how much of a day is usually done by then."""

    curves: VolumeCurves
    _found: "Recent[object, tuple[MarketFrame, Whole, RunningDay]]" = field(
        default_factory=lambda: Recent(4)
    )
    _expected: "Recent[object, tuple[Whole, Real]]" = field(
        default_factory=lambda: Recent(4)
    )

    async def of(self, frame: MarketFrame, past: Past) -> RunningDay | None:
        """What the frame foretells; None where its session has closed.

        The same frame and the same past are answered once.

        Args:
            frame: Of a session.
            past: Whole past sessions, over the frame's rows.
        """
        session = self.curves.past.timeliness.calendar.session_on(frame.session)
        if session is None:
            return None
        minute = usual_minute(frame.as_of, session)
        if minute == DAY_DONE:
            return None
        known = self._found.get(id(frame))
        if known is not None and known[0] is frame and known[1] is past.trading_value:
            return known[2]
        found = await self._of(frame, session, minute, past)
        self._found.keep(id(frame), (frame, past.trading_value, found))
        return found

    async def _of(
        self,
        frame: MarketFrame,
        session: TradingSession,
        minute: float,
        past: Past,
    ) -> RunningDay:
        curves = await self.curves.of(frame)
        share = curves.share_of_day(minute)
        foretold = None
        if is_judged(minute):
            value = np.where(frame.known, frame.trading_value, np.nan)
            foretold = foretell(
                SoFar(value=value, share=share),
                expected=await self._expected_days(frame, past),
                groups=groups_of(frame),
                earlier=await self._earlier(frame, session, minute, curves),
            )
        return RunningDay(
            minute=minute,
            usual_share=share,
            foretold=foretold,
            auction_only=(frame.flags & int(CALL_AUCTION_ONLY)) > 0,
            basis=curves.most_rows_basis,
            sessions=curves.sessions,
        )

    async def _expected_days(self, frame: MarketFrame, past: Past) -> "Real":
        """Won of a whole day, the echo of the last ones in it; once a session."""
        values = past.trading_value
        known = self._expected.get(id(values))
        if known is None or known[0] is not values:
            found = await asyncio.to_thread(_expected, past, groups_of(frame))
            known = self._expected.keep(id(values), (values, found))
        return known[1]

    async def _earlier(
        self,
        frame: MarketFrame,
        session: TradingSession,
        minute: float,
        curves: StockCurves,
    ) -> list[SoFar]:
        """What was done some minutes before, as far as the archive tells."""
        before = min(minute, CONTINUOUS)  # the closing auction trades at its end
        found = []
        for back, _ in RECENT_PACES:
            done = None
            if before > back:
                done = await self._done(frame, instant_of(before - back, session))
            if done is None:
                found.append(_nothing_known(len(frame.listings)))
            else:
                value, at = done
                share = curves.share_of_day(usual_minute(at, session))
                found.append(SoFar(value=value, share=share))
        return found

    async def _done(
        self, frame: MarketFrame, at: datetime
    ) -> "tuple[Real, datetime] | None":
        """Won by the last archived instant at or before one, and that instant."""
        total = np.zeros(len(frame.listings))
        oldest = at
        for pool in parts_of(frame):
            part = await self._part(pool, at)
            if part is None or part.as_of < at - LONGEST_GAP:
                return None
            oldest = min(oldest, part.as_of)
            total += _in_rows_of(frame.listings, part)
        return total, oldest

    async def _part(self, pool: Pool, at: datetime) -> MarketFrame | None:
        frames = self.curves.past.frames
        try:
            return (await frames.frames_around(*pool, at))[0]
        except MarketDataError:
            return None


def _expected(past: Past, groups: "NDArray[np.int64]") -> "Real":
    traded = past.known & (past.trading_value > 0)
    logs = np.log(np.where(traded, past.trading_value, 1))
    usual = baseline(np.where(traded, logs, np.nan), groups)
    return np.asarray(np.exp(usual.expected + usual.echo))


def _in_rows_of(listings: Listings, part: MarketFrame) -> "Real":
    """Won of each row; 0 where it is not listed there, NaN where not known."""
    rows = np.array(
        [part.listings.row_of.get(item.ticker, -1) for item in listings], dtype=np.int64
    )
    values = np.where(part.known, part.trading_value, np.nan)
    found = np.zeros(len(listings))
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def _nothing_known(rows: int) -> SoFar:
    return SoFar(value=np.full(rows, np.nan), share=np.zeros(rows))
