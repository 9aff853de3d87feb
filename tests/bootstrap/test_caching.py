"""The cache of a process: there when it is needed, told what others let go."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from adapters.cache.clearings import Clearings
from adapters.cache.published_stats import published_stats
from bootstrap.caching import (
    LateCache,
    cache_facts,
    keep_published,
    late_cache,
    let_frames_go,
)
from bootstrap.environments import running
from tests.adapters.cache.caching import JSON, LIFETIME, Loader, eventually
from tests.application.scene import KRX, Scene
from tests.bootstrap.settings_of import live, replay
from tests.builders import at
from tests.fakes import FakeClock


def made(folder: Path | None = None) -> LateCache:
    return late_cache(replay(), FakeClock(), folder)


async def test_it_is_made_behind_the_first_who_wants_it() -> None:
    late = made()
    assert late.built() is None
    assert late.now() is None
    ready = await late.ready()
    assert ready is not None
    assert late.now() is late.built() is ready
    await late.close()


async def test_looking_whether_it_is_there_makes_none() -> None:
    late = made()
    for _ in range(3):
        assert late.built() is None
        await asyncio.sleep(0)
    await late.close()
    assert late.built() is None


async def test_closing_waits_for_one_that_is_being_made() -> None:
    late = made()
    late.now()
    await late.close()
    assert late.built() is not None


async def test_what_an_operator_let_go_is_told(tmp_path: Path) -> None:
    late, heard = made(tmp_path), list[str]()

    async def told(prefix: str) -> None:
        heard.append(prefix)

    late.told = told
    cache = await late.ready()
    assert cache is not None
    await asyncio.to_thread(Clearings(tmp_path).add, "frame:")

    async def is_told() -> bool:
        clock = FakeClock()
        await cache.remember("answer:1", Loader(clock), lifetime=LIFETIME, form=JSON)
        return heard == ["frame:"]

    await eventually(is_told)
    await late.close()


@pytest.mark.parametrize(
    ("prefix", "goes"),
    [
        ("frame:", True),
        ("frame", True),
        ("frame:krx", True),
        ("", True),
        ("answer:", False),
        ("answer", False),
        ("frames:", False),
    ],
)
async def test_frames_go_where_they_are_meant(prefix: str, goes: bool) -> None:
    scene = Scene()
    await scene.market.seen(KRX)

    await let_frames_go(scene.market, prefix)

    assert (scene.market.newest(KRX) == (None,)) is goes


async def test_an_environment_lets_its_frames_go_when_told(tmp_path: Path) -> None:
    settings = live(DATA_DIR=str(tmp_path))
    async with running(settings) as product:
        told = product.memory.cache.told
        assert isinstance(told, partial)
        assert told.func is let_frames_go
        current = product.use_cases.rank_by_trading_value.view.current
        assert told.args == (current,)


async def test_its_statistics_are_there_while_it_runs(tmp_path: Path) -> None:
    late = made()
    telling = asyncio.create_task(keep_published(late, tmp_path, at("09:00")))

    async def is_there() -> bool:
        return bool(await asyncio.to_thread(published_stats, tmp_path))

    await eventually(is_there)
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)
    await late.close()

    assert not await is_there()


def test_what_is_shown_of_it_holds_no_secret() -> None:
    assert cache_facts(replay(CACHE_MAX_BYTES="2000000", CACHE_L1_TTL_SECONDS="7")) == {
        "cache_l1_ttl_seconds": 7,
        "cache_l2_ttl_seconds": 300,
        "cache_l1_max_entries": 1000,
        "cache_max_bytes": 2_000_000,
    }


async def test_health_says_of_the_cache_and_of_redis_but_no_password(
    tmp_path: Path,
) -> None:
    address = "redis://:hush-hush@127.0.0.1:1/0"
    settings = live(DATA_DIR=str(tmp_path), REDIS_URL=address)
    async with running(settings) as product:
        health = await product.use_cases.check_health()
    checks = {check.name: check for check in health.checks}
    assert checks["cache"].detail == "아직 기억한 답이 없습니다."
    assert health.settings["redis"] is True
    assert "hush-hush" not in repr(health)


async def test_a_replay_tells_of_its_cache_too() -> None:
    async with running(replay()) as product:
        health = await product.use_cases.check_health()
    assert "cache" in {check.name for check in health.checks}
    assert health.settings["cache_max_bytes"] == 100_000_000
