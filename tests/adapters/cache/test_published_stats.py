import asyncio
import os
import socket
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import orjson

from adapters.cache.published_stats import PublishedStats, published_stats
from tests.adapters.cache.caching import Rig, until
from tests.builders import at


def file_of(folder: Path) -> Path:
    return folder / f"{socket.gethostname()}-{os.getpid()}.json"


def another(folder: Path, *, pid: int, host: str) -> Path:
    """A copy of our own file as another process would have written it."""
    said = orjson.loads(file_of(folder).read_bytes()) | {"pid": pid, "host": host}
    path = folder / f"{host}-{pid}.json"
    path.write_bytes(orjson.dumps(said))
    return path


async def test_what_a_process_published_is_read_back(tmp_path: Path) -> None:
    rig = Rig()
    await rig.ask()
    PublishedStats(tmp_path, rig.cache, started=at("09:00")).publish()

    (found,) = published_stats(tmp_path)

    assert (found.pid, found.started) == (os.getpid(), at("09:00"))
    assert found.tiers == rig.cache.stats()
    assert found.counts == {"loads": 1, "shared": 0, "refreshes": 0, "stale": 0}


def test_files_of_the_dead_are_removed(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    PublishedStats(tmp_path, Rig().cache, started=at("09:00")).publish()
    path = another(tmp_path, pid=dead.pid, host=socket.gethostname())

    assert [one.pid for one in published_stats(tmp_path)] == [os.getpid()]
    assert not path.exists()


def test_another_machines_process_lives_while_its_file_is_touched(
    tmp_path: Path,
) -> None:
    PublishedStats(tmp_path, Rig().cache, started=at("09:00")).publish()
    path = another(tmp_path, pid=1, host="elsewhere")
    file_of(tmp_path).unlink()

    os.utime(path, (1_000, 1_000))
    clocks = (count(1_059), count(1_061), count(90_000))
    seen = [len(published_stats(tmp_path, clock.__next__)) for clock in clocks]

    assert seen == [1, 0, 0]
    assert not path.exists()


async def test_the_loop_writes_what_changed_and_takes_its_file_away(
    tmp_path: Path,
) -> None:
    rig = Rig()
    loop = PublishedStats(tmp_path, rig.cache, started=at("09:00"), every=0.01)
    running = asyncio.create_task(loop.run())
    await until(lambda: bool(published_stats(tmp_path)))
    await rig.ask()

    await until(lambda: published_stats(tmp_path)[0].counts["loads"] == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert published_stats(tmp_path) == ()


def test_what_did_not_change_is_only_touched(tmp_path: Path) -> None:
    published = PublishedStats(tmp_path, Rig().cache, started=at("09:00"))
    published.publish()
    before = file_of(tmp_path).stat()
    os.utime(file_of(tmp_path), (1, 1))

    published.publish()

    after = file_of(tmp_path).stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime > time.time() - 600


def test_a_damaged_file_and_a_missing_folder_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "x-1.json").write_bytes(b"{")

    assert published_stats(tmp_path) == ()
    assert published_stats(tmp_path / "absent") == ()


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    PublishedStats(tmp_path / "file", Rig().cache, started=at("09:00")).publish()
