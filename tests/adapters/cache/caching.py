"""What the cache's tests are made of: a form, lifetimes, a loader that counts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import count
from typing import Any

import orjson

from adapters.cache.building import Bounds, memory_cache, shared_cache
from adapters.cache.clearings import Clearings
from adapters.cache.connection import redis_client
from adapters.cache.reach import Reach
from adapters.cache.tiers import TieredCache
from application.ports.cache import Form, Held, Lifetime
from application.ports.clock import Clock
from tests.fakes import FakeClock

JSON: Form[Any] = Form(pack=orjson.dumps, unpack=orjson.loads, size=lambda value: 1_000)
TEXT: Form[str] = Form(pack=str.encode, unpack=lambda raw: raw.decode(), size=len)
LIFETIME = Lifetime(
    fresh=timedelta(seconds=60),
    servable=timedelta(seconds=300),
    kept=timedelta(hours=1),
)


class HandSeconds:
    """A count of seconds that a test moves."""

    def __init__(self) -> None:
        self.value = 1_000.0

    def __call__(self) -> float:
        return self.value


class Loader:
    """Gives ``v1``, ``v2`` … as of now; or fails; or waits for a gate first."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls = 0
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        self._numbers = count(1)

    async def __call__(self) -> Held[Any]:
        self.calls += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Held(value=f"v{next(self._numbers)}", as_of=self.clock.now())


class Rig:
    """A cache with everything that a test moves by hand."""

    def __init__(
        self, make: "Callable[[Clock, HandSeconds], TieredCache] | None" = None
    ) -> None:
        self.clock = FakeClock()
        self.seconds = HandSeconds()
        self.loader = Loader(self.clock)
        self.cache = (
            memory_cache(self.clock, Bounds(), seconds=self.seconds)
            if make is None
            else make(self.clock, self.seconds)
        )

    def pass_by(self, seconds: float) -> None:
        """Both clocks run on."""
        self.clock.advance(seconds)
        self.seconds.value += seconds

    async def ask(self, key: str = "frame:KRX") -> Held[Any]:
        return await self.cache.remember(key, self.loader, lifetime=LIFETIME, form=JSON)


@contextlib.asynccontextmanager
async def replica(
    url: str, *, clearings: Clearings | None = None, prefix: str = "mvr:"
) -> AsyncIterator[Rig]:
    """A rig on a Redis, with a client of its own."""
    client = redis_client(url, timeout=2.0)  # a busy machine is no dead Redis

    def make(clock: Clock, seconds: HandSeconds) -> TieredCache:
        reach = Reach(client, timeout=2.0)
        return shared_cache(
            clock, Bounds(), reach, prefix=prefix, clearings=clearings, seconds=seconds
        )

    rig = Rig(make)
    try:
        yield rig
    finally:
        await rig.cache.close()
        await client.aclose()


async def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Waits for something that happens behind a caller."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - nobody could set an event
            await asyncio.sleep(0.01)


async def eventually(
    true: Callable[[], Awaitable[bool]], seconds: float = 15.0
) -> None:
    """Asks until it is so."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - nobody could set an event
            await asyncio.sleep(0.02)


async def settle() -> None:
    """Lets everything run that waits for nothing outside."""
    for _ in range(50):
        await asyncio.sleep(0)
