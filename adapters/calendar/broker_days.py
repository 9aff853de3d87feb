"""The broker's own word on which days trade, asked once a day and kept on disk."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import filelock
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import VolumeRankingError
from domain.session import in_seoul

FetchDays = Callable[[date], Awaitable[Mapping[date, bool]]]
"""Asks the broker from a day on: each day it knows, and whether the market opens."""

_log = structlog.get_logger(__name__)


class _Kept(BaseModel):
    """The file: when the broker was last asked, and all it ever said."""

    model_config = ConfigDict(frozen=True)

    asked_on: date | None = None
    days: dict[date, bool] = {}


class BrokerDays:
    """Which days the broker said are open or closed.

    Processes that share the file ask once between them: the broker allows its
    holiday inquiry (국내휴장일조회) once a day, so a failed try is not repeated
    before tomorrow either.
    """

    def __init__(
        self, path: Path, fetch: FetchDays, *, patience_seconds: float = 10.0
    ) -> None:
        """Reads what is kept; a file that cannot be read counts as none.

        Args:
            path: The file; its folder is made when first needed.
            fetch: Asks the broker. Whatever it raises is logged, no more.
            patience_seconds: How long to wait for another process that asks.
        """
        self._path = path
        self._fetch = fetch
        self._patience = patience_seconds
        self._kept = _read(path)
        # Not `asked_on`: another process writes that before it has the answer.
        self._settled_on: date | None = None

    def is_open(self, day: date) -> bool | None:
        """What the broker said of a day, None where it said nothing."""
        return self._kept.days.get(day)

    async def refresh(self, now: datetime) -> None:
        """Asks the broker, unless any process did today; never fails.

        Args:
            now: Aware; the day is Seoul's.
        """
        today = in_seoul(now).date()
        if self._settled_on == today:
            return
        try:
            await self._refresh(today)
        except filelock.Timeout as exc:  # its answer is there at a later call
            _warn(exc)
        except Exception as exc:  # the calendar works without the broker's word
            self._settled_on = today
            _warn(exc)

    async def _refresh(self, today: date) -> None:
        await asyncio.to_thread(self._path.parent.mkdir, parents=True, exist_ok=True)
        lock = filelock.AsyncFileLock(f"{self._path}.lock", timeout=self._patience)
        async with lock:
            on_disk = await asyncio.to_thread(_read, self._path)
            known = self._kept.days | on_disk.days
            self._kept = _Kept(asked_on=today, days=known)
            self._settled_on = today
            if on_disk.asked_on == today:
                return
            # Written first, so that a crash while asking does not ask again.
            await asyncio.to_thread(_write, self._path, self._kept)
            answer = await self._fetch(today)
            self._kept = _Kept(asked_on=today, days=known | dict(answer))
            await asyncio.to_thread(_write, self._path, self._kept)


def _warn(exc: Exception) -> None:
    # Only our own errors promise to hold no secret.
    reason = str(exc) if isinstance(exc, VolumeRankingError) else ""
    _log.warning("calendar_not_refreshed", error=type(exc).__name__, reason=reason)


def _read(path: Path) -> _Kept:
    try:
        return _Kept.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return _Kept()
    except (OSError, ValidationError) as exc:
        _log.warning("calendar_file_ignored", error=type(exc).__name__)
        return _Kept()


def _write(path: Path, kept: _Kept) -> None:
    """Writes the file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(kept.model_dump_json())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
