"""Processes over one folder, and replicas over one Redis: one sweep between them."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.archive.kept_frames import ForgottenFrames, FrameFiles
from adapters.archive.redis_frames import RedisFrames
from adapters.turns.file_turns import FileTurns
from adapters.turns.redis_turns import RedisTurns
from application.current_market import CurrentMarket
from application.ports.frames import KeptFrames
from application.ports.turns import Turns
from application.shared_sweeps import FreeTurns
from tests.adapters.turns.clients import client_of, new_prefix
from tests.application.scene import ALL, Scene, values
from tests.redis_server import RedisServer


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr("application.frame_shelf.LOOK_SECONDS", 0.0)
    return Scene()


def market(scene: Scene, kept: KeptFrames, turns: Turns) -> CurrentMarket:
    return CurrentMarket(
        sweeper=scene.sweeper, kept=kept, timeliness=scene.timeliness, turns=turns
    )


def in_folder(scene: Scene, folder: Path) -> CurrentMarket:
    """A process with nothing of its own but the path."""
    return market(scene, FrameFiles(folder / "frames"), FileTurns(folder / "turns"))


def on_redis(scene: Scene, client: Redis, prefix: str) -> CurrentMarket:
    """A replica on a machine of its own."""
    return market(
        scene,
        RedisFrames(ForgottenFrames(), client, prefix),
        RedisTurns(client, prefix, instead=FreeTurns()),
    )


async def one_sweep_between(scene: Scene, markets: list[CurrentMarket]) -> None:
    """Cold, and again when the frame is old: everybody is served, one sweeps."""
    scene.quotes.gates["sweep"] = gate = asyncio.Event()
    asking = [asyncio.create_task(one.seen(ALL)) for one in markets]
    async with asyncio.timeout(30):
        while sum(scene.sweeps.values()) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    gate.set()
    seen = await asyncio.gather(*asking)
    assert [values(one.frame) for one in seen] == [values(seen[0].frame)] * len(seen)
    assert scene.sweeps == {"KRX": 1, "NXT": 1}

    scene.clock.advance(301)
    scene.moves(k005930=950_000)
    seen = await asyncio.gather(*(one.seen(ALL) for one in markets))
    assert [values(one.frame)["005930"] for one in seen] == [1_050_000] * len(seen)
    assert scene.sweeps == {"KRX": 2, "NXT": 2}


async def test_processes_over_one_folder(scene: Scene, tmp_path: Path) -> None:
    await one_sweep_between(scene, [in_folder(scene, tmp_path) for _ in range(4)])


async def test_replicas_over_one_redis(scene: Scene, server: RedisServer) -> None:
    prefix = new_prefix()
    async with client_of(server.url) as client:
        replicas = [on_redis(scene, client, prefix) for _ in range(3)]
        await one_sweep_between(scene, replicas)


async def test_an_idle_process_follows_the_one_that_sweeps(
    scene: Scene, tmp_path: Path
) -> None:
    sweeping, idle = in_folder(scene, tmp_path), in_folder(scene, tmp_path)
    for minute in (31, 32, 33):
        scene.clock.set(f"10:{minute}:30")
        await sweeping.refresh(ALL)
        scene.clock.advance(5)
        seen = await idle.seen(ALL)
        assert seen.frame.as_of.minute == minute
    assert scene.sweeps == {"KRX": 3, "NXT": 3}
