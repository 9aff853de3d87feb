"""Turns as locks on files: they end with their process, however it dies."""

from dataclasses import dataclass
from pathlib import Path

import structlog
from filelock import FileLock, Timeout
from typing_extensions import override

from application.ports.turns import Turn, Turns

_log = structlog.get_logger(__name__)


class FileTurns(Turns):
    """One holder of each name among the processes that share a folder.

    Args:
        folder: Where the lock files live; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = False

    @override
    async def take(self, name: str) -> Turn | None:
        lock = FileLock(self._folder / f"{name}.lock", timeout=0, thread_local=False)
        return _FileTurn(lock) if self._has(lock) else None

    def _has(self, lock: FileLock) -> bool:
        """One try, microseconds; True too where the disk allows no locks."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            if not self._said:
                _log.warning("turns.not_locked", error=str(error))
                self._said = True
        return True


@dataclass(frozen=True, slots=True)
class _FileTurn(Turn):
    lock: FileLock

    @override
    async def end(self) -> None:
        self.lock.release(force=True)
