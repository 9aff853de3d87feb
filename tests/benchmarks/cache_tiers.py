"""A hit in the near tier, against a plain dict under a lock.

Run as ``python -m tests.benchmarks.cache_tiers``.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import orjson

from adapters.cache.building import Bounds, memory_cache
from application.ports.cache import Form, Held, Lifetime
from tests.fakes import FakeClock

ROUNDS = 50_000
KEYS = [f"answer:get_volume_ranking:{number}" for number in range(200)]
LONG = timedelta(hours=1)


async def per_call(ask: Callable[[str], Awaitable[object]]) -> float:
    """Microseconds of one call."""
    for key in KEYS:
        await ask(key)
    began = time.perf_counter()
    for number in range(ROUNDS):
        await ask(KEYS[number % len(KEYS)])
    return (time.perf_counter() - began) / ROUNDS * 1e6


async def main() -> None:
    clock = FakeClock()
    cache = memory_cache(clock, Bounds())
    lifetime = Lifetime(fresh=LONG, servable=LONG, kept=LONG)
    form: Form[str] = Form(pack=orjson.dumps, unpack=orjson.loads, size=len)
    held, lock = dict.fromkeys(KEYS, "value"), asyncio.Lock()

    async def load() -> Held[str]:
        return Held(value="value", as_of=clock.now())

    async def tiers(key: str) -> object:
        return await cache.remember(key, load, lifetime=lifetime, form=form)

    async def plain(key: str) -> object:
        async with lock:
            return held[key]

    for _ in range(3):
        ours, theirs = await per_call(tiers), await per_call(plain)
        print(f"tiers {ours:.2f} us, dict {theirs:.2f} us: {ours / theirs:.1f}x")
    await cache.close()


if __name__ == "__main__":
    asyncio.run(main())
