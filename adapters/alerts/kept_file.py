"""What was told, kept in a file that processes of one folder share."""

import asyncio
import os
import tempfile
from pathlib import Path

import structlog
from typing_extensions import override

from adapters.alerts.book_json import DAMAGE, book_bytes, book_from
from application.ports.alerts import KeptAlerts
from domain.alerting import AlertBook

_log = structlog.get_logger(__name__)


class AlertFile(KeptAlerts):
    """One JSON file; looking whether it changed costs one ``stat``.

    Args:
        path: The file; its folder is made when needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[tuple[int, int, int], AlertBook] | None = None
        self._unsaved: AlertBook | None = None

    @override
    async def load(self) -> AlertBook:
        if self._unsaved is not None:
            return self._unsaved
        return await asyncio.to_thread(self._read)

    @override
    async def keep(self, book: AlertBook) -> None:
        try:
            await asyncio.to_thread(self._write, book_bytes(book))
        except OSError as error:
            self._unsaved = book
            _log.warning("alerts.not_kept", error=type(error).__name__)
        else:
            self._unsaved = None

    def _read(self) -> AlertBook:
        try:
            stat = self._path.stat()
            look = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if self._known is not None and self._known[0] == look:
                return self._known[1]
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return AlertBook()
        except OSError as error:
            _log.warning("alerts.unreadable", error=type(error).__name__)
            return AlertBook()
        try:
            book = book_from(raw)
        except DAMAGE as error:
            _log.warning("alerts.damaged", error=type(error).__name__)
            book = AlertBook()
        self._known = (look, book)
        return book

    def _write(self, content: bytes) -> None:
        """Under its name at once, whole."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(dir=self._path.parent, prefix=".alerts-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(new).replace(self._path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
