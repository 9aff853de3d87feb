"""``cache``: what it prints, what it lets go, and how it ends."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from adapters.archive.kept_frames import FrameFiles
from adapters.archive.redis_frames import RedisFrames
from adapters.cache.building import Bounds, shared_cache
from adapters.cache.clearings import Clearings
from adapters.cache.connection import redis_client
from adapters.cache.published_stats import PublishedStats
from adapters.cache.reach import Reach
from adapters.cache.tiers import TieredCache
from adapters.kis.credentials import Credentials
from bootstrap.broker_folder import broker_folder
from bootstrap.cache_command import cache_clear, cache_stats
from bootstrap.caching import clearings_folder, stats_folder
from bootstrap.settings import LiveSettings
from bootstrap.sharing_by_redis import redis_prefix
from domain.listing import Venue
from tests.adapters.archive.test_kept_frames import STOCKS, full_frame
from tests.adapters.cache.caching import JSON, LIFETIME, Loader, Rig, eventually
from tests.adapters.mcp_server.served_process import served_http
from tests.bootstrap.settings_of import live, replay
from tests.builders import at
from tests.fakes import FakeClock
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import running_emulator
from tests.redis_server import RedisServer, running_redis

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def settings(tmp_path: Path) -> LiveSettings:
    return live(DATA_DIR=str(tmp_path / "data"))


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running_redis() as (_, running):
        yield running


def folder_of(settings: LiveSettings) -> Path:
    return broker_folder(
        settings.data_dir,
        base_url=settings.kis_base_url,
        master_url=settings.kis_master_url,
    )


def prefix_of(settings: LiveSettings) -> str:
    key, secret = settings.kis_app_key, settings.kis_app_secret
    return redis_prefix(settings, Credentials(app_key=key, app_secret=secret))


def yes() -> bool:
    return True


async def published(settings: LiveSettings) -> PublishedStats:
    """Of a process that looked three answers up and found two near."""
    rig = Rig()
    for _ in range(3):
        await rig.ask("answer:1")
    folder = stats_folder(folder_of(settings))
    stats = PublishedStats(folder, rig.cache, started=at("09:00"))
    await asyncio.to_thread(stats.publish)
    return stats


async def test_each_tier_of_each_process_is_a_row(
    settings: LiveSettings, capsys: Printed
) -> None:
    await published(settings)

    assert await cache_stats(settings, json_only=False) == 0

    head, near, outer, counts = capsys.readouterr().out.splitlines()
    assert head.split()[:1] == ["pid"]
    # Two of three lookups: 66.67 %.
    assert near.split()[2:8] == ["l1", "memory", "2", "1", "66.67", "0"]
    assert outer.split()[2:8] == ["l2", "memory", "0", "1", "0.00", "0"]
    assert near.split()[8:] == ["1", "0.00"]
    assert counts.endswith(
        "새로 계산 1번, 함께 기다림 0번, 뒤에서 갱신 0번, 묵은 답 0번"
    )


async def test_programs_get_json_alone(settings: LiveSettings, capsys: Printed) -> None:
    await published(settings)

    assert await cache_stats(settings, json_only=True) == 0

    told = json.loads(capsys.readouterr().out)
    (process,) = told["processes"]
    assert process["counts"]["loads"] == 1
    assert process["started"] == "2026-08-20T09:00:00+09:00"
    assert process["tiers"][0]["hit_rate"] == 66.67
    assert told["redis"] is None


async def test_where_nothing_runs_it_says_so(
    settings: LiveSettings, capsys: Printed
) -> None:
    assert await cache_stats(settings, json_only=False) == 0
    assert capsys.readouterr().out == "이 DATA_DIR에서 실행 중인 서버가 없습니다.\n"
    assert not settings.data_dir.exists()


async def test_a_replay_shares_nothing(capsys: Printed) -> None:
    assert await cache_stats(replay(), json_only=False) == 2
    assert await cache_clear(replay(), "", yes) == 2
    assert capsys.readouterr().err.count("APP_ENV=production") == 2


async def test_what_is_cleared_is_told_to_those_who_run(
    settings: LiveSettings, capsys: Printed
) -> None:
    await published(settings)
    hearing = Clearings(clearings_folder(folder_of(settings)))

    assert await cache_clear(settings, "answer:", yes) == 0

    assert hearing.news() == ("answer:",)
    assert capsys.readouterr().out == (
        "answer:: 실행 중인 프로세스 1개가 다음 질문부터 1초 안에 비웁니다.\n"
    )


@pytest.mark.parametrize(
    ("prefix", "left"), [("answer:", 1), ("frame:", 0), ("frame:krx", 0), ("", 0)]
)
async def test_published_frames_go_where_they_are_meant(
    settings: LiveSettings, prefix: str, left: int
) -> None:
    frames = FrameFiles(folder_of(settings) / "frames")
    await frames.keep(full_frame())

    assert await cache_clear(settings, prefix, yes) == 0

    assert len(await frames.last(Venue.KRX, STOCKS)) == left


async def test_a_folder_that_cannot_be_written_is_one_line(
    settings: LiveSettings, capsys: Printed
) -> None:
    lock = clearings_folder(folder_of(settings)) / "clearings.lock"
    lock.mkdir(parents=True)  # what no file can be made of

    assert await cache_clear(settings, "answer:", yes) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "DATA_DIR의 권한" in said.err


async def test_redis_is_counted_and_cleared(
    server: RedisServer, tmp_path: Path, capsys: Printed
) -> None:
    settings = live(DATA_DIR=str(tmp_path), REDIS_URL=server.url)
    client = redis_client(server.url, timeout=2.0)
    reach, prefix = Reach(client, timeout=2.0), prefix_of(settings)
    clock = FakeClock()
    cache = shared_cache(clock, Bounds(), reach, prefix=prefix)
    await remembered(cache, Loader(clock))
    await RedisFrames(FrameFiles(tmp_path), client, prefix).keep(full_frame())

    assert await cache_stats(settings, json_only=False) == 0
    assert await cache_clear(settings, "", yes) == 0

    said = capsys.readouterr().out
    assert "Redis: 답 1건 0.00MB, 시세 2건 0.0" in said
    assert "Redis에서 답 1건을 지웠습니다." in said
    assert "공유한 시세 1벌을 지웠습니다." in said
    assert await client.keys(f"{prefix}cache:*") == []
    assert await client.keys(f"{prefix}frame:*") == []
    await cache.close()
    await client.aclose()


async def remembered(cache: TieredCache, loader: Loader) -> None:
    await cache.remember("answer:1", loader, lifetime=LIFETIME, form=JSON)


async def test_a_lost_redis_is_said_and_its_password_is_not(
    tmp_path: Path, capsys: Printed
) -> None:
    with running_redis() as (_, own):
        own.stop()
        address = f"redis://:hush-hush@127.0.0.1:{own.port}/0"
        settings = live(DATA_DIR=str(tmp_path), REDIS_URL=address)

        assert await cache_stats(settings, json_only=False) == 0
        assert await cache_clear(settings, "answer:", yes) == 1

    said = capsys.readouterr()
    assert said.err.count("Redis에 닿지 않습니다. REDIS_URL과 Redis를 확인해") == 2
    assert "hush-hush" not in said.out + said.err


async def asked(client: Client) -> Any:
    """What an answer says of itself."""
    answer = await client.call_tool("get_volume_ranking", {"venue": "KRX", "count": 3})
    assert answer.structured_content is not None
    return answer.structured_content["meta"]


@pytest.mark.slow
async def test_a_server_is_seen_and_hears(tmp_path: Path, capsys: Printed) -> None:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(market=market, clock=EmulatorClock()) as emulator:
        with served_http(emulator, tmp_path) as served:
            settings = live(
                DATA_DIR=str(tmp_path),
                KIS_BASE_URL=emulator.base_url,
                KIS_MASTER_URL=emulator.base_url,
                APP_ENV="staging",
            )
            async with Client(f"{served.url}/mcp") as client:
                before = await asked(client)

                async def is_seen() -> bool:
                    await asked(client)
                    await cache_stats(settings, json_only=True)
                    told = json.loads(capsys.readouterr().out)
                    return any(
                        process["pid"] == served.process.pid and process["counts"]
                        for process in told["processes"]
                    )

                await eventually(is_seen)
                assert await cache_clear(settings, "frame:", yes) == 0

                async def swept_anew() -> bool:
                    after = await asked(client)
                    return bool(after["as_of_from"] > before["as_of"])

                await eventually(swept_anew, seconds=30)
        assert await cache_stats(settings, json_only=False) == 0
    assert "실행 중인 서버가 없습니다" in capsys.readouterr().out
