"""What both outer tiers promise."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.cache.connection import redis_client
from adapters.cache.memory_tier import MemoryTier
from adapters.cache.outer_tier import OuterTier
from adapters.cache.packed import wrap
from adapters.cache.reach import Reach
from adapters.cache.redis_tier import RedisTier
from adapters.cache.room import Room
from application.ports.cache import Held
from tests.adapters.cache.caching import JSON, TEXT, eventually
from tests.builders import at
from tests.redis_server import PROGRAMS, RedisServer

HELD = Held(value="값", as_of=at("10:30"))


@pytest.fixture(params=["memory", *(PROGRAMS or ["redis-server"])])
async def tier(
    request: pytest.FixtureRequest, redis_of: Callable[[str], RedisServer]
) -> AsyncIterator[OuterTier]:
    if request.param == "memory":
        yield MemoryTier(room=Room(1_000_000))
        return
    client = redis_client(redis_of(request.param).url, timeout=5.0)
    kept = RedisTier(Reach(client, timeout=5.0))
    yield kept
    await kept.close()


async def put(tier: OuterTier, key: str, data: bytes, ttl: float = 60.0) -> None:
    mark = (await tier.get(key, TEXT, counted=False)).mark
    assert mark is not None
    await tier.put(key, data, ttl, mark)


async def value(tier: OuterTier, key: str) -> str | None:
    parcel = (await tier.get(key, TEXT, counted=False)).parcel
    return None if parcel is None else parcel.held.value


async def test_what_was_put_is_found(tier: OuterTier) -> None:
    await put(tier, "frame:KRX", wrap(HELD, TEXT))

    found = await tier.get("frame:KRX", TEXT)

    assert found.parcel is not None
    assert found.parcel.held == HELD


async def test_a_later_value_takes_the_place_of_an_earlier_one(tier: OuterTier) -> None:
    await put(tier, "k", wrap(HELD, TEXT))
    await put(tier, "k", wrap(Held(value="새 값", as_of=at("10:31")), TEXT))

    assert await value(tier, "k") == "새 값"


async def test_an_entry_ends_after_its_lifetime(tier: OuterTier) -> None:
    await put(tier, "k", wrap(HELD, TEXT), ttl=0.05)

    async def ended() -> bool:
        return await value(tier, "k") is None

    await eventually(ended)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"MVRC" + b"\xff" * 60, wrap(HELD, TEXT)[:-1]]
)
async def test_damaged_and_foreign_bytes_are_counted_misses(
    tier: OuterTier, data: bytes
) -> None:
    await put(tier, "k", data)

    assert (await tier.get("k", TEXT)).parcel is None

    stats = tier.stats()
    assert (stats.hits, stats.misses, stats.errors) == (0, 1, 1)


async def test_what_another_form_cannot_read_is_a_miss(tier: OuterTier) -> None:
    await put(tier, "k", wrap(HELD, TEXT))

    assert (await tier.get("k", JSON)).parcel is None
    assert tier.stats().errors == 1


async def test_lookups_are_counted_when_asked_to(tier: OuterTier) -> None:
    await put(tier, "k", wrap(HELD, TEXT))

    for key in ("k", "k", "absent"):
        await tier.get(key, TEXT)
        await tier.get(key, TEXT, counted=False)

    stats = tier.stats()
    assert (stats.hits, stats.misses) == (2, 1)
    assert stats.ratio == pytest.approx(2 / 3)


async def test_prefixes_are_exact_strings(tier: OuterTier) -> None:
    keys = ("frame:KRX", "frame:KR*", "frame:K?X", "frames:1", "답:거래대금", "f\\x")
    for key in keys:
        await put(tier, key, wrap(HELD, TEXT))

    assert await tier.forget("frame:KR*") == {"frame:KR*"}
    assert await tier.forget("frame:K?") == {"frame:K?X"}
    assert await tier.forget("답:") == {"답:거래대금"}
    assert await tier.forget("f\\") == {"f\\x"}
    assert await tier.forget("frame:") == {"frame:KRX"}
    assert await tier.forget("") == {"frames:1"}


async def test_more_keys_than_one_page_are_forgotten(tier: OuterTier) -> None:
    data = wrap(HELD, TEXT)
    for number in range(1_200):
        await put(tier, f"answer:{number}", data)

    assert len(await tier.forget("answer:")) == 1_200
    assert await tier.forget("") == frozenset()


async def test_a_forgotten_key_may_be_put_again(tier: OuterTier) -> None:
    await put(tier, "k", wrap(HELD, TEXT))
    await tier.forget("k")

    await put(tier, "k", wrap(HELD, TEXT))

    assert await value(tier, "k") == "값"
