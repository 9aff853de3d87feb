"""One budget of calls a second: spaced, with a window behind, interactive first."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from typing_extensions import override

from adapters.kis.budget import Budget, LocalBudget, SharedBy
from adapters.kis.envelope import OVER_LIMIT, says_any_of
from adapters.kis.transport import KisRequest, KisResponse, Priority, Transport

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimiterStats:
    """What the limiter has done since the start.

    Attributes:
        granted: Calls let through.
        refused: Refusals that the broker answered, to this process.
        rate: Calls a second at present, of all that share the budget together.
        configured_rate: Calls a second without refusals.
        waiting: Calls queued now, in this process.
        shared_by: Who goes by the budget; ``fallback`` is this process at its part.
    """

    granted: int
    refused: int
    rate: float
    configured_rate: float
    waiting: int
    shared_by: SharedBy


AHEAD_OF_A_SWEEP = 3
"""Questions' calls that may go before a waiting sweep's, one after another."""


class Limiter:
    """Lets calls through as a budget grants them; belongs to one event loop.

    The broker counts arrivals in any sliding second, so a grant is to be followed by
    its call at once. Waiters of one priority go in the order they came; one that is
    cancelled leaves no trace.

    Args:
        rate: Calls a second of a budget of its own, when none is given.
        budget: What grants them.
        monotonic: A clock that only runs forward, in seconds.
    """

    def __init__(
        self,
        rate: float = 15.0,
        *,
        budget: Budget | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._budget = budget or LocalBudget(rate, monotonic=monotonic)
        self._queues: dict[Priority, deque[asyncio.Future[None]]] = {
            priority: deque() for priority in Priority
        }
        self._ahead = 0
        self._server: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._asking_for: Priority | None = None
        self._is_taking = False
        self._has_to_share = False
        self._granted = 0
        self._refused = 0

    @property
    def stats(self) -> LimiterStats:
        """The state of this instant."""
        state = self._budget.state
        return LimiterStats(
            granted=self._granted,
            refused=self._refused,
            rate=state.rate,
            configured_rate=state.configured_rate,
            waiting=sum(
                not future.done() for queue in self._queues.values() for future in queue
            ),
            shared_by=state.shared_by,
        )

    async def acquire(self, priority: Priority = Priority.INTERACTIVE) -> None:
        """Waits until the next call may go out."""
        free = not self._is_taking and not any(self._queues.values())
        if free and await self._took(priority):
            return
        future = asyncio.get_running_loop().create_future()
        self._queues[priority].append(future)
        if self._asking_for is not None and priority < self._asking_for:
            self._woken.set()
        self._start()
        await future

    def refused(self) -> None:
        """Told of a refusal: pauses briefly, or stops and slows when they repeat."""
        self._refused += 1
        before = self._budget.state.rate
        self._has_to_share = self._budget.refused() or self._has_to_share
        now = self._budget.state.rate
        _log.info("kis.refused", rate=round(now, 2), was=round(before, 2))
        if self._has_to_share:
            self._woken.set()
            self._start()

    async def close(self) -> None:
        """Ends what the budget does behind."""
        await self._budget.close()

    async def _took(self, priority: Priority) -> bool:
        """Tries at once, for a caller that nobody is ahead of."""
        self._is_taking = True
        try:
            if await self._budget.take(priority) > 0:
                return False
            self._granted += 1
            return True
        finally:
            self._is_taking = False
            if any(self._queues.values()) or self._has_to_share:
                self._start()

    def _start(self) -> None:
        """One task asks the budget, as long as anyone waits."""
        if self._is_taking or (self._server and not self._server.done()):
            return
        self._server = asyncio.create_task(self._serve())
        self._server.add_done_callback(self._end)

    async def _serve(self) -> None:
        while True:
            self._woken.clear()
            if self._has_to_share:
                self._has_to_share = False
                await self._budget.share()
            first = self._first()
            if first is None and not self._has_to_share:
                return
            if first is None:
                continue
            self._asking_for = first
            wait = await self._budget.take(first)
            if wait > 0:
                await self._rest(wait)
                continue
            self._granted += 1
            self._grant(first)

    def _first(self) -> Priority | None:
        """Whose turn it is; None when nobody waits.

        The highest priority's; but after `AHEAD_OF_A_SWEEP` calls that went before a
        waiting sweep, that has one: without sweeps every question becomes dear.
        """
        for queue in self._queues.values():
            while queue and queue[0].done():  # its waiter was cancelled
                queue.popleft()
        if self._ahead >= AHEAD_OF_A_SWEEP and self._queues[Priority.SWEEP]:
            return Priority.SWEEP
        return next((each for each, queue in self._queues.items() if queue), None)

    def _grant(self, priority: Priority) -> None:
        """Lets the first of a priority go, or of another where that has gone."""
        now = self._first()
        if now is None:
            return
        chosen = priority if self._queues[priority] else now
        self._queues[chosen].popleft().set_result(None)
        is_before = chosen < Priority.SWEEP and bool(self._queues[Priority.SWEEP])
        self._ahead = self._ahead + 1 if is_before else 0

    async def _rest(self, seconds: float) -> None:
        """Sleeps, unless somebody comes who goes first, or there is news to share."""
        timer = asyncio.get_running_loop().call_later(seconds, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            timer.cancel()

    def _end(self, server: asyncio.Task[None]) -> None:
        """Nobody is left to wait for a server that is gone."""
        self._asking_for = None
        error = None if server.cancelled() else server.exception()
        if error is None and not server.cancelled():
            return
        left = [future for queue in self._queues.values() for future in queue]
        for queue in self._queues.values():
            queue.clear()
        for future in left:
            if not future.done() and error is not None:
                future.set_exception(error)
            elif not future.done():
                future.cancel()


class Throttled(Transport):
    """Another transport's exchanges at a limiter's pace; downloads are free."""

    def __init__(self, inner: Transport, limiter: Limiter) -> None:
        self._inner = inner
        self._limiter = limiter

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        await self._limiter.acquire(request.priority)
        response = await self._inner.exchange(request)
        if says_any_of(response, OVER_LIMIT):
            self._limiter.refused()
        return response

    @override
    async def download(self, path: str) -> bytes:
        return await self._inner.download(path)
