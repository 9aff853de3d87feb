"""Chores about frames: the final ones, and letting go of those between."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from typing_extensions import override

from application.ports.archive import Frames
from application.sweeping import PRODUCTS, STOCKS, Pool
from application.timeliness import Timeliness
from application.upkeep import Chore, Work
from domain.listing import Venue
from domain.screening import Universe
from domain.session import final_at, trades_on

Sweep = Callable[[Universe], Awaitable[object]]
"""Takes a frame of each of the universe's pools now; whoever does it archives them."""

SESSIONS_WITH_INSTANTS = 20
"""Before the newest: as many as a question of 20 sessions compares with."""

FINAL_TRIES = 3
FINAL_REST = timedelta(minutes=10)
"""A sweep after the last trade with gaps is no final one: it is made again."""


@dataclass(slots=True, kw_only=True)
class SweepFinals(Chore):
    """Once a venue's session is final, its last frame, unless it is archived."""

    sweep: Sweep
    frames: Frames
    timeliness: Timeliness
    _kept: set[tuple[Pool, date]] = field(default_factory=set)
    _tried: dict[tuple[Pool, date], tuple[int, datetime]] = field(default_factory=dict)

    @property
    @override
    def name(self) -> str:
        return "sweep_final"

    @property
    @override
    def is_long(self) -> bool:
        return False

    @override
    async def due(self) -> Work | None:
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is None:
            return None
        for venue in (Venue.KRX, Venue.NXT):
            if not trades_on(session, venue) or now < final_at(session, venue):
                continue
            for kinds in (STOCKS, PRODUCTS):
                pool = (venue, kinds)
                if not self._rests((pool, session.day), now) and (
                    not await self._is_kept(pool, session.day)
                ):
                    return partial(self._take, pool, session.day)
        return None

    def _rests(self, key: tuple[Pool, date], now: datetime) -> bool:
        tries, last = self._tried.get(key, (0, now))
        return tries >= FINAL_TRIES or (tries > 0 and now - last < FINAL_REST)

    async def _is_kept(self, pool: Pool, day: date) -> bool:
        if (pool, day) not in self._kept and day in await self.frames.sessions(*pool):
            self._kept.add((pool, day))
        return (pool, day) in self._kept

    async def _take(self, pool: Pool, day: date) -> None:
        venue, kinds = pool
        await self.sweep(Universe(venue=venue, kinds=kinds))
        tries, _ = self._tried.get((pool, day), (0, None))
        self._tried[pool, day] = (tries + 1, self.timeliness.clock.now())


@dataclass(slots=True, kw_only=True)
class ForgetInstants(Chore):
    """Once a session, lets the frames between of long past sessions go."""

    frames: Frames
    timeliness: Timeliness
    sessions: int = SESSIONS_WITH_INSTANTS
    _done: date | None = None

    @property
    @override
    def name(self) -> str:
        return "forget_instants"

    @property
    @override
    def is_long(self) -> bool:
        return False

    @override
    async def due(self) -> Work | None:
        newest = self.timeliness.due(Venue.KRX).day
        return None if newest == self._done else partial(self._forget, newest)

    async def _forget(self, newest: date) -> None:
        oldest = newest
        for _ in range(self.sessions):
            oldest = self.timeliness.calendar.previous(oldest).day
        await self.frames.forget_instants(oldest)
        self._done = newest
