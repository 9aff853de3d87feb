"""The watcher: keeps the market's frames fresh while a session runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date

from application.attempts import Attempts
from application.leading import LEASE_SECONDS, Leading
from application.new_frames import NewFrames, Seen, Want
from application.ports.lease import Lease
from application.restarting import CrashJournal, Restarting
from application.sweep_plan import POOLS, SweepPlan
from application.sweeping import STOCKS, Pool
from application.timeliness import Timeliness
from application.timely_sweeps import TimelySweeps, Watched, name_of
from application.upkeep import Chore
from application.watcher_state import Mood, WatcherState
from domain.listing import Venue

LONGEST_SLEEP_SECONDS = 10.0
"""However far off the next sweep is: a clock may be set, a lease must be held again."""

FORGOTTEN = "answer:"
"""What the cache lets go when another session's figures are due."""


def _nobody_asks(_: Pool) -> float | None:
    return None


@dataclass(slots=True, kw_only=True)
class WatchMarket:
    """Sweeps each pool just before its frame is too old; one process of many does.

    From a venue's first trades until its session is final; then ``finals`` takes its
    last frame, and nothing is called until the next session opens.

    Attributes:
        want: Has the leaders' profiles read.
        forget: Lets the cached answers of a prefix go.
        seen: Looks at each new frame.
        finals: The chore that takes the final frames; None where somebody else does.
        asked: When a pool was last asked for, in ``elapsed`` seconds.
        elapsed: Seconds that only run forward; None for the event loop's.
        sleep: Waits for so many of them.
        lease_seconds: Between two holds of the lease.
    """

    market: Watched
    lease: Lease
    timeliness: Timeliness
    journal: CrashJournal
    want: Want
    forget: Callable[[str], Awaitable[object]] | None = None
    seen: Seen | None = None
    finals: Chore | None = None
    asked: Callable[[Pool], float | None] = _nobody_asks
    elapsed: Callable[[], float] | None = None
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    lease_seconds: float = LEASE_SECONDS
    _leading: Leading = field(init=False)
    _attempts: Attempts = field(init=False)
    _sweeps: TimelySweeps = field(init=False)
    _frames: NewFrames = field(init=False)
    _restarting: Restarting = field(init=False)
    _due: date | None = None
    _state: WatcherState = field(default_factory=lambda: WatcherState(mood=Mood.OFF))

    def __post_init__(self) -> None:
        """What it is made of is its own."""
        journal, elapsed = self.journal, self._elapsed
        self._leading = Leading(
            lease=self.lease, journal=journal, every=self.lease_seconds
        )
        self._attempts = Attempts(
            event="watcher.rests", journal=journal, elapsed=elapsed
        )
        self._sweeps = TimelySweeps(
            market=self.market,
            plan=SweepPlan(timeliness=self.timeliness),
            leading=self._leading,
            attempts=self._attempts,
            asked=self.asked,
            elapsed=elapsed,
        )
        self._frames = NewFrames(want=self.want, seen=self.seen, journal=journal)
        self._restarting = Restarting(
            event="watcher.crashed", journal=journal, elapsed=elapsed, sleep=self.sleep
        )

    @property
    def state(self) -> WatcherState:
        """How it is now; to be read in the loop it runs in."""
        stocks = [pool for pool in self._sweeps.running() if pool[1] == STOCKS]
        frames = [frame for pool in stocks if (frame := self._sweeps.newest(pool))]
        return replace(
            self._state,
            last_frame=max((frame.as_of for frame in frames), default=None),
            restarts=self._restarting.restarts,
            crashes=self._restarting.crashes,
        )

    async def run(self) -> None:
        """Watches until it is cancelled; a crash is logged, and it begins anew."""
        try:
            await self._restarting.run(self._watch, self._crashed)
        finally:
            await self._leading.let_go()
            self._feel(Mood.OFF)

    async def _watch(self) -> None:
        self._due = self._due or self._due_day()
        while True:
            if await self._leading.hold():
                pause = await self._step()
            else:
                self._feel(Mood.ELSEWHERE)
                pause = self.lease_seconds
            await self.sleep(pause)

    async def _crashed(self, error: Exception) -> None:
        """Another process may be luckier."""
        self._feel(
            Mood.CRASHED, type(error).__name__, cares=bool(self._state.watched_from)
        )
        await self._leading.let_go()

    async def _step(self) -> float:
        """Does what is due now; seconds until something else may be."""
        await self._forget_at_the_turn()
        await self._finish()
        await self._show()
        pool, seconds = self._sweeps.soonest()
        if not seconds:
            await self._sweeps.sweep(pool)
            await self._show()
        self._judge()
        return min(seconds, LONGEST_SLEEP_SECONDS)

    def _due_day(self) -> date:
        return self.timeliness.due(Venue.ALL).day

    async def _forget_at_the_turn(self) -> None:
        """Another session is due: what was answered of the last one is let go, once."""
        due, before = self._due_day(), self._due
        self._due = due
        if self.forget is None or due == before:
            return
        try:
            await self.forget(FORGOTTEN)
        except Exception as error:
            kind = type(error).__name__
            self.journal.warning("watcher.not_forgotten", kind=kind, error=str(error))

    async def _finish(self) -> None:
        """Final frames, once the sessions are over."""
        if self.finals is not None and not self._attempts.left(self.finals.name):
            work = self._leading.during(_done(self.finals))
            await self._attempts.succeeds(self.finals.name, work)

    async def _show(self) -> None:
        """Frames of today that were not shown yet, whoever swept them."""
        session = self.timeliness.today()
        for pool in POOLS:
            if session is None or not self._sweeps.plan.has_opened(pool[0]):
                continue
            frame = await self._sweeps.recall(pool)
            if frame is not None and frame.session == session.day:
                await self._frames.show(frame)

    def _judge(self) -> None:
        running = self._sweeps.running()
        names = [name_of(pool) for pool in running]
        error = self._attempts.error(
            [*names, self.finals.name] if self.finals else names
        )
        if error is not None:
            self._feel(Mood.RESTING, error, cares=bool(running))
        else:
            self._feel(Mood.WATCHING if running else Mood.IDLE, cares=bool(running))

    def _feel(self, mood: Mood, error: str = "", *, cares: bool = False) -> None:
        """Notes since when it is so, and since when a session is in its care."""
        now, known = self.timeliness.clock.now(), self._state
        self._state = WatcherState(
            mood=mood,
            since=known.since if known.mood is mood else now,
            watched_from=(known.watched_from or now) if cares else None,
            error=error,
        )

    def _elapsed(self) -> float:
        return (self.elapsed or asyncio.get_running_loop().time)()


async def _done(chore: Chore) -> None:
    work = await chore.due()
    if work is not None:
        await work()
