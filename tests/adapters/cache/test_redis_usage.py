"""What our keys take, counted in a Redis that holds others' too."""

import pytest

from adapters.cache.connection import redis_client
from adapters.cache.reach import LostError, Reach
from adapters.cache.redis_usage import RedisUsage, redis_usage
from tests.redis_server import RedisServer, running_redis


async def usage(url: str, prefix: str, most: int = 200_000) -> RedisUsage:
    client = redis_client(url, timeout=2.0)
    try:
        return await redis_usage(Reach(client, timeout=2.0), prefix, most)
    finally:
        await client.aclose()


async def test_keys_are_counted_by_their_first_word(redis: RedisServer) -> None:
    redis.say("SET", "mvr:a*:cache:answer:1", "x" * 10_000)
    redis.say("SET", "mvr:a*:cache:answer:2", "x")
    redis.say("SET", "mvr:a*:frame:krx-stock", "x" * 1_000)
    redis.say("SET", "mvr:ab:cache:answer:1", "another's")

    found = await usage(redis.url, "mvr:a*:")

    assert dict(found.entries) == {"cache": 2, "frame": 1}
    assert 10_000 < found.bytes["cache"] < 25_000
    assert 1_000 < found.bytes["frame"] < 2_500
    assert not found.is_cut


async def test_it_gives_up_after_so_many_keys_and_says_so(redis: RedisServer) -> None:
    lua = "for i = 1, 9000 do redis.call('set', 'mvr:cache:' .. i, '') end return 1"
    redis.say("EVAL", lua, "0")

    found = await usage(redis.url, "mvr:", most=3_000)

    assert found.is_cut
    assert 1_000 <= found.entries["cache"] < 9_000
    whole = await usage(redis.url, "mvr:")
    assert (whole.entries["cache"], whole.is_cut) == (9_000, False)


async def test_an_empty_one_takes_nothing(redis: RedisServer) -> None:
    found = await usage(redis.url, "mvr:")
    assert (dict(found.entries), found.is_cut) == ({}, False)


async def test_a_lost_one_is_an_error() -> None:
    with running_redis() as (url, server):
        server.stop()
        with pytest.raises(LostError):
            await usage(url, "mvr:")
