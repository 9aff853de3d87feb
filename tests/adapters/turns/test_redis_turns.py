"""Turns over one Redis: held while it is renewed, passed on by the dead."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from adapters.turns import redis_lock, redis_turns
from adapters.turns.file_turns import FileTurns
from adapters.turns.redis_turns import RedisTurns
from application.shared_sweeps import FreeTurns
from tests.adapters.turns.clients import NOBODY, client_of, new_prefix
from tests.adapters.turns.holder_process import holding
from tests.adapters.turns.waiting import waited_for
from tests.redis_server import RedisServer


@pytest.fixture
async def client(server: RedisServer) -> AsyncIterator[Redis]:
    async with client_of(server.url) as client:
        yield client


async def test_a_name_has_one_holder_among_replicas(client: Redis) -> None:
    prefix = new_prefix()
    mine, theirs = (RedisTurns(client, prefix, instead=FreeTurns()) for _ in range(2))
    first = await mine.take("sweep")
    assert first is not None
    assert await theirs.take("sweep") is None
    other = await theirs.take("other")
    assert other is not None
    await first.end()
    second = await theirs.take("sweep")
    assert second is not None
    await first.end()
    assert await mine.take("sweep") is None, "an ended turn ends nobody else's"
    await second.end()
    await other.end()
    assert await client.keys(f"{prefix}*") == []


async def test_of_many_at_once_one_has_it(client: Redis) -> None:
    turns = RedisTurns(client, new_prefix(), instead=FreeTurns())
    taken = [
        turn
        for turn in await asyncio.gather(*(turns.take("sweep") for _ in range(20)))
        if turn is not None
    ]
    assert len(taken) == 1
    await taken[0].end()


async def test_a_turn_is_renewed_while_it_is_held(client: Redis) -> None:
    prefix = new_prefix()
    turns = RedisTurns(client, prefix, instead=FreeTurns(), seconds=0.9)
    turn = await turns.take("sweep")
    assert turn is not None
    holder, highest, last = await client.get(f"{prefix}turn:sweep"), 0, 900
    async with asyncio.timeout(30):
        while highest < 3:  # times to live go down, and up again when it is renewed
            await asyncio.sleep(0.02)
            left = await client.pttl(f"{prefix}turn:sweep")
            highest, last = highest + (left > last), left
    assert await client.get(f"{prefix}turn:sweep") == holder
    await turn.end()


async def test_a_killed_holder_passes_it_on(client: Redis, server: RedisServer) -> None:
    prefix = new_prefix()
    turns = RedisTurns(client, prefix, instead=FreeTurns())
    with holding("redis", server.url, prefix, "sweep", "1.5") as holder:
        assert await turns.take("sweep") is None
        holder.kill()
        await (await waited_for(turns, "sweep")).end()


async def test_without_redis_the_turns_of_this_machine_count(tmp_path: Path) -> None:
    async with client_of(NOBODY) as client:
        first, second = (
            RedisTurns(client, "x:", instead=FileTurns(tmp_path)) for _ in range(2)
        )
        with capture_logs() as logs:
            turn = await first.take("sweep")
            assert turn is not None
            assert await first.take("sweep") is None
            assert await second.take("sweep") is None
            await turn.end()
    assert [log["event"] for log in logs] == ["turns.redis_lost"] * 2, "once each"
    assert "127.0.0.1" not in str(logs)


async def test_a_redis_that_hangs_is_lost_and_comes_back(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_lock, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(redis_turns, "REST_SECONDS", 0.0)
    async with client_of(server.url) as client:
        turns = RedisTurns(client, new_prefix(), instead=FreeTurns())
        server.pause()
        with capture_logs() as logs:
            for _ in range(3):
                assert await turns.take("sweep") is not None
        assert [log["event"] for log in logs] == ["turns.redis_lost"]
        server.resume()
        monkeypatch.setattr(redis_lock, "ANSWER_SECONDS", 20.0)
        with capture_logs() as logs:
            turn = await waited_for(turns, "other")
        assert await turns.take("other") is None
        assert [log["event"] for log in logs] == ["turns.redis_back"]
        await turn.end()
