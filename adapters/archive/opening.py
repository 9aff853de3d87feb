"""Opens an archive: makes it, brings it up to date, sets a broken file aside."""

import contextlib
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import filelock
import sqlalchemy as sql
import structlog
from sqlalchemy import Connection, Engine, StaticPool, event
from sqlalchemy.exc import DBAPIError

from adapters.archive.archive_url import ArchiveUrl
from adapters.archive.axis_rows import AxisRows
from adapters.archive.failing import is_damage
from adapters.archive.migrating import is_current, migrate
from adapters.archive.store import WRITES, Store
from domain.errors import MarketDataUnavailableError

_OPENING_SECONDS = 60  # another process may be migrating
_NO_DRIVER = (
    "ARCHIVE_URL의 PostgreSQL에 쓸 드라이버(psycopg)가 없습니다. pip install"
    " 'mcp-volume-ranking[postgresql]'로 설치하거나, ARCHIVE_URL을 지우고 DATA_DIR의"
    " SQLite 파일을 쓰세요."
)
_log = structlog.get_logger(__name__)


def open_store(url: ArchiveUrl, migrations: Path, patience_seconds: float) -> Store:
    """The archive, ready to be used; safe for several processes at once.

    Args:
        url: Where it is.
        migrations: The folder of its schema's steps.
        patience_seconds: How long to wait for another process that writes.

    Raises:
        MarketDataUnavailableError: A newer program made it, or PostgreSQL's driver is
            not installed.
        DBAPIError, OSError: It cannot be reached.
    """
    if url.path is not None:
        return _open_file(url.path, migrations, patience_seconds)
    try:
        engine = _postgresql(url, patience_seconds) if url.is_postgresql else _memory()
    except ImportError:  # the driver is an extra
        raise MarketDataUnavailableError(_NO_DRIVER) from None
    return _prepared(_store(engine, patience_seconds), migrations)


def set_aside(path: Path, inode: int | None) -> None:
    """Gives a broken file another name, unless another process did so already.

    Args:
        path: The SQLite file.
        inode: The file that was seen broken.
    """
    with _opening_lock(path):
        if inode is None or _inode(path) == inode:
            _rename(path)


def _open_file(path: Path, migrations: Path, patience: float) -> Store:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _opening_lock(path):
        try:
            return _opened(path, migrations, patience)
        except DBAPIError as error:
            if not is_damage(error):
                raise
        _rename(path)
        return _opened(path, migrations, patience)


def _opened(path: Path, migrations: Path, patience: float) -> Store:
    engine = sql.create_engine(
        sql.URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": patience, "check_same_thread": False},
        hide_parameters=True,
    )
    _speak_sqlite(engine)
    store = _prepared(_store(engine, patience), migrations)
    return replace(store, inode=_inode(path))


def _memory() -> Engine:
    """One connection that all threads share, in turn."""
    engine = sql.create_engine(
        "sqlite+pysqlite://",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    _speak_sqlite(engine)
    return engine


def _postgresql(url: ArchiveUrl, patience: float) -> Engine:
    return sql.create_engine(
        url.address,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=4,
        pool_timeout=patience,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            "prepare_threshold": None,  # poolers between us and it lose statements
        },
        hide_parameters=True,
    )


def _store(engine: Engine, patience: float) -> Store:
    lock = threading.RLock()
    shared = isinstance(engine.pool, StaticPool)
    return Store(
        engine=engine,
        axes=AxisRows(),
        patience_seconds=patience,
        reads=lock if shared else contextlib.nullcontext(),
        writes=lock,
    )


def _prepared(store: Store, migrations: Path) -> Store:
    """With the schema that this program knows; closed if that fails."""
    try:
        with store.reading() as connection:
            if is_current(connection, migrations):
                return store
        with store.writing() as connection:
            migrate(connection, migrations)
    except BaseException:
        store.close()
        raise
    return store


def _speak_sqlite(engine: Engine) -> None:
    """Makes the driver leave transactions to us, and a writer lock at its first word.

    A transaction that reads first and locks later can fail where waiting cannot help.
    """

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _opening_lock(path: Path) -> filelock.BaseFileLock:
    return filelock.FileLock(f"{path}.lock", timeout=_OPENING_SECONDS)


def _rename(path: Path) -> None:
    """The file and its journal; an earlier broken one stays too."""
    damaged, number = Path(f"{path}.damaged"), 1
    while damaged.exists():
        number += 1
        damaged = Path(f"{path}.damaged-{number}")
    for tail in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{tail}").rename(f"{damaged}{tail}")
    _log.warning("archive.set_aside", file=path.name, renamed=damaged.name)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None
