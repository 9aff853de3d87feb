"""The slow loop of a long-running server: one due chore at a time; failures rest."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from application.ports.journal import Journal
from application.ports.lease import Lease
from domain.errors import MarketDataRefusedError

STEP_SECONDS = 10.0

FIRST_REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 1800.0
"""A failing chore rests, each time twice as long; a refused one the longest at once."""

Work = Callable[[], Awaitable[object]]


class Chore(Protocol):
    """Something to be done now and then."""

    @property
    def name(self) -> str:
        """For the log."""
        ...

    @property
    def is_long(self) -> bool:
        """Whether it runs behind the steps, and may be cut short: it goes on later."""
        ...

    async def due(self) -> Work | None:
        """What is to be done now; None while there is nothing."""
        ...


@dataclass(slots=True, kw_only=True)
class _Rest:
    """How often a chore has failed in a row, and until when it rests."""

    failures: int = 0
    until: float = 0.0


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """Keeps house: of several processes over one folder, the one with the lease.

    Short chores are done within the step. One long chore runs behind; a more important
    one that falls due takes its place.

    Attributes:
        chores: The most important first.
        elapsed: Seconds that only run forward; None for the event loop's.
    """

    chores: Sequence[Chore]
    lease: Lease
    journal: Journal
    elapsed: Callable[[], float] | None = None
    _rests: dict[str, _Rest] = field(default_factory=dict)
    _behind: tuple[Chore, "asyncio.Task[None]"] | None = None

    async def run(self) -> None:
        """Steps until it is cancelled."""
        try:
            while True:
                await self.step()
                await asyncio.sleep(STEP_SECONDS)
        finally:
            await self.close()

    async def step(self) -> str | None:
        """Does, or begins, the most important chore that is due; its name."""
        if not await self.lease.hold():
            await self._drop()
            return None
        for chore in self.chores:
            if self._runs(chore):
                return None  # what comes after it waits for its end
            work = await self._due(chore)
            if work is None:
                continue
            if chore.is_long:
                await self._drop()
                self._behind = (chore, asyncio.create_task(self._do(chore, work)))
            else:
                await self._do(chore, work)
            return chore.name
        return None

    async def close(self) -> None:
        """Ends what runs behind and lets another process keep house."""
        await self._drop()
        await self.lease.release()

    def _runs(self, chore: Chore) -> bool:
        return (
            self._behind is not None
            and self._behind[0] is chore
            and not self._behind[1].done()
        )

    async def _due(self, chore: Chore) -> Work | None:
        if self._now() < self._rest_of(chore).until:
            return None
        try:
            return await chore.due()
        except Exception as error:
            self._failed(chore, error)
            return None

    async def _do(self, chore: Chore, work: Work) -> None:
        try:
            await work()
        except Exception as error:
            self._failed(chore, error)
        else:
            self._rests.pop(chore.name, None)

    def _failed(self, chore: Chore, error: Exception) -> None:
        """Logged, and not tried again for a while; the other chores go on."""
        rest = self._rest_of(chore)
        seconds = min(FIRST_REST_SECONDS * 2**rest.failures, LONGEST_REST_SECONDS)
        if isinstance(error, MarketDataRefusedError):
            seconds = LONGEST_REST_SECONDS
        rest.failures = min(rest.failures + 1, 10)
        rest.until = self._now() + seconds
        self.journal.warning(
            "upkeep.failed",
            chore=chore.name,
            kind=type(error).__name__,
            error=str(error),
            rests_for=seconds,
        )

    def _rest_of(self, chore: Chore) -> _Rest:
        return self._rests.setdefault(chore.name, _Rest())

    async def _drop(self) -> None:
        """Cuts short what runs behind."""
        behind, self._behind = self._behind, None
        if behind is not None:
            behind[1].cancel()
            await asyncio.gather(behind[1], return_exceptions=True)

    def _now(self) -> float:
        return (self.elapsed or asyncio.get_running_loop().time)()
