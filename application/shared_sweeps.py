"""One sweep among processes: published by whoever has the turn, taken by the others."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime

from typing_extensions import override

from application.ports.frames import KeptFrames
from application.ports.turns import Turn, Turns
from application.publication import Publication
from application.sweeping import Pool, Sweeper
from domain.frame import MarketFrame

LOOK_SECONDS = (0.05, 0.1)
"""Between two looks of one who waits: at random, so that many do not look as one."""

LONGEST_WAIT_SECONDS = 120.0
"""A holder that lives and does nothing must not keep everybody from sweeping."""


class FreeTurns(Turns, Turn):
    """Of a process that shares with nobody: every turn is free."""

    @override
    async def take(self, name: str) -> Turn | None:
        return self

    @override
    async def end(self) -> None:
        """Nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Swept:
    """A pool's frame.

    Attributes:
        frame: What is known now; the frame that was held where nothing newer is.
        is_ours: This process asked the source; else another one did.
    """

    frame: MarketFrame
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSweeper:
    """Sweeps where no other process has, and publishes what it swept.

    Attributes:
        sweeper: Asks the source.
        kept: Where frames are published.
        turns: Of the processes that publish there.
        longest_wait: Seconds until it sweeps without a turn.
    """

    sweeper: Sweeper
    kept: KeptFrames
    turns: Turns = field(default_factory=FreeTurns)
    longest_wait: float = LONGEST_WAIT_SECONDS

    async def sweep(
        self, pool: Pool, held: MarketFrame | None, *, since: datetime | None = None
    ) -> Swept:
        """A newer frame than the one held: another process's, or one of our own.

        Args:
            pool: What is wanted.
            held: The last frame of the pool.
            since: Another process's frame has to be of a sweep that began then or
                later; None where any fresh one does.

        Raises:
            MarketDataError: The source was asked in vain.
        """
        publication = Publication(kept=self.kept, timeliness=self.sweeper.timeliness)
        turn, newest = None, held
        end = asyncio.get_running_loop().time() + self.longest_wait
        while turn is None and asyncio.get_running_loop().time() < end:
            newest = await publication.newer(pool, newest) or newest
            if newest and newest is not held and self._serves(newest, since):
                return Swept(newest, is_ours=False)
            turn = await self.turns.take(_name(pool))
            if turn is None:
                await asyncio.sleep(random.uniform(*LOOK_SECONDS))  # noqa: S311
        try:
            # It may have been published between the look and the turn.
            newest = await publication.newer(pool, newest) or newest
            if newest and newest is not held and self._serves(newest, since):
                return Swept(newest, is_ours=False)
            frame = await self.sweeper.sweep(pool, newest)
            if frame is not newest:
                await self.kept.keep(frame)
            return Swept(frame, is_ours=True)
        finally:
            if turn is not None:
                await asyncio.shield(turn.end())

    def _serves(self, frame: MarketFrame, since: datetime | None) -> bool:
        """Whether another process's frame does in place of a sweep."""
        if since is None:
            return self.sweeper.timeliness.is_fresh(frame)
        return frame.as_of_from >= since


def _name(pool: Pool) -> str:
    venue, kinds = pool
    return f"sweep-{venue.value}-{'+'.join(x.name for x in sorted(kinds))}".lower()
