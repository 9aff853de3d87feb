"""The last frames on disk, so that a morning's question has an answer."""

import asyncio
import contextlib
import os
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import structlog
from typing_extensions import override

from adapters.archive.frame_bytes import DAMAGE, packed, pool_name, unpacked
from application.ports.frames import KeptFrames
from domain.frame import MarketFrame
from domain.listing import Kind, Venue

SESSIONS = 2
"""How many sessions are kept of each venue and pool."""

_log = structlog.get_logger(__name__)


class ForgottenFrames(KeptFrames):
    """Keeps nothing: a replay takes its frames from the recording."""

    @override
    async def keep(self, frame: MarketFrame) -> None:
        """Lets it go."""

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        return ()

    @override
    async def newer(
        self, venue: Venue, kinds: frozenset[Kind], than: datetime | None
    ) -> MarketFrame | None:
        return None

    @override
    async def forget(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class _Look:
    """A file as it was when it was read or written: a replaced one is another inode."""

    file: tuple[str, int, int, int]
    as_of: datetime


class FrameFiles(KeptFrames):
    """One file per venue, pool and session: compressed columns, never pickled.

    Args:
        folder: Where they live; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = asyncio.Lock()
        self._looks: dict[str, _Look] = {}

    @override
    async def keep(self, frame: MarketFrame) -> None:
        async with self._lock:
            try:
                await asyncio.to_thread(self._write, frame)
            except OSError as error:
                _log.warning("frames.not_kept", error=str(error))

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        return await asyncio.to_thread(self._read_all, venue, kinds)

    @override
    async def newer(
        self, venue: Venue, kinds: frozenset[Kind], than: datetime | None
    ) -> MarketFrame | None:
        return await asyncio.to_thread(self._read_newer, pool_name(venue, kinds), than)

    @override
    async def forget(self) -> int:
        async with self._lock:
            return await asyncio.to_thread(self._remove_all)

    def _write(self, frame: MarketFrame) -> None:
        """Under its final name at once; older sessions go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(frame.venue, frame.kinds, frame.session)
        with tempfile.NamedTemporaryFile(
            dir=self._folder, prefix=".new-", delete=False
        ) as new:
            written = Path(new.name)
            try:
                new.write(packed(frame))
                new.flush()
                look = _Look(_file(path, os.fstat(new.fileno())), frame.as_of)
                written.replace(path)
            except BaseException:  # a full disk must not fill up with halves
                written.unlink(missing_ok=True)
                raise
        self._looks[pool_name(frame.venue, frame.kinds)] = look
        for old in self._paths(pool_name(frame.venue, frame.kinds))[SESSIONS:]:
            old.unlink(missing_ok=True)

    def _read_all(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        paths = self._paths(pool_name(venue, kinds))[:SESSIONS]
        return tuple(frame for path in paths if (frame := self._read(path)))

    def _read_newer(self, pool: str, than: datetime | None) -> MarketFrame | None:
        """What was written last, read only where it may be newer: else one stat."""
        newest = _written_last(self._paths(pool))
        if newest is None:
            return None
        path, stat = newest
        look = self._looks.get(pool)
        if look and than and look.file == _file(path, stat) and look.as_of <= than:
            return None
        frame = self._read(path)
        if frame is None:
            return None
        self._looks[pool] = _Look(_file(path, stat), frame.as_of)
        return frame if than is None or frame.as_of > than else None

    def _read(self, path: Path) -> MarketFrame | None:
        """None where another process has let it go, or it is damaged and set aside."""
        try:
            return unpacked(path.read_bytes())
        except FileNotFoundError:
            return None
        except DAMAGE as error:
            _log.warning("frames.set_aside", file=path.name, error=str(error))
            with contextlib.suppress(OSError):
                path.rename(path.with_suffix(".damaged"))
            return None

    def _remove_all(self) -> int:
        gone = 0
        for path in self._paths("*"):
            try:
                path.unlink(missing_ok=True)
                gone += 1
            except OSError as error:
                _log.warning("frames.not_removed", file=path.name, error=str(error))
        self._looks.clear()
        return gone

    def _paths(self, pool: str) -> list[Path]:
        """Newest session first."""
        return sorted(self._folder.glob(f"{pool}-*.npz"), reverse=True)

    def _path(self, venue: Venue, kinds: frozenset[Kind], session: date) -> Path:
        return self._folder / f"{pool_name(venue, kinds)}-{session.isoformat()}.npz"


def _written_last(paths: list[Path]) -> tuple[Path, os.stat_result] | None:
    """Not the latest session's: a clock may have been set back."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError):  # another process has let it go
            found.append((path, path.stat()))
    return max(found, key=lambda each: each[1].st_mtime_ns, default=None)


def _file(path: Path, stat: os.stat_result) -> tuple[str, int, int, int]:
    return (path.name, stat.st_ino, stat.st_mtime_ns, stat.st_size)
