"""Masters on disk: a folder for each day they were made for, the newest few kept."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import structlog

KEPT_DAYS = 3

_log = structlog.get_logger(__name__)


def kept_days(folder: Path) -> list[tuple[date, Path]]:
    """The days of which files are kept, and where; the newest first."""
    days: list[tuple[date, Path]] = []
    try:
        paths = list(folder.iterdir())
    except OSError:
        return days
    for path in paths:
        with contextlib.suppress(ValueError):
            days.append((date.fromisoformat(path.name), path))
    return sorted(days, reverse=True)


def read_zips(path: Path, names: Iterable[str]) -> dict[str, bytes]:
    """One day's zipped masters by name.

    Raises:
        OSError: One is missing, or cannot be read.
    """
    return {name: (path / f"{name}.mst.zip").read_bytes() for name in names}


def keep_zips(folder: Path, day: date, zips: Mapping[str, bytes]) -> None:
    """Writes a day's files under their final name at once; prunes older days.

    A disk that refuses is logged: only the keeping is lost.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
            whole, final = Path(scratch) / "whole", folder / day.isoformat()
            whole.mkdir()
            for name, zipped in zips.items():
                (whole / f"{name}.mst.zip").write_bytes(zipped)
            with contextlib.suppress(FileNotFoundError):
                final.rename(Path(scratch) / "before")
            whole.rename(final)
    except OSError as error:
        _log.warning("kis.masters_not_kept", error=str(error))
    for _, path in kept_days(folder)[KEPT_DAYS:]:
        shutil.rmtree(path, ignore_errors=True)
