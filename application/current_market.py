"""The market as it stands: one current frame per venue and pool, swept when needed."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from application.frame_shelf import FrameShelf
from application.ports.frames import KeptFrames
from application.ports.turns import Turns
from application.shared_sweeps import FreeTurns, SharedSweeper
from application.single_flight import SingleFlight
from application.sweeping import Pool, Sweeper, pools_of
from application.timeliness import Timeliness
from application.unanswered import again, gathering, in_time, not_open
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.leaders import Leaders
from domain.listing import Listings, Venue
from domain.ranking import Measure
from domain.screening import Universe
from domain.session import opens_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A frame as it is served.

    Attributes:
        stale: The source failed, or the figures are older than they should be.
        reason: Why, one Korean sentence; empty when all is well.
    """

    frame: MarketFrame
    stale: bool = False
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class CurrentMarket:
    """Holds the published frames and keeps them true.

    Before the open nothing is swept: the last session's frame answers. After the
    final figures nothing is swept either. A failed sweep leaves the last frame, and
    says so. What another process sweeps and publishes is not swept again.

    Attributes:
        sweeper: Asks the source.
        kept: Where frames are published, and found after a restart.
        timeliness: Judges them.
        turns: Of the processes that publish there; every one is free by default.
    """

    sweeper: Sweeper
    kept: KeptFrames
    timeliness: Timeliness
    turns: Turns = field(default_factory=FreeTurns)
    _shelf: FrameShelf = field(init=False)
    _shared: SharedSweeper = field(init=False)
    _resting: dict[Hashable, float] = field(default_factory=dict)
    _failures: dict[Pool, MarketDataError] = field(default_factory=dict)
    _led: dict[tuple[Universe, Measure], Leaders] = field(default_factory=dict)
    _unled: dict[tuple[Universe, Measure], MarketDataError] = field(
        default_factory=dict
    )
    _asked: dict[Pool, float] = field(default_factory=dict)
    _flights: SingleFlight = field(default_factory=SingleFlight)

    def __post_init__(self) -> None:
        """The frames have a place of their own, and their sweeps one among others."""
        self._shelf = FrameShelf(kept=self.kept, timeliness=self.timeliness)
        self._shared = SharedSweeper(
            sweeper=self.sweeper, kept=self.kept, turns=self.turns
        )

    async def seen(
        self, universe: Universe, *, patience: timedelta | None = None
    ) -> Sighting:
        """The best known frame of the universe, swept first where it must be.

        Args:
            universe: What has to be in it.
            patience: How long to wait for a sweep; by default the policy's.

        Raises:
            MarketDataUnavailableError: Nothing is known by the deadline, or the
                session has not opened and nothing of the last one is kept.
            MarketDataRefusedError: Credentials or entitlement are wrong.
        """
        pools = pools_of(universe)
        self._asked |= dict.fromkeys(pools, asyncio.get_running_loop().time())
        await self._recall(pools)
        late = False
        if not self.timeliness.is_quiet(universe.venue):
            late = await self._freshen(pools, patience or self._patience)
        return self._serve(pools, universe.venue, late=late)

    async def refresh(self, universe: Universe) -> None:
        """Sweeps every pool of the universe, however young its frame is.

        A sweep that runs already is this one too; another process's is, where it
        begins after this call.

        Raises:
            MarketDataError: A pool's sweep failed.
        """
        pools, asked = pools_of(universe), self.timeliness.clock.now()
        await self._recall(pools)
        flights = {self._behind(pool, asked): pool for pool in pools}
        done, _ = await asyncio.wait(flights)
        # One that ran already may have taken over what was there before this call.
        old = [flights[x] for x in done if not (x.cancelled() or x.result())]
        if old:
            await asyncio.wait([self._behind(pool, asked) for pool in old])
        if failure := self.failure(universe):
            raise again(failure)

    async def holds(self, universe: Universe) -> bool:
        """Whether `seen` answers at once, or nothing newer is to come."""
        pools = pools_of(universe)
        await self._recall(pools)
        if self.timeliness.is_quiet(universe.venue):
            return True
        newest = [self._shelf.newest(pool) for pool in pools]
        return all(frame and self.timeliness.is_servable(frame) for frame in newest)

    def holds_session(self, universe: Universe, session: date) -> bool:
        """Whether it has a frame of a session, or of a newer one, however old."""
        newest = self._shelf.common_session(pools_of(universe))
        return newest is not None and newest >= session

    async def led(self, universe: Universe, by: Measure) -> Leaders:
        """Who leads the universe's stocks, while its sweep runs behind.

        Raises:
            MarketDataError: The source's lists could not be had, or are of another
                session than its quotes.
        """
        known = self._led.get((universe, by))
        if known and self._is_recent(known.frame):
            return known
        failure = self._unled.get((universe, by))
        if failure and self._rests((universe, by)):
            raise again(failure)
        job = ("led", universe, by)
        flight = self._flights.start(job, lambda: self._lead(universe, by))
        self._start(pools_of(universe))
        return await in_time(flight, self._patience)

    async def listings(self, *, patience: timedelta | None = None) -> Listings:
        """What is listed this morning, within a caller's patience.

        Args:
            patience: How long to wait; by default the policy's.

        Raises:
            MarketDataUnavailableError: It could not be had in time.
        """
        flight = self._flights.start("listings", self.sweeper.quotes.listings)
        return await in_time(flight, patience or self._patience)

    def asked(self, pool: Pool) -> float | None:
        """When a question last needed the pool, in the loop's time; None: never."""
        return self._asked.get(pool)

    def forget(self) -> None:
        """Lets go what is at hand; who clears has deleted what was published."""
        self._shelf = FrameShelf(kept=self.kept, timeliness=self.timeliness)
        self._led.clear()

    async def close(self) -> None:
        """Ends the sweeps that run behind."""
        await self._flights.close()

    def newest(self, universe: Universe) -> tuple[MarketFrame | None, ...]:
        """The newest frame of each pool of the universe, for those who watch."""
        return tuple(self._shelf.newest(pool) for pool in pools_of(universe))

    def failure(self, universe: Universe) -> MarketDataError | None:
        """Why the last sweep of the universe failed; None when it did not."""
        found = (self._failures.get(pool) for pool in pools_of(universe))
        return next((failure for failure in found if failure), None)

    def overdue(self, frame: MarketFrame) -> str:
        """Why figures of an older session answer; empty when they are the newest."""
        due = self.timeliness.due_at(frame.venue).day
        if frame.session >= due:
            return ""
        return f"{due} 시세가 아직 없어 지난 거래일 시세로 답합니다."

    async def _recall(self, pools: list[Pool]) -> None:
        """Another process's frame ends our own failure."""
        for pool in await self._shelf.recall(pools):
            self._failures.pop(pool, None)

    @property
    def _patience(self) -> timedelta:
        return self.timeliness.freshness.patience

    def _is_recent(self, frame: MarketFrame) -> bool:
        young = self.timeliness.age(frame) < self.timeliness.freshness.leaders
        return young and self.timeliness.is_possible(frame)

    def _rests(self, job: Hashable) -> bool:
        """Whether a sweep or a lead was in vain, and just now."""
        return asyncio.get_running_loop().time() < self._resting.get(job, 0.0)

    def _rest(self, job: Hashable, pause: timedelta) -> None:
        self._resting[job] = asyncio.get_running_loop().time() + pause.total_seconds()

    async def _freshen(self, pools: list[Pool], patience: timedelta) -> bool:
        """Sweeps what must be, starts what should be; whether the wait was in vain."""
        waited_for = self._start(pools)
        if not waited_for:
            return False
        done, pending = await asyncio.wait(waited_for, timeout=patience.total_seconds())
        for flight in done:
            flight.result()  # a crash is the caller's to see
        return bool(pending)

    def _start(self, pools: list[Pool]) -> "list[asyncio.Task[bool]]":
        """Sweeps what is due; the flights without which there is no good answer."""
        needed = []
        for pool in pools:
            if self._rests(pool):
                continue
            frame = self._shelf.newest(pool)
            if frame is None or not self.timeliness.is_servable(frame):
                needed.append(self._behind(pool))
            elif not self.timeliness.is_fresh(frame):
                self._behind(pool)
        return needed

    def _behind(
        self, pool: Pool, since: datetime | None = None
    ) -> "asyncio.Task[bool]":
        return self._flights.start(pool, lambda: self._sweep(pool, since))

    async def _sweep(self, pool: Pool, since: datetime | None) -> bool:
        """One sweep, published; a failure is remembered for those who ask.

        Returns:
            Whether a sweep that is forced need not be made after this one.
        """
        held, freshness = self._shelf.newest(pool), self.timeliness.freshness
        try:
            swept = await self._shared.sweep(pool, held, since=since)
        except MarketDataError as error:
            self._failures[pool] = error
            self._rest(pool, freshness.retry)
            return True
        self._failures.pop(pool, None)
        if swept.frame is held:  # an unlisted holiday: there is nothing new to look for
            self._rest(pool, freshness.fresh)
        else:
            self._shelf.put(pool, swept.frame)
        return swept.is_ours or since is not None

    async def _lead(self, universe: Universe, by: Measure) -> Leaders:
        try:
            leaders = await self.sweeper.lead(universe, by)
        except MarketDataError as failure:
            self._unled[universe, by] = failure
            self._rest((universe, by), self.timeliness.freshness.retry)
            raise
        self._led[universe, by] = leaders
        return leaders

    def _serve(self, pools: list[Pool], venue: Venue, *, late: bool) -> Sighting:
        session = self._shelf.common_session(pools)
        if session is None:
            raise self._nothing(pools, venue)
        frame = self._shelf.whole(pools, session, venue)
        failing = any(pool in self._failures for pool in pools)
        if self.timeliness.is_fresh(frame) or (
            self.timeliness.is_servable(frame) and not failing
        ):
            return Sighting(frame=frame)
        reason = self._reason(pools, frame, late)
        return Sighting(frame=frame, stale=True, reason=reason)

    def _reason(self, pools: list[Pool], frame: MarketFrame, late: bool) -> str:
        error = next((self._failures[p] for p in pools if p in self._failures), None)
        if error:
            return f"증권사 시세를 새로 받지 못해 마지막 시세로 답합니다: {error}"
        if late:
            return "새 시세를 모으는 중이라 마지막으로 받은 시세로 답합니다."
        return self.overdue(frame) or (
            "마감 뒤의 확정 시세가 아니라 마지막으로 받은 잠정 시세입니다."
        )

    def _nothing(self, pools: list[Pool], venue: Venue) -> MarketDataError:
        for pool in pools:
            if pool in self._failures:
                return again(self._failures[pool])
        today = self.timeliness.today()
        if today is None or not self.timeliness.is_quiet(venue):
            return gathering()
        return not_open(opens_at(today, venue), self.timeliness.clock.now())
