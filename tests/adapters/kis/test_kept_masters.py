from datetime import timedelta
from pathlib import Path

import pytest

from adapters.kis.kept_masters import keep_zips, kept_days, read_zips
from tests.adapters.kis.master_files import FRIDAY, THURSDAY


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    keep_zips(tmp_path / "masters", FRIDAY, {"a": b"1", "b": b"2"})
    ((day, path),) = kept_days(tmp_path / "masters")
    assert (day, read_zips(path, ["b"])) == (FRIDAY, {"b": b"2"})


def test_a_days_files_are_replaced_as_a_whole(tmp_path: Path) -> None:
    keep_zips(tmp_path, FRIDAY, {"a": b"1", "b": b"2"})
    keep_zips(tmp_path, FRIDAY, {"a": b"3"})
    assert read_zips(tmp_path / "2026-11-20", ["a"]) == {"a": b"3"}
    with pytest.raises(FileNotFoundError):
        read_zips(tmp_path / "2026-11-20", ["b"])
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11-20"]


def test_only_the_newest_three_days_are_kept(tmp_path: Path) -> None:
    for days in (0, 3, 1, 4, 2):
        keep_zips(tmp_path, FRIDAY + timedelta(days=days), {"a": b"1"})
    kept = [day.isoformat() for day, _ in kept_days(tmp_path)]
    assert kept == ["2026-11-24", "2026-11-23", "2026-11-22"]


def test_what_is_no_day_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    keep_zips(tmp_path, THURSDAY, {})
    assert [day for day, _ in kept_days(tmp_path)] == [THURSDAY]
    assert (tmp_path / "notes").is_dir()


def test_a_disk_that_refuses_keeps_nothing_and_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    keep_zips(tmp_path / "file" / "masters", FRIDAY, {"a": b"1"})
    assert kept_days(tmp_path / "file" / "masters") == []
