"""An open archive: its connections, and who may write when."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sql
from sqlalchemy import Connection, Engine

from adapters.archive.axis_rows import AxisRows

WRITES = "archive_writes"
"""The execution option that marks a transaction which writes."""

_ADVISORY_LOCK = 0x6D6B_7261  # any number, the same for all who write here


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Store:
    """Connections to one archive, used from worker threads.

    Attributes:
        engine: SQLAlchemy's.
        axes: Listings that were read last.
        patience_seconds: How long a writer waits for its turn.
        reads: Held while reading; a real lock where all share one connection.
        writes: Held while writing: this process has one writer at a time. Between
            processes SQLite's own lock, or one of PostgreSQL's, does the same.
        inode: Which SQLite file was opened; None where there is none.
    """

    engine: Engine
    axes: AxisRows
    patience_seconds: float
    reads: contextlib.AbstractContextManager[object]
    writes: threading.RLock
    inode: int | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of everything."""
        with self.reads, self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole or not at all, alone among writers."""
        with self.writes, self.engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                if self.engine.dialect.name == "postgresql":
                    self._take_turn(connection)
                yield connection

    def close(self) -> None:
        """Lets connections go."""
        with self.reads, self.writes:
            self.engine.dispose()

    def _take_turn(self, connection: Connection) -> None:
        """Waits until no other process writes; lasts as long as the transaction."""
        milliseconds = int(self.patience_seconds * 1_000)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        turn = sql.func.pg_advisory_xact_lock(_ADVISORY_LOCK)
        connection.execute(sql.select(turn))
