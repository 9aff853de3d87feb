"""What was told, kept: by a process, in a folder, and in Redis."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.alerts.kept_file import AlertFile
from adapters.alerts.kept_memory import AlertMemory
from adapters.alerts.kept_redis import RedisAlerts
from adapters.cache.connection import redis_client
from application.ports.alerts import KeptAlerts
from domain.alerting import AlertBook
from domain.unusual_volume import Level
from tests.alerts_scene import SIMULATED, alerted, book
from tests.builders import at
from tests.redis_server import running_redis

TOLD = book(
    alerted("000001", Level.EXTREME, before=Level.STRONG, reasons=("news_coverage",)),
    alerted("000002", when=at("10:29")),
    source=SIMULATED,
)


@pytest.fixture(params=["memory", "file", "redis"])
async def kept(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[KeptAlerts]:
    file = AlertFile(tmp_path / "broker" / "alerts.json")
    if request.param == "memory":
        yield AlertMemory()
    elif request.param == "file":
        yield file
    else:
        with running_redis() as (_, server):
            client = redis_client(server.url)
            yield RedisAlerts(file, client, "mvr:1:")
            await client.aclose()


async def test_what_is_kept_is_loaded_again(kept: KeptAlerts) -> None:
    assert await kept.load() == AlertBook()

    await kept.keep(TOLD)
    assert await kept.load() == TOLD

    later = TOLD.noted([alerted("000003")], at("10:31"), SIMULATED)
    await kept.keep(later)
    assert await kept.load() == later


async def test_another_process_of_the_folder_sees_it(tmp_path: Path) -> None:
    ours, theirs = (AlertFile(tmp_path / "alerts.json") for _ in range(2))
    assert await theirs.load() == AlertBook()

    await ours.keep(TOLD)

    assert await theirs.load() == TOLD


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"session": 7}', b"\xff" * 9])
async def test_a_damaged_file_is_an_empty_book(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "alerts.json"
    path.write_bytes(content)
    kept = AlertFile(path)

    assert await kept.load() == AlertBook()
    await kept.keep(TOLD)
    assert await AlertFile(path).load() == TOLD


async def test_a_folder_that_cannot_be_written_costs_this_process_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "broker").write_text("a file where the folder should be")
    kept = AlertFile(tmp_path / "broker" / "alerts.json")

    await kept.keep(TOLD)
    assert await kept.load() == TOLD

    (tmp_path / "broker").unlink()
    await kept.keep(TOLD)
    assert await AlertFile(tmp_path / "broker" / "alerts.json").load() == TOLD


async def test_replicas_share_and_go_on_alone_without_redis(tmp_path: Path) -> None:
    def replica(name: str) -> RedisAlerts:
        return RedisAlerts(AlertFile(tmp_path / name), client, "mvr:1:")

    with running_redis() as (_, server):
        client = redis_client(server.url)
        one, other = replica("one"), replica("other")
        await one.keep(TOLD)
        assert await other.load() == TOLD

        server.stop()
        later = TOLD.noted([alerted("000003")], at("10:31"), SIMULATED)
        await other.keep(later)
        assert await other.load() == later
        assert await one.load() == TOLD
        await client.aclose()


async def test_what_redis_missed_is_joined_with_what_it_has(tmp_path: Path) -> None:
    with running_redis() as (_, server):
        client = redis_client(server.url)
        alone = AlertMemory()
        await alone.keep(book(alerted("000009")))
        await RedisAlerts(AlertMemory(), client, "mvr:1:").keep(TOLD)

        found = await RedisAlerts(alone, client, "mvr:1:").load()
        await client.aclose()

    assert set(found.alerted) == {"000001", "000002", "000009"}


async def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    await AlertFile(path).keep(TOLD)
    kept = AlertFile(path)

    assert await kept.load() is await kept.load()
