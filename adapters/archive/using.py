"""Opens the archive at its first use, and tells its failures as the port promises."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from adapters.archive.archive_url import ArchiveUrl
from adapters.archive.failing import FAILURES, is_damage, unavailable
from adapters.archive.migrating import MIGRATIONS
from adapters.archive.opening import open_store, set_aside
from adapters.archive.store import Store
from adapters.archive.transactions import Transactions

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Using:
    """One archive, opened when it is needed; from any thread.

    Args:
        url: Where it is.
        migrations: The folder of its schema's steps; None for the program's own.
        patience_seconds: How long to wait for another process that writes.
    """

    def __init__(
        self, url: ArchiveUrl, migrations: Path | None, patience_seconds: float
    ) -> None:
        self._url = url
        self._patience = patience_seconds
        self._migrations = migrations or MIGRATIONS
        self._store: Store | None = None
        self._lock = threading.Lock()

    def run(self, work: Callable[[Transactions], T]) -> T:
        """Does the work; once more in a new file where the old one proves broken.

        Raises:
            MarketDataUnavailableError: The store cannot be reached.
        """
        try:
            store = self._opened()
            try:
                return work(Transactions(store))
            except DBAPIError as error:
                if self._url.path is None or not is_damage(error):
                    raise
            self._give_up(store, self._url.path)
            return work(Transactions(self._opened()))
        except FAILURES as error:
            cause = getattr(error, "orig", None) or error
            _log.warning("archive.unavailable", error=type(cause).__name__)
            raise unavailable(error, self._url) from error

    def close(self) -> None:
        """Lets connections go; a later use opens it again."""
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    def _opened(self) -> Store:
        with self._lock:
            if self._store is None:
                self._store = open_store(self._url, self._migrations, self._patience)
            return self._store

    def _give_up(self, store: Store, path: Path) -> None:
        """A broken file, which only the first thread that found it so sets aside."""
        with self._lock:
            if self._store is store:
                self._store = None
                store.close()
                set_aside(path, store.inode)
