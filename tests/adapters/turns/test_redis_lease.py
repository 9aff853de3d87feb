"""The house keeper among replicas: renewed by holding, lost by silence."""

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from adapters.archive.lease import FileLease
from adapters.turns.redis_lease import RedisLease
from application.ports.lease import Lease
from tests.adapters.turns.clients import NOBODY, client_of, new_prefix
from tests.redis_server import RedisServer


async def held_in_time(lease: Lease) -> bool:
    async with asyncio.timeout(30):
        while not await lease.hold():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return True


async def test_it_is_held_until_it_is_released(
    server: RedisServer, tmp_path: Path
) -> None:
    key, files = new_prefix(), FileLease(tmp_path / "house.lock")
    async with client_of(server.url) as client:
        first, second = (RedisLease(client, key, instead=files) for _ in range(2))
        assert await first.hold()
        assert await first.hold(), "again"
        assert not await second.hold()
        await second.release()
        assert not await second.hold(), "it had nothing to let go"
        assert 29_000 < await client.pttl(key) <= 30_000
        await first.release()
        assert await second.hold()


async def test_who_is_silent_loses_it(server: RedisServer, tmp_path: Path) -> None:
    key, files = new_prefix(), FileLease(tmp_path / "house.lock")
    async with client_of(server.url) as client:
        silent = RedisLease(client, key, instead=files, seconds=0.3)
        other = RedisLease(client, key, instead=files)
        assert await silent.hold()
        assert await held_in_time(other)
        assert not await silent.hold()
        await silent.release()
        assert not await silent.hold(), "the other's stays"


async def test_without_redis_one_of_this_machine_keeps_house(tmp_path: Path) -> None:
    async with client_of(NOBODY) as client:
        first, second = (
            RedisLease(client, "x", instead=FileLease(tmp_path / "house.lock"))
            for _ in range(2)
        )
        with capture_logs() as logs:
            assert await first.hold()
            assert await first.hold()
            assert not await second.hold()
        assert [log["event"] for log in logs] == ["lease.redis_lost"] * 2, "once each"
        await first.release()
        assert await second.hold()
        await second.release()


async def test_when_redis_is_back_the_machines_own_lease_is_let_go(
    server: RedisServer, tmp_path: Path
) -> None:
    files = FileLease(tmp_path / "house.lock")
    async with client_of(server.url) as client:
        lease = RedisLease(client, new_prefix(), instead=files)
        await client.config_set("maxmemory", "1")  # it refuses to write
        assert await lease.hold()
        assert not await FileLease(tmp_path / "house.lock").hold()
        await client.config_set("maxmemory", "0")
        assert await lease.hold()
        assert await FileLease(tmp_path / "house.lock").hold()
