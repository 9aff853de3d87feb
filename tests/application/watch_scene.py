"""A watcher over a fake market, and days that pass while it sleeps."""

import asyncio
import contextlib
import functools
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from typing_extensions import override

from application.sweep_plan import POOLS
from application.sweeping import PRODUCTS, STOCKS, Pool, pools_of
from application.timeliness import Timeliness
from application.timely_sweeps import Watched
from application.upkeep import Chore, Work
from application.watch_market import WatchMarket
from domain.frame import MarketFrame
from domain.listing import Ticker, Venue
from domain.screening import Universe
from domain.session import final_at
from tests.application.past_fakes import NotedJournal, OneLease
from tests.builders import SESSION, at, frame
from tests.fakes import FakeCalendar, FakeClock

KRX_STOCKS: Pool = (Venue.KRX, STOCKS)
NXT_STOCKS: Pool = (Venue.NXT, STOCKS)
KRX_PRODUCTS: Pool = (Venue.KRX, PRODUCTS)
NXT_PRODUCTS: Pool = (Venue.NXT, PRODUCTS)

LONG_AGO = at("00:00", date(2000, 1, 3))

DEADLINE = 30.0
"""For a day that does not pass; never reached by one that does."""


@dataclass
class Journal(NotedJournal):
    """Remembers crashes beside what was said."""

    crashes: list[Mapping[str, object]] = field(default_factory=list)

    def error(self, event: str, **facts: object) -> None:
        self.crashes.append({"event": event, **facts})

    def rests(self, event: str = "watcher.rests") -> list[object]:
        """For how long what failed rested, in order."""
        return [facts["rests_for"] for said, facts in self.said if said == event]


@dataclass(kw_only=True)
class PassingTime:
    """The clock, the loop's seconds and a sleep that moves both."""

    clock: FakeClock
    seconds: float = 0.0
    end: datetime = LONG_AGO
    slept: list[float] = field(default_factory=list)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.clock.advance(seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        while self.clock.now() >= self.end:
            self._ended.set()
            self._goes_on.clear()
            await self._goes_on.wait()
        self.passes(seconds)
        await asyncio.sleep(0)

    async def until(self, clock: str, day: date | None = None) -> None:
        """Lets it pass; ends in the first sleep at that time or later."""
        self.end = at(clock, day or self.clock.now().date())
        self._ended.clear()
        self._goes_on.set()
        async with asyncio.timeout(DEADLINE):
            await self._ended.wait()


@dataclass(kw_only=True)
class FakeMarket(Watched):
    """Sweeps take their time, and bring a frame of the day unless they fail.

    Attributes:
        lasts: Seconds of a sweep, by pool.
        fails: What a pool's sweep raises.
        is_dead: Nothing trades: what was held is all there is.
        shows: The session that quotes are of; None for the newest.
        published: Frames of other processes, found with the next look.
        swept: Every sweep that was begun: pool and instant.
        frames: Every frame there was, by pool.
    """

    time: PassingTime
    timeliness: Timeliness
    lasts: dict[Pool, float] = field(
        default_factory=lambda: {KRX_STOCKS: 6.0, NXT_STOCKS: 2.0, KRX_PRODUCTS: 3.0}
    )
    fails: dict[Pool, Exception] = field(default_factory=dict)
    is_dead: bool = False
    shows: date | None = None
    published: dict[Pool, MarketFrame] = field(default_factory=dict)
    swept: list[tuple[Pool, datetime]] = field(default_factory=list)
    frames: dict[Pool, list[MarketFrame]] = field(
        default_factory=lambda: {pool: [] for pool in POOLS}
    )

    @override
    async def refresh(self, universe: Universe) -> None:
        for pool in pools_of(universe):
            began = self.time.clock.now()
            self.swept.append((pool, began))
            await asyncio.sleep(0)
            if pool in self.fails:
                raise self.fails[pool]
            self.time.passes(self.lasts.get(pool, 0.0))
            if not self.is_dead:
                self.frames[pool].append(self.frame(pool, began))

    def frame(self, pool: Pool, began: datetime) -> MarketFrame:
        """What a sweep that ends now brings."""
        venue, kinds = pool
        session = self.timeliness.due(venue)
        return frame(
            {"000001": 1},
            venue=venue,
            kinds=kinds,
            session=self.shows or session.day,
            as_of_from=began,
            as_of=self.time.clock.now(),
            is_final=began >= final_at(session, venue),
        )

    @override
    async def holds(self, universe: Universe) -> bool:
        for pool in pools_of(universe):
            if pool in self.published:
                self.frames[pool].append(self.published.pop(pool))
        return True

    @override
    def newest(self, universe: Universe) -> tuple[MarketFrame | None, ...]:
        return tuple(
            self.frames[pool][-1] if self.frames[pool] else None
            for pool in pools_of(universe)
        )


@dataclass(kw_only=True)
class Finals(Chore):
    """Sweeps a pool once when it is over, as the chore of the product does."""

    market: FakeMarket
    done: set[tuple[Pool, date]] = field(default_factory=set)

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
        session, now = self.market.timeliness.today(), self.market.time.clock.now()
        for pool in POOLS if session else ():
            assert session is not None
            if now >= final_at(session, pool[0]) and (
                (pool, session.day) not in self.done
            ):
                return functools.partial(self._take, pool, session.day)
        return None

    async def _take(self, pool: Pool, day: date) -> None:
        await self.market.refresh(Universe(venue=pool[0], kinds=pool[1]))
        self.done.add((pool, day))


@dataclass(kw_only=True)
class Watch:
    """Everything a watcher meets; it begins at 07:00 of a usual Thursday."""

    calendar: FakeCalendar = field(default_factory=FakeCalendar)
    lease: OneLease = field(default_factory=OneLease)
    begins: str = "07:00"
    day: date = SESSION

    def __post_init__(self) -> None:
        self.clock = FakeClock(at(self.begins, self.day))
        self.time = PassingTime(clock=self.clock)
        self.timeliness = Timeliness(clock=self.clock, calendar=self.calendar)
        self.market = FakeMarket(time=self.time, timeliness=self.timeliness)
        self.journal = Journal()
        self.wanted: list[list[Ticker]] = []
        self.forgotten: list[tuple[str, datetime]] = []
        self.shown: list[MarketFrame] = []
        self.broken: Exception | None = None
        self.asked: dict[Pool, float] = {}
        self.watcher = WatchMarket(
            market=self.market,
            lease=self.lease,
            timeliness=self.timeliness,
            journal=self.journal,
            want=lambda codes: self.wanted.append(list(codes)),
            forget=self._forget,
            seen=self._see,
            finals=Finals(market=self.market),
            asked=self.asked.get,
            elapsed=lambda: self.time.seconds,
            sleep=self.time.sleep,
        )

    async def _forget(self, prefix: str) -> None:
        self.forgotten.append((prefix, self.clock.now()))
        if self.broken:
            raise self.broken

    async def _see(self, frame: MarketFrame) -> None:
        self.shown.append(frame)
        if self.broken:
            raise self.broken

    def running(self) -> contextlib.AbstractAsyncContextManager[PassingTime]:
        """The watcher at work while the block lasts."""
        return at_work(self.watcher, self.time)

    def begun(self, pool: Pool) -> list[datetime]:
        """When the pool's sweeps were begun."""
        return [began for swept, began in self.market.swept if swept == pool]

    def hours(self, pool: Pool) -> dict[int, int]:
        """How many sweeps of the pool each hour began."""
        return dict(Counter(began.hour for began in self.begun(pool)))

    def gaps(self, pool: Pool) -> list[float]:
        """Seconds between the pool's frames: the most a question sees of their age."""
        ends = [frame.as_of for frame in self.market.frames[pool]]
        return [
            (after - before) / timedelta(seconds=1)
            for before, after in itertools.pairwise(ends)
        ]


@contextlib.asynccontextmanager
async def at_work(
    watcher: WatchMarket, time: PassingTime
) -> AsyncIterator[PassingTime]:
    """A watcher while the block lasts; time stands until it is let pass."""
    task = asyncio.create_task(watcher.run())
    try:
        yield time
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
