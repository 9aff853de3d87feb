"""Frames between replicas: through Redis, and through files while it is lost."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from structlog.testing import capture_logs

from adapters.archive import redis_frames
from adapters.archive.kept_frames import ForgottenFrames, FrameFiles
from adapters.archive.redis_frames import RedisFrames
from domain.listing import Venue
from tests.adapters.archive.test_kept_frames import STOCKS, full_frame
from tests.builders import BEFORE, at
from tests.redis_server import RedisServer, running_redis

DAYS_4 = timedelta(days=4) / timedelta(milliseconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running_redis() as (_, running):
        yield running


@pytest.fixture
async def client(server: RedisServer) -> AsyncIterator[Redis]:
    client = Redis.from_url(server.url, retry=Retry(NoBackoff(), 0), protocol=2)
    await client.flushall()
    yield client
    await client.config_set("maxmemory", "0")
    await client.aclose()


async def test_a_replica_without_our_files_finds_what_we_kept(client: Redis) -> None:
    mine, theirs = (RedisFrames(ForgottenFrames(), client, "x:") for _ in range(2))
    frame = full_frame()
    await mine.keep(frame)
    found = await theirs.newer(Venue.KRX, STOCKS, None)
    assert found == frame
    assert found.trading_value.tolist() == frame.trading_value.tolist()
    assert found.listings.items == frame.listings.items
    assert await theirs.newer(Venue.KRX, STOCKS, at("10:29")) == frame
    assert await theirs.newer(Venue.NXT, STOCKS, None) is None


async def test_nothing_newer_costs_a_few_bytes(client: Redis) -> None:
    frames = RedisFrames(ForgottenFrames(), client, "x:")
    await frames.keep(full_frame())
    await client.set("x:frame:krx-stock", b"never read")
    await client.config_resetstat()
    assert await frames.newer(Venue.KRX, STOCKS, at("10:30")) is None
    assert (await client.info("commandstats"))["cmdstat_get"]["calls"] == 1


async def test_both_keys_end_after_a_long_weekend(client: Redis) -> None:
    await RedisFrames(ForgottenFrames(), client, "x:").keep(full_frame())
    for key in ("x:frame:krx-stock", "x:frame:krx-stock:as_of"):
        assert DAYS_4 - 60_000 < await client.pttl(key) <= DAYS_4


async def test_files_keep_it_too_and_serve_after_a_flush(
    client: Redis, tmp_path: Path
) -> None:
    mine = RedisFrames(FrameFiles(tmp_path), client, "x:")
    await mine.keep(full_frame(BEFORE))
    await mine.keep(full_frame())
    await client.flushall()
    restarted = RedisFrames(FrameFiles(tmp_path), client, "x:")
    assert len(await restarted.last(Venue.KRX, STOCKS)) == 2
    assert await restarted.newer(Venue.KRX, STOCKS, at("10:29")) == full_frame()


async def test_a_file_that_is_newer_than_redis_counts(
    client: Redis, tmp_path: Path
) -> None:
    """A process of this folder may have lost Redis before we did."""
    mine = RedisFrames(FrameFiles(tmp_path), client, "x:")
    await mine.keep(full_frame())
    later = replace(full_frame(), as_of=at("10:31"))
    await FrameFiles(tmp_path).keep(later)
    assert await mine.newer(Venue.KRX, STOCKS, at("10:30")) == later


@pytest.mark.parametrize("content", [b"", b"torn", "텍스트".encode()])
async def test_bytes_that_hold_no_frame_are_none(client: Redis, content: bytes) -> None:
    frames = RedisFrames(ForgottenFrames(), client, "x:")
    await frames.keep(full_frame())
    await client.set("x:frame:krx-stock", content)
    with capture_logs() as logs:
        assert await frames.newer(Venue.KRX, STOCKS, None) is None
    assert [log["event"] for log in logs] == ["frames.unreadable"]
    await client.set("x:frame:krx-stock:as_of", content)
    assert await frames.newer(Venue.KRX, STOCKS, at("10:30")) is None


async def test_a_full_redis_leaves_the_files(
    client: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_frames, "REST_SECONDS", 0.0)
    mine = RedisFrames(FrameFiles(tmp_path), client, "x:")
    await client.config_set("maxmemory", "1")
    with capture_logs() as logs:
        await mine.keep(full_frame())
        await mine.keep(replace(full_frame(), as_of=at("10:31")))
    assert [log["event"] for log in logs] == ["frames.redis_lost"], "once a minute"
    found = await mine.newer(Venue.KRX, STOCKS, at("10:30"))
    assert found is not None
    assert found.as_of == at("10:31")


async def test_a_redis_that_hangs_is_left_alone_for_a_while(
    server: RedisServer, client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_frames, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(redis_frames, "REST_SECONDS", 60.0)
    frames = RedisFrames(ForgottenFrames(), client, "x:")
    server.pause()
    with capture_logs() as logs:
        assert await frames.newer(Venue.KRX, STOCKS, None) is None
    server.resume()
    await frames.keep(full_frame())
    assert [log["event"] for log in logs] == ["frames.redis_lost"]
    assert not await client.exists("x:frame:krx-stock"), "not asked again so soon"


async def test_forgotten_frames_are_gone_there_and_here(
    client: Redis, tmp_path: Path
) -> None:
    mine = RedisFrames(FrameFiles(tmp_path), client, "x:")
    others = RedisFrames(FrameFiles(tmp_path), client, "y:")
    await mine.keep(full_frame())
    await mine.keep(full_frame(venue=Venue.NXT))
    await others.keep(full_frame(BEFORE))
    await client.set("x:frame:of-another-kind", b"")

    # Two in Redis, three files.
    assert await mine.forget() == 5

    assert sorted(await client.keys()) == [
        b"x:frame:of-another-kind",
        b"y:frame:krx-stock",
        b"y:frame:krx-stock:as_of",
    ]
    assert await mine.newer(Venue.KRX, STOCKS, None) is None


async def test_without_redis_those_here_are_forgotten(tmp_path: Path) -> None:
    with running_redis() as (url, own):
        client = Redis.from_url(url, retry=Retry(NoBackoff(), 0), protocol=2)
        frames = RedisFrames(FrameFiles(tmp_path), client, "x:")
        await frames.keep(full_frame())
        own.stop()
        assert await frames.forget() == 1
        await client.aclose()
    assert await FrameFiles(tmp_path).last(Venue.KRX, STOCKS) == ()
