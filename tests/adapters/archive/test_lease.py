"""One house keeper among the processes that share a folder."""

import asyncio
import subprocess
import sys
from pathlib import Path

from adapters.archive.lease import FileLease
from tests.adapters.mcp_server.served_process import ROOT

HOLD = """\
import asyncio, sys, pathlib
from adapters.archive.lease import FileLease
lease = FileLease(pathlib.Path(sys.argv[1]))
print(asyncio.run(lease.hold()), flush=True)
sys.stdin.read()
"""


async def test_it_is_held_until_it_is_released(tmp_path: Path) -> None:
    first = FileLease(tmp_path / "new" / "house.lock")
    second = FileLease(tmp_path / "new" / "house.lock")
    assert await first.hold()
    assert await first.hold(), "again"
    assert not await second.hold()
    await first.release()
    assert await second.hold()
    await second.release()


def test_it_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "house.lock"
    with subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        lease = FileLease(path)
        assert not asyncio.run(lease.hold())
        other.kill()
        other.wait()
        assert asyncio.run(lease.hold())
        asyncio.run(lease.release())


async def test_where_nothing_can_be_locked_nobody_keeps_house(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert not await FileLease(tmp_path / "file" / "house.lock").hold()


async def test_releasing_what_is_not_held_is_nothing(tmp_path: Path) -> None:
    await FileLease(tmp_path / "house.lock").release()
