"""Where a token's record is kept: a private file, alone or beside a shared store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import structlog
from filelock import AsyncFileLock
from typing_extensions import override

from adapters.kis.token_file import TokenFile, TokenRecord

_log = structlog.get_logger(__name__)


class Records(Protocol):
    """One key's record, shared by all who look at it here."""

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Nobody else is in such a block, from the first look to the last write.

        It waits its turn; a store that cannot lock is no error.
        """
        ...

    async def read(self) -> TokenRecord:
        """What is there; an empty record where nothing can be read."""
        ...

    async def write(self, record: TokenRecord) -> None:
        """Replaces it; a store that refuses is logged."""
        ...


class SharedRecords(Protocol):
    """A store that replicas share, over the files of each."""

    def over(self, files: Records, name: str) -> Records:
        """The record of this name, in the store and in the files."""
        ...


class FileRecords(Records):
    """A file and a lock beside it, readable by their owner alone.

    Args:
        folder: Where they live; made when first needed.
        name: Of both, without an ending; it bears a key's fingerprint, never the key.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._file = TokenFile(folder / f"{name}.json")
        self._lock_path = folder / f"{name}.lock"
        self._said = False

    @override
    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        try:
            await asyncio.to_thread(
                self._lock_path.parent.mkdir, parents=True, exist_ok=True
            )
            lock = AsyncFileLock(self._lock_path, mode=0o600)
            await lock.acquire()
        except (OSError, NotImplementedError) as error:
            if not self._said:
                _log.warning("kis.token_unlocked", error=type(error).__name__)
                self._said = True
            yield
            return
        try:
            yield
        finally:
            await asyncio.shield(lock.release())

    @override
    async def read(self) -> TokenRecord:
        return await asyncio.to_thread(self._file.read)

    @override
    async def write(self, record: TokenRecord) -> None:
        await asyncio.to_thread(self._file.write, record)
