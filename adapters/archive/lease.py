"""The house keeper's lease as a lock on a file: it ends with its process."""

from pathlib import Path

import structlog
from filelock import FileLock, Timeout
from typing_extensions import override

from application.ports.lease import Lease

_log = structlog.get_logger(__name__)


class FileLease(Lease):
    """Held by one of the processes that share a folder.

    Args:
        path: The lock file; its folder is made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path, timeout=0, thread_local=False)
        self._said = False

    @override
    async def hold(self) -> bool:
        return self._lock.is_locked or self._take()

    @override
    async def release(self) -> None:
        self._lock.release(force=True)

    def _take(self) -> bool:
        """One try, microseconds."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:  # no place to lock: nobody's
            if not self._said:
                _log.warning("lease.not_taken", error=str(error))
                self._said = True
            return False
        return True
