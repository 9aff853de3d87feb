"""Sweeps of the watched pools, each when it is due."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from application.attempts import Attempts
from application.leading import Leading
from application.sweep_plan import POOLS, SweepPlan
from application.sweeping import Pool
from domain.frame import MarketFrame
from domain.screening import Universe

ASKED_SECONDS = 600.0
"""How long products are swept like stocks after a question."""


class Watched(Protocol):
    """The current market, as far as the watcher needs it."""

    async def refresh(self, universe: Universe) -> None:
        """Sweeps every pool of the universe now; raises what a sweep failed with."""
        ...

    async def holds(self, universe: Universe) -> bool:
        """Takes over what other processes have published, and sweeps nothing."""
        ...

    def newest(self, universe: Universe) -> tuple[MarketFrame | None, ...]:
        """The newest frame of each pool of the universe."""
        ...


@dataclass(slots=True, kw_only=True)
class TimelySweeps:
    """Knows which pool is due next, and sweeps it.

    Attributes:
        asked: When a pool was last asked for, in ``elapsed`` seconds.
        elapsed: Seconds that only run forward.
    """

    market: Watched
    plan: SweepPlan
    leading: Leading
    attempts: Attempts
    asked: Callable[[Pool], float | None]
    elapsed: Callable[[], float]

    def soonest(self) -> tuple[Pool, float]:
        """The pool that is due first; seconds until then, endless for not today."""
        waits = {pool: self._wait(pool) for pool in POOLS}
        pool = min(waits, key=waits.__getitem__)
        return pool, max(waits[pool], 0.0)

    async def sweep(self, pool: Pool) -> None:
        """Sweeps it now; what was in vain is not tried again at once."""
        began, before = self.elapsed(), self.newest(pool)
        work = self.leading.during(self.market.refresh(universe_of(pool)))
        if not await self.attempts.succeeds(name_of(pool), work):
            return
        timeliness, frame = self.plan.timeliness, self.newest(pool)
        if frame is None or (before is not None and frame.as_of == before.as_of):
            # A holiday nobody listed: there is nothing new to look for.
            pause = timeliness.freshness.fresh
        elif timeliness.is_fresh(frame):
            self.plan.took(pool, self.elapsed() - began)
            return
        else:  # e.g. a phase ended meanwhile
            pause = timeliness.freshness.retry
        self.attempts.pause(name_of(pool), pause.total_seconds())

    async def recall(self, pool: Pool) -> MarketFrame | None:
        """The pool's newest frame, whoever swept it."""
        await self.market.holds(universe_of(pool))
        return self.newest(pool)

    def newest(self, pool: Pool) -> MarketFrame | None:
        """The newest frame of the pool that this process knows of."""
        return self.market.newest(universe_of(pool))[0]

    def running(self) -> list[Pool]:
        """The pools whose figures still move today."""
        return [pool for pool in POOLS if self.plan.runs(pool[0])]

    def _wait(self, pool: Pool) -> float:
        asked = self.asked(pool)
        is_asked = asked is not None and self.elapsed() - asked < ASKED_SECONDS
        due = self.plan.due(pool, self.newest(pool), is_asked=is_asked)
        if due is None:
            return math.inf
        seconds = (due - self.plan.timeliness.clock.now()).total_seconds()
        rest = self.attempts.left(name_of(pool))
        # Without a rest it may be negative: the longest overdue comes first.
        return max(seconds, rest) if rest > 0 else seconds


def universe_of(pool: Pool) -> Universe:
    """What has to be asked for to have this pool alone swept."""
    venue, kinds = pool
    return Universe(venue=venue, kinds=kinds)


def name_of(pool: Pool) -> str:
    """For the log: ``KRX STOCK``, ``NXT ETF+ETN``."""
    return f"{pool[0].value} {'+'.join(sorted(kind.name for kind in pool[1]))}"
