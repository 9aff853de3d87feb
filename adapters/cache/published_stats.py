"""What the caches of all processes on one folder have done."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from application.ports.cache import Cache, TierStats

_log = structlog.get_logger(__name__)
_EVERY = 10.0
_LIVING = 60.0
_FORGOTTEN = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStats:
    """One process's cache.

    Attributes:
        pid: Of the process, on ``host``.
        host: The machine's, or the container's, name.
        started: When it began to publish.
        tiers: Near ones first.
        counts: As of `Cache.counts`.
    """

    pid: int
    host: str
    started: AwareDatetime
    tiers: tuple[TierStats, ...]
    counts: Mapping[str, int]


_FORM = TypeAdapter(ProcessStats)


class PublishedStats:
    """Writes this process's statistics where the others look.

    Args:
        folder: Of these files alone; made when needed.
        cache: Whose they are.
        started: When this process began.
        every: Seconds between looks.
    """

    def __init__(
        self, folder: Path, cache: Cache, *, started: datetime, every: float = _EVERY
    ) -> None:
        self._path = folder / f"{socket.gethostname()}-{os.getpid()}.json"
        self._cache = cache
        self._started = started
        self._every = every
        self._written = b""

    async def run(self) -> None:
        """Until it is cancelled; then the file goes."""
        try:
            while True:
                await asyncio.to_thread(self.publish)
                await asyncio.sleep(self._every)
        finally:
            self.withdraw()

    def publish(self) -> None:
        """Writes what changed, or just shows that the process lives."""
        data = _FORM.dump_json(self._stats())
        try:
            if data == self._written and self._path.exists():
                os.utime(self._path)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_bytes(data)
            new.replace(self._path)
            self._written = data
        except OSError as error:
            _log.warning("cache.stats_not_published", error=type(error).__name__)

    def withdraw(self) -> None:
        """Takes the file away."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("cache.stats_not_withdrawn", error=type(error).__name__)

    def _stats(self) -> ProcessStats:
        return ProcessStats(
            pid=os.getpid(),
            host=socket.gethostname(),
            started=self._started,
            tiers=self._cache.stats(),
            counts=dict(self._cache.counts),
        )


def published_stats(
    folder: Path, seconds: Callable[[], float] = time.time
) -> tuple[ProcessStats, ...]:
    """Of every living process on the folder, oldest first; files of the dead go.

    A process of this machine lives while its id does; one of another, whose ids mean
    nothing here, while its file is touched.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            stats = _FORM.validate_json(path.read_bytes())
            silent = seconds() - path.stat().st_mtime
        except FileNotFoundError:
            continue
        except (OSError, ValidationError) as error:
            _log.warning(
                "cache.stats_unread", file=path.name, error=type(error).__name__
            )
            continue
        if _dead(stats) or silent > _FORGOTTEN:
            path.unlink(missing_ok=True)
        elif silent <= _LIVING:
            found.append(stats)
    return tuple(sorted(found, key=lambda stats: stats.started))


def _dead(stats: ProcessStats) -> bool:
    """Whether the process is known to be gone."""
    if stats.host != socket.gethostname() or sys.platform == "win32":
        return False  # and on Windows the question itself would end a process
    try:
        os.kill(stats.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
