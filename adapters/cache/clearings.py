"""What operators let go, told to all processes that share a folder."""

import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import structlog
from filelock import FileLock

_log = structlog.get_logger(__name__)
_FILE = "clearings.json"
_MOST = 100
_LOCK_SECONDS = 5.0


class Clearings:
    """The last prefixes that were cleared, in one small file. Blocking.

    What is in the file when a process begins is no news to it: its cache is empty.
    Clearings are told apart by tokens, for the clocks of processes may differ.

    Args:
        folder: Made when first written to.
        seconds: The machine's time, for whoever reads the file.
    """

    def __init__(self, folder: Path, seconds: Callable[[], float] = time.time) -> None:
        self._path = folder / _FILE
        self._seconds = seconds
        self._state: tuple[int, int, int] | None = self._stands()
        self._known = {one["id"] for one in self._read()}

    def add(self, prefix: str) -> None:
        """Tells all that share the folder.

        Raises:
            OSError: The file cannot be written, or another holds it too long.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        one = {"prefix": prefix, "instant": self._seconds(), "id": secrets.token_hex(8)}
        with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
            self._replace([*self._read(), one][-_MOST:])

    def news(self) -> tuple[str, ...]:
        """Prefixes cleared since the last time; nothing where nothing can be read."""
        state = self._stands()
        if state == self._state:
            return ()
        self._state = state
        every = self._read()
        new = tuple(one["prefix"] for one in every if one["id"] not in self._known)
        self._known = {one["id"] for one in every}
        return new

    def _stands(self) -> tuple[int, int, int] | None:
        try:
            facts = self._path.stat()
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_ino, facts.st_size

    def _read(self) -> list[dict[str, Any]]:
        try:
            every = orjson.loads(self._path.read_bytes())
            return [
                {
                    "prefix": str(one["prefix"]),
                    "instant": one["instant"],
                    "id": one["id"],
                }
                for one in every
            ]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, LookupError, TypeError) as error:
            _log.warning("cache.clearings_unread", error=type(error).__name__)
            return []

    def _replace(self, every: list[dict[str, Any]]) -> None:
        handle, new = tempfile.mkstemp(dir=self._path.parent, prefix=".clearings-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(orjson.dumps(every))
            Path(new).replace(self._path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
