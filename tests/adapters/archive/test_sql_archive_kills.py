"""A process that is killed while it fills the archive leaves nothing half done."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.archive.sql_archive import SqlArchive
from domain.listing import Venue
from tests.adapters.archive.archived import STOCKS, assert_same
from tests.adapters.archive.filling_process import (
    BATCH,
    days_of,
    frames_of,
    window_of,
)

ROOT = Path(__file__).resolve().parents[3]


def filled_until_killed(path: Path, seconds: float) -> None:
    """Begins, works for a while, and is killed."""
    command = [sys.executable, "-m", "tests.adapters.archive.filling_process"]
    with subprocess.Popen(  # noqa: S603
        [*command, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"began\n"
        time.sleep(seconds)
        process.kill()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_kill_leaves_nothing_half_done(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "archive.sqlite3"
    filled_until_killed(path, random.Random(seed).uniform(0.45, 0.9))  # noqa: S311
    archive = SqlArchive(f"sqlite:///{path}")
    kept = await archive.sessions(Venue.KRX, STOCKS)
    open_windows = await archive.windows()
    published = [number for number in range(40) if days_of(number)[0] in kept]

    assert len(open_windows) <= 1
    assert list(kept) == [day for number in published for day in days_of(number)]
    assert not {window_of(number) for number in published} & set(open_windows)
    for window in open_windows:
        assert len(await archive.staged(window)) % BATCH == 0
    for frame in frames_of(published[-1]) if published else ():
        assert_same(await archive.final_frame(Venue.KRX, STOCKS, frame.session), frame)
    await archive.close()
