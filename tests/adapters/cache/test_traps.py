"""The traps of aiocache 0.12.3, as they were reproduced, on our classes."""

import asyncio
import gc
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from adapters import cache
from adapters.cache.connection import redis_client
from adapters.cache.lru import LruMemory
from adapters.cache.memory_tier import MemoryTier
from adapters.cache.packed import unwrap, wrap
from adapters.cache.reach import Reach
from adapters.cache.redis_tier import BytesAsTheyAre, RedisTier
from adapters.cache.room import Room
from application.ports.cache import Held
from domain.errors import MarketDataUnavailableError
from tests.adapters.cache.caching import JSON, HandSeconds, Rig, replica, settle
from tests.builders import at
from tests.redis_server import RedisServer

VALUE = wrap(Held(value={"종목": 1}, as_of=at("10:30")), JSON)


def memory(**options: Any) -> LruMemory:
    return LruMemory(room=Room(1_000_000), size_of=len, **options)


async def test_clearing_leaves_no_timer_that_ends_a_later_entry() -> None:
    seconds = HandSeconds()
    kept = memory(seconds=seconds)
    await kept.set("k", "old", ttl=0.3)
    await kept.clear()
    await kept.set("k", "new", ttl=60.0)

    seconds.value += 1

    assert await kept.get("k") == "new"


async def test_clearing_a_namespace_spares_another_that_begins_alike() -> None:
    kr, krx = memory(namespace="kr"), "krx"
    await kr.set("k", "1")
    await kr.set("k", "2", namespace=krx)

    await kr.clear(namespace="kr")

    assert [await kr.get("k"), await kr.get("k", namespace=krx)] == [None, "2"]


async def test_redis_clears_literally_and_nothing_of_others(redis: RedisServer) -> None:
    redis.say("SET", "others", "1")
    async with replica(redis.url) as rig:
        for key in ("a*b:1", "aXb:1", "a[X]b:1", "a?b:1", "a\\b:1"):
            await rig.ask(key)

        assert await rig.cache.forget("a*b") == 1
        assert await rig.cache.forget("a[X]") == 1
        assert await rig.cache.forget("a\\") == 1
        assert await rig.cache.forget() == 2

    assert redis.say("EXISTS", "others").startswith(":1")


async def test_redis_is_never_asked_for_all_keys_nor_flushed(
    redis: RedisServer,
) -> None:
    redis.say("CONFIG", "RESETSTAT")  # the fixture flushed
    async with replica(redis.url) as rig:
        await rig.ask()
        await rig.cache.forget("frame:")
        await rig.cache.forget()

    said = redis.say("INFO", "commandstats").lower()
    assert "cmdstat_scan:" in said
    assert not any(f"cmdstat_{bad}:" in said for bad in ("keys", "flushdb", "flushall"))


@pytest.mark.parametrize("ttl", [0.0, -1.0, 0.0004])
async def test_a_lifetime_of_nothing_keeps_nothing(
    redis: RedisServer, ttl: float
) -> None:
    client = redis_client(redis.url)
    there = RedisTier(Reach(client))
    here = memory(seconds=HandSeconds())
    mark = (await there.get("k", JSON)).mark or b""

    await there.put("k", VALUE, ttl, mark)
    await here.set("k", "1", ttl=min(ttl, 0.0))

    assert (await there.get("k", JSON)).parcel is None
    assert there.stats().errors == 0
    assert len(here) == 0
    await there.close()


async def test_whole_seconds_and_closing_warn_of_nothing(redis: RedisServer) -> None:
    """Warnings are errors here: ``setex`` and ``close`` are deprecated."""
    tier = RedisTier(Reach(redis_client(redis.url)))
    mark = (await tier.get("k", JSON)).mark or b""

    await tier.put("k", VALUE, 60, mark)
    await tier.close()

    assert tier.stats().errors == 0
    assert 59_000 < int(redis.say("PTTL", "mvr:cache:k")[1:]) <= 60_000


async def test_a_value_of_none_is_a_hit() -> None:
    rig = Rig()
    calls = 0

    async def nothing() -> Held[None]:
        nonlocal calls
        calls += 1
        return Held(value=None, as_of=rig.clock.now())

    rig.loader = nothing  # type: ignore[assignment]
    answers = [await rig.ask(), await rig.ask()]

    assert [held.value for held in answers] == [None, None]
    assert (calls, rig.cache.stats()[0].hits) == (1, 1)


async def test_what_is_handed_out_cannot_be_given_another_value() -> None:
    held = await Rig().ask()

    with pytest.raises(FrozenInstanceError):
        held.value = "other"  # type: ignore[misc]


def test_an_entry_ends_in_a_later_event_loop() -> None:
    seconds = HandSeconds()
    kept = memory(seconds=seconds)
    asyncio.run(kept.set("k", "1", ttl=10.0))
    seconds.value += 11

    assert asyncio.run(kept.get("k")) is None


async def test_overwriting_leaves_nothing_with_the_event_loop() -> None:
    kept = memory()
    gc.collect()
    before = sum(isinstance(one, asyncio.TimerHandle) for one in gc.get_objects())

    for number in range(1_000):
        await kept.set("k", str(number), ttl=60.0)

    after = sum(isinstance(one, asyncio.TimerHandle) for one in gc.get_objects())
    assert after <= before


async def test_waiters_of_a_slow_or_failing_load_do_not_load_in_turn() -> None:
    rig = Rig()
    rig.loader.gate = asyncio.Event()
    rig.loader.error = MarketDataUnavailableError("증권사가 답하지 않습니다.")
    asking = [asyncio.create_task(rig.ask()) for _ in range(50)]
    await settle()

    rig.loader.gate.set()
    ends = await asyncio.gather(*asking, return_exceptions=True)

    assert all(isinstance(end, MarketDataUnavailableError) for end in ends)
    assert rig.loader.calls == 1


def test_a_pickle_in_redis_is_not_run() -> None:
    # Unpickled, it would call print: the bytes are written out, not made here.
    bomb = b"cbuiltins\nprint\n(S'run'\ntR."

    with pytest.raises(ValueError, match="no parcel"):
        unwrap(bomb, JSON)


def test_bytes_pass_aiocache_as_they_are() -> None:
    raw = bytes(range(256))

    assert BytesAsTheyAre().loads(BytesAsTheyAre().dumps(raw)) is raw
    assert BytesAsTheyAre().encoding is None


def test_neither_pickle_nor_a_star_import_is_in_the_cache() -> None:
    """The latter fails where ``msgpack`` is absent."""
    sources = [path.read_text("utf-8") for path in Path(cache.__path__[0]).glob("*.py")]

    assert len(sources) > 10
    assert not any("pickle" in text or "import *" in text for text in sources)


async def test_memory_is_not_wrapped_in_a_time_out_and_redis_is() -> None:
    client = redis_client("redis://127.0.0.1:1")
    tier = RedisTier(Reach(client, timeout=0.5))

    assert memory().timeout == 0
    assert tier._store.timeout == 0.5  # noqa: SLF001 - what aiocache will use
    await tier.close()


async def test_a_refused_connection_is_a_miss() -> None:
    tier = RedisTier(Reach(redis_client("redis://127.0.0.1:1")))

    found = await tier.get("k", JSON)

    assert (found.parcel, found.mark) == (None, None)
    assert (tier.stats().errors, tier.stats().available) == (1, False)
    await tier.close()


async def test_the_switch_of_aiocache_costs_no_answer(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOCACHE_DISABLE", "1")
    async with replica(redis.url) as rig:
        answers = [(await rig.ask()).value, (await rig.ask()).value]

    assert answers == ["v1", "v2"]


async def test_memory_and_redis_keep_the_same_bytes(redis: RedisServer) -> None:
    there = RedisTier(Reach(redis_client(redis.url)))
    for tier in (MemoryTier(room=Room(100_000)), there):
        mark = (await tier.get("k", JSON)).mark or b""
        await tier.put("k", VALUE, 60.0, mark)

        found = (await tier.get("k", JSON)).parcel

        assert found is not None
        assert found.held == Held(value={"종목": 1}, as_of=at("10:30"))
    await there.close()
