"""Which share of a day is usually done by a time of it, learnt from the archive."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from application.past_market import PastMarket
from application.recent import Recent, now
from application.same_time import SameTime
from application.single_flight import SingleFlight
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.history import History
from domain.intraday import SHIPPED, StockCurves, learn, shipped_curves
from domain.listing import Kind, Listings, Venue
from domain.session import TradingSession, opens_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]

SESSIONS = 20
"""Past sessions that are learnt from; the frames between of so many are kept."""

FUNDS = 2
"""The group of ETF and ETN, beside those of the two markets' stocks."""

RESTS_FOR = 60.0
"""Seconds of the loop's time for which a lost archive is not read again."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Learnt:
    """Curves, and whose."""

    listings: Listings
    curves: StockCurves


@dataclass(slots=True, kw_only=True)
class VolumeCurves:
    """The curves of a frame's rows: learnt once a session, behind whoever asks.

    Until they are learnt, and where the archive cannot be read, the shipped curve
    serves; `domain.intraday.StockCurves` says whose curve a row's is.

    Attributes:
        past: Whole days, and the frames between.
        patience: How long a question waits for what is being learnt.
    """

    past: PastMarket
    patience: timedelta = timedelta(seconds=2)
    _learnt: "Recent[object, _Learnt]" = field(default_factory=lambda: Recent(6))
    _shipped: "Recent[int, StockCurves]" = field(default_factory=lambda: Recent(4))
    _flights: SingleFlight = field(default_factory=SingleFlight)
    _rests_until: float = 0.0

    async def of(self, frame: MarketFrame) -> StockCurves:
        """The curves in the rows of a frame."""
        key = (frame.venue, frame.kinds, frame.session)
        held = self._learnt.get(key)
        if held is not None and _same(held.listings, frame.listings):
            return held.curves
        session = self.past.timeliness.calendar.session_on(frame.session)
        if session is not None and now() >= self._rests_until:
            task = self._flights.start(key, partial(self._learn, frame, session))
            done, _ = await asyncio.wait([task], timeout=self.patience.total_seconds())
            learnt = task.result() if done else None
            if learnt is not None and _same(learnt.listings, frame.listings):
                return learnt.curves
        rows = len(frame.listings)
        return self._shipped.get(rows) or self._shipped.keep(rows, shipped_curves(rows))

    async def close(self) -> None:
        """Ends what is still being learnt."""
        await self._flights.close()

    async def _learn(
        self, frame: MarketFrame, session: TradingSession
    ) -> _Learnt | None:
        """None where the archive cannot be read."""
        try:
            tables = await self._tables(frame, session)
        except MarketDataError:
            self._rests_until = now() + RESTS_FOR
            return None
        curves = await asyncio.to_thread(
            learn, tables, groups_of(frame), SHIPPED.minutes
        )
        learnt = _Learnt(listings=frame.listings, curves=curves)
        key = (frame.venue, frame.kinds, frame.session)
        return self._learnt.keep(key, learnt)

    async def _tables(
        self, frame: MarketFrame, session: TradingSession
    ) -> "list[Real]":
        """The shares done by the minutes of each session with frames between."""
        whole = await self.past.history(frame, SESSIONS, ("trading_value",))
        long = np.array([self._is_as_long(day) for day in whole.sessions], dtype=bool)
        usable = whole.known & (whole["trading_value"] > 0) & long[:, None]
        # Its own: so much, read once, would drive out what is read again and again.
        past = self.past
        same_time = SameTime(frames=past.frames, timeliness=past.timeliness)
        opening = opens_at(session, Venue.KRX)
        by_minute = []
        for minute in SHIPPED.minutes:
            by_then = replace(frame, as_of=opening + timedelta(minutes=minute))
            done = await same_time.history(by_then, SESSIONS)
            by_minute.append(_shares(done, whole, usable))
        return [day for day in np.stack(by_minute, axis=1) if np.isfinite(day).any()]

    def _is_as_long(self, day: date) -> bool:
        """Whether a session lasts as long as usual: a minute of it is a minute."""
        session = self.past.timeliness.calendar.session_on(day)
        if session is None:
            return False
        return session.hours.opens_late == session.hours.closes_late


def groups_of(frame: MarketFrame) -> "NDArray[np.int64]":
    """Which rows move together: each market's stocks, and funds."""
    return np.where(frame.kind == Kind.STOCK, frame.market, FUNDS).astype(np.int64)


def _shares(done: History, whole: History, usable: "Mask") -> "Real":
    """What was done of whole days, ``[session, listing]``; NaN where not known."""
    found = np.full(usable.shape, np.nan)
    there = usable & done.known
    np.divide(done["trading_value"], whole["trading_value"], out=found, where=there)
    return np.asarray(np.minimum(found, 1.0))


def _same(some: Listings, others: Listings) -> bool:
    """Whether two axes name the same stocks in the same rows."""
    if some is others:
        return True
    return [x.ticker for x in some] == [x.ticker for x in others]
