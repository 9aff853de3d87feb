import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.cache.connection import redis_client
from adapters.cache.reach import Reach
from adapters.cache.redis_turns import RedisTurns
from tests.adapters.cache.caching import until
from tests.redis_server import RedisServer


@pytest.fixture
async def reach(redis: RedisServer) -> AsyncIterator[Reach]:
    client = redis_client(redis.url, timeout=5.0)
    yield Reach(client, timeout=5.0)
    await client.aclose()


async def nothing() -> str | None:
    return None


async def test_a_turn_ends_when_its_work_fails(
    redis: RedisServer, reach: Reach
) -> None:
    async def fail() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        await RedisTurns(reach).run("k", fail, nothing)

    assert redis.say("EXISTS", "mvr:turn:k").startswith(":0")


async def test_a_turn_ends_when_its_work_is_cancelled(
    redis: RedisServer, reach: Reach
) -> None:
    begun = asyncio.Event()

    async def work() -> str:
        begun.set()
        await asyncio.sleep(3_600)
        return ""

    working = asyncio.create_task(RedisTurns(reach).run("k", work, nothing))
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert redis.say("EXISTS", "mvr:turn:k").startswith(":0")


async def test_anothers_lease_is_neither_renewed_nor_ended(
    redis: RedisServer, reach: Reach
) -> None:
    async def lose_it() -> str:
        redis.say("SET", "mvr:turn:k", "another's")
        await asyncio.sleep(0.1)
        return "done"

    done = await RedisTurns(reach, renew=0.02).run("k", lose_it, nothing)

    assert done == "done"
    assert "another's" in redis.say("GET", "mvr:turn:k")
    assert redis.say("PTTL", "mvr:turn:k").startswith(":-1")


async def test_a_lease_is_renewed_while_its_holder_works(
    redis: RedisServer, reach: Reach
) -> None:
    renewed = []

    async def work() -> str:
        redis.say("PEXPIRE", "mvr:turn:k", "20000")
        await until(lambda: int(redis.say("PTTL", "mvr:turn:k")[1:]) > 30_000)
        renewed.append(True)
        return "done"

    await RedisTurns(reach, lease=60.0, renew=0.02).run("k", work, nothing)

    assert renewed == [True]


async def test_who_waits_takes_what_is_found_meanwhile(
    redis: RedisServer, reach: Reach
) -> None:
    redis.say("SET", "mvr:turn:k", "another's")
    looks = iter([None, None, "found"])

    async def look() -> str | None:
        return next(looks)

    async def work() -> str:
        raise AssertionError("it was another's turn")

    assert await RedisTurns(reach).run("k", work, look) == "found"


async def test_what_another_left_just_before_the_turn_is_not_done_again(
    reach: Reach,
) -> None:
    async def left() -> str | None:
        return "found"

    async def work() -> str:
        raise AssertionError("it was done already")

    assert await RedisTurns(reach).run("k", work, left) == "found"


async def test_patience_with_a_holder_that_never_ends_is_bounded(
    redis: RedisServer, reach: Reach
) -> None:
    redis.say("SET", "mvr:turn:k", "another's")

    async def work() -> str:
        return "own"

    assert await RedisTurns(reach, patience=0.1).run("k", work, nothing) == "own"
