"""One budget of calls a second: spaced, with a window behind, interactive first."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from typing_extensions import override

from adapters.kis.envelope import OVER_LIMIT, says_any_of
from adapters.kis.pace import Pace
from adapters.kis.transport import KisRequest, KisResponse, Priority, Transport

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimiterStats:
    """What the limiter has done since the start.

    Attributes:
        granted: Calls let through.
        refused: Refusals that the broker answered.
        rate: Calls a second at present.
        configured_rate: Calls a second without refusals.
        waiting: Calls queued now.
    """

    granted: int
    refused: int
    rate: float
    configured_rate: float
    waiting: int


class Limiter:
    """Lets calls through at a pace; belongs to one event loop.

    The broker counts arrivals in any sliding second, so a grant is to be followed by
    its call at once. Waiters of one priority go in the order they came; one that is
    cancelled leaves no trace.

    Args:
        rate: Calls a second.
        monotonic: A clock that only runs forward, in seconds.
    """

    def __init__(
        self, rate: float = 15.0, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._pace = Pace(rate)
        self._monotonic = monotonic
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._granted = 0
        self._refused = 0

    @property
    def stats(self) -> LimiterStats:
        """The state of this instant."""
        return LimiterStats(
            granted=self._granted,
            refused=self._refused,
            rate=self._pace.rate,
            configured_rate=self._pace.configured,
            waiting=sum(not future.done() for *_, future in self._queue),
        )

    async def acquire(self, priority: Priority = Priority.INTERACTIVE) -> None:
        """Waits until the next call may go out."""
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (priority, next(self._arrivals), future))
        self._serve()
        await future

    def refused(self) -> None:
        """Told of a refusal: pauses briefly, or stops and slows when they repeat."""
        self._refused += 1
        before = self._pace.rate
        self._pace.refuse(self._monotonic())
        _log.info("kis.refused", rate=round(self._pace.rate, 2), was=round(before, 2))
        self._serve()

    def _serve(self) -> None:
        """Grants what may go now; sets the timer for what may not."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._queue:
            if self._queue[0][2].done():  # its waiter was cancelled
                heapq.heappop(self._queue)
                continue
            now = self._monotonic()
            wait = self._pace.free_at(now) - now
            if wait > 0:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(wait, self._serve)
                return
            heapq.heappop(self._queue)[2].set_result(None)
            self._pace.grant(now)
            self._granted += 1


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
