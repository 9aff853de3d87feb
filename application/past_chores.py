"""Long chores about the past: flows after the close, profiles, missing sessions."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from typing_extensions import override

from application.archive_slots import BUSY
from application.fill_history import FillHistory
from application.harvest_session import FrameOf, HarvestSession
from application.keep_profiles import ProfileBook
from application.ports.lease import Lease
from application.ports.market_data import Quotes
from application.progress import Progress
from application.timeliness import Timeliness
from application.upkeep import Chore, Work
from domain.listing import Listing, Listings, Venue
from domain.session import closes_at, final_at, opens_at, trades_on

PROVISIONAL_AFTER = timedelta(minutes=15)
"""How long after the close the day's flows are there, provisional (15:45)."""

BACKGROUND_SHARE = 1 / 3
"""Of the source's rate, for filling the past while people ask."""

SWEPT_FIRST = timedelta(minutes=30)
"""How long after its last trade today is left to the final sweep."""


@dataclass(slots=True, kw_only=True)
class HarvestFlows(Chore):
    """After the close the day's flows, provisional, and again once they are final."""

    harvest: HarvestSession
    timeliness: Timeliness
    _done: tuple[date, bool, bool] | None = None

    @property
    @override
    def name(self) -> str:
        return "harvest"

    @property
    @override
    def is_long(self) -> bool:
        return True

    @override
    async def due(self) -> Work | None:
        state = self._state()
        if state is None or state == self._done:
            return None
        return partial(self._harvest, state)

    def _state(self) -> tuple[date, bool, bool] | None:
        """The newest session that has closed, and whether KRX and NXT are final."""
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is None or now < opens_at(session, Venue.KRX):
            closed = self.timeliness.calendar.previous(now.date())
            return (closed.day, True, True)
        if now < closes_at(session, Venue.KRX) + PROVISIONAL_AFTER:
            return None
        krx, nxt = (
            not trades_on(session, venue) or now >= final_at(session, venue)
            for venue in (Venue.KRX, Venue.NXT)
        )
        return (session.day, krx, nxt)

    async def _harvest(self, state: tuple[date, bool, bool]) -> None:
        await self.harvest(state[0])
        self._done = state


@dataclass(slots=True, kw_only=True)
class FillProfiles(Chore):
    """Every profile of the session, the heaviest first; not in the first half hour."""

    book: ProfileBook
    quotes: Quotes
    frame_of: FrameOf
    timeliness: Timeliness

    @property
    @override
    def name(self) -> str:
        return "profiles"

    @property
    @override
    def is_long(self) -> bool:
        return True

    @override
    async def due(self) -> Work | None:
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is not None:
            opening = opens_at(session, Venue.KRX)
            if opening <= now < opening + BUSY:
                return None
        await self.book.load()
        listings = await self.quotes.listings()
        return partial(self._fill, listings) if self.book.missing(listings) else None

    async def _fill(self, listings: Listings) -> None:
        frame = await self.frame_of(Venue.KRX)
        value = {}
        if frame is not None:
            for row, item in enumerate(frame.listings):
                value[item.ticker] = int(frame.trading_value[row])

        def weight(item: Listing) -> tuple[int, int]:
            return (-value.get(item.ticker, 0), int(item.kind))

        await self.book.fill(sorted(listings, key=weight))


@dataclass(slots=True, kw_only=True)
class FillPast(Chore):
    """Fills missing sessions, slowly; looked at once for each newest session.

    Attributes:
        turn: Of whoever fills the past at once; this one gives way to them.
        sessions: How many are wanted; 0 for none.
    """

    fill: FillHistory
    timeliness: Timeliness
    turn: Lease
    sessions: int
    _done: date | None = field(default=None)

    @property
    @override
    def name(self) -> str:
        return "history"

    @property
    @override
    def is_long(self) -> bool:
        return True

    @override
    async def due(self) -> Work | None:
        newest = self._newest()
        if not self.sessions or newest is None or newest == self._done:
            return None
        if await self._is_taken():
            return None
        if not await self.fill.missing(self.sessions):
            self._done = newest
            return None
        return partial(self._fill, newest)

    def _newest(self) -> date | None:
        """The newest final session; None while its final sweep may still come."""
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is not None:
            final = final_at(session, Venue.ALL)
            if final <= now < final + SWEPT_FIRST:
                return None
            if now >= final:
                return session.day
        return self.timeliness.calendar.previous(now.date()).day

    async def _fill(self, newest: date) -> None:
        """Fills until it is done, or somebody fills at the full rate."""
        stepped = asyncio.Event()
        filling = asyncio.create_task(self._slowly(stepped))
        taken = asyncio.create_task(self._taken(stepped))
        try:
            await asyncio.wait([filling, taken], return_when=asyncio.FIRST_COMPLETED)
            if filling.done():
                filling.result()
                self._done = newest
        finally:
            for task in (filling, taken):
                task.cancel()
            await asyncio.gather(filling, taken, return_exceptions=True)

    async def _slowly(self, stepped: asyncio.Event) -> None:
        def step(_: Progress) -> None:
            stepped.set()

        await self.fill(self.sessions, progress=step, share=BACKGROUND_SHARE)

    async def _taken(self, stepped: asyncio.Event) -> None:
        """Ends when somebody else has the turn; looks after every step."""
        while not await self._is_taken():
            stepped.clear()
            await stepped.wait()

    async def _is_taken(self) -> bool:
        """Looks, and takes nothing: another process must find it free."""
        if not await self.turn.hold():
            return True
        await self.turn.release()
        return False
