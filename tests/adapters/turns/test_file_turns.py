"""Turns over one folder: one holder of each name, and a dead one passes it on."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.turns.file_turns import FileTurns
from tests.adapters.turns.holder_process import holding
from tests.adapters.turns.waiting import waited_for


async def test_a_name_has_one_holder(tmp_path: Path) -> None:
    mine, theirs = FileTurns(tmp_path / "new"), FileTurns(tmp_path / "new")
    first = await mine.take("sweep-krx-stock")
    assert first is not None
    assert await theirs.take("sweep-krx-stock") is None
    assert await mine.take("sweep-krx-stock") is None, "not even the same process"
    await first.end()
    second = await theirs.take("sweep-krx-stock")
    assert second is not None
    await second.end()


async def test_another_name_is_another_turn(tmp_path: Path) -> None:
    turns = FileTurns(tmp_path)
    first = await turns.take("sweep-krx-stock")
    second = await turns.take("sweep-nxt-etf+etn")
    assert first is not None
    assert second is not None
    await first.end()
    await second.end()
    await second.end()  # again is nothing


async def test_a_killed_holder_passes_it_on(tmp_path: Path) -> None:
    turns = FileTurns(tmp_path)
    with holding("file", str(tmp_path), "sweep") as holder:
        assert await turns.take("sweep") is None
        holder.kill()
        await (await waited_for(turns, "sweep")).end()


@pytest.mark.parametrize("place", ["file", "file/below"])
async def test_where_nothing_can_be_locked_everybody_has_a_turn(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    turns = FileTurns(tmp_path / place)
    with capture_logs() as logs:
        taken = [await turns.take("sweep") for _ in range(2)]
    assert all(taken)
    assert [log["event"] for log in logs] == ["turns.not_locked"], "said once"
    for turn in taken:
        assert turn is not None
        await turn.end()
