"""Several processes, one key, one Redis."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.redis_server import RedisServer

SECONDS = 60.0
Process = subprocess.Popen[str]


@contextlib.contextmanager
def callers(
    server: RedisServer, folder: Path, *, work: float, lease: float = 5.0
) -> Iterator[Callable[[], Process]]:
    """Starts processes of fifty callers each; ends those that are left."""
    started: list[Process] = []

    def start() -> Process:
        words = (server.url, str(folder), "50", str(work), str(lease))
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.adapters.cache.caller_process", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        wait_for((folder / f"ready-{process.pid}").exists)
        return process

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.communicate(timeout=SECONDS)


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def values(process: Process) -> str:
    """What its callers got: its last line, after what it logged."""
    return process.communicate(timeout=SECONDS)[0].splitlines()[-1]


def loads(folder: Path) -> list[int]:
    file = folder / "loads"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.mark.slow
def test_fifty_callers_in_each_of_two_processes_cost_one_load(
    redis: RedisServer, tmp_path: Path
) -> None:
    with callers(redis, tmp_path, work=0.5) as start:
        both = [start(), start()]
        (tmp_path / "go").touch()
        said = [values(process) for process in both]

    (leader,) = loads(tmp_path)
    assert said == [str(leader)] * 2


@pytest.mark.slow
def test_a_dead_leaders_lease_passes_on(redis: RedisServer, tmp_path: Path) -> None:
    lease = 2.0
    with callers(redis, tmp_path, work=30.0, lease=lease) as start_slow:
        leader = start_slow()
        (tmp_path / "go").touch()
        wait_for(lambda: len(loads(tmp_path)) == 1)
        with callers(redis, tmp_path, work=0.1, lease=lease) as start:
            waiter = start()
            leader.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            said = values(waiter)
            took = time.monotonic() - killed

    assert loads(tmp_path) == [leader.pid, waiter.pid]
    assert said == str(waiter.pid)
    assert took < lease + 20  # alone on its machine it takes the lease and 0.4 s


@pytest.mark.slow
def test_redis_killed_in_mid_load_costs_no_answer(
    own_redis: RedisServer, tmp_path: Path
) -> None:
    with callers(own_redis, tmp_path, work=1.5) as start:
        both = [start(), start()]
        (tmp_path / "go").touch()
        wait_for(lambda: len(loads(tmp_path)) == 1)
        own_redis.stop()
        said = {values(process) for process in both}

    assert said == {str(process.pid) for process in both}
    assert sorted(loads(tmp_path)) == sorted(process.pid for process in both)
