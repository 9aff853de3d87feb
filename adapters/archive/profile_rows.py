"""The table of profiles: each session's row holds the newest of every stock by then.

So what was newest on a day is one row to read. A batch of fifty costs one row to write.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sql
import structlog
from sqlalchemy import Connection

from adapters.archive.packed_profiles import (
    columns_of,
    profiles_in,
    put_over,
    read_for,
)
from adapters.archive.packing import DAMAGE, pack_columns, unpack_columns
from adapters.archive.schema import profiles
from domain.listing import Ticker
from domain.profile import Profile

if TYPE_CHECKING:
    from adapters.archive.packed_profiles import Columns

_EARLIER = 3
"""How many rows back one is looked for that can be read."""

_log = structlog.get_logger(__name__)


class ProfileRows:
    """Profiles within one transaction.

    Args:
        connection: With the writer's lock where something is to be kept.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, session: date, new: Iterable[Profile]) -> None:
        """Each in place of an earlier one; also where a later session carries it."""
        kept = columns_of(session, new)
        if not len(kept["ticker"]):
            return
        self._write(session, kept, self._read(profiles.c.session <= session))
        later = sql.select(profiles.c.session).where(profiles.c.session > session)
        for day in self._connection.execute(later).scalars().all():
            self._write(day, kept, self._read(profiles.c.session == day))

    def newest(self, session: date) -> dict[Ticker, Profile]:
        """Each stock's newest profile of the session or before it."""
        held = self._read(profiles.c.session <= session)
        return {} if held is None else profiles_in(held)

    def of(self, session: date) -> dict[Ticker, Profile]:
        """Only those that were read for the session."""
        held = self._read(profiles.c.session == session)
        return {} if held is None else profiles_in(read_for(session, held))

    def _read(self, which: "sql.ColumnElement[bool]") -> "Columns | None":
        """The newest row of these that can be read."""
        wanted = sql.select(profiles).where(which).order_by(profiles.c.session.desc())
        for session, content in self._connection.execute(wanted.limit(_EARLIER)).all():
            try:
                return unpack_columns(content)
            except DAMAGE as error:
                _log.warning(
                    "archive.profiles_unreadable",
                    session=session.isoformat(),
                    error=type(error).__name__,
                )
        return None

    def _write(self, session: date, new: "Columns", held: "Columns | None") -> None:
        whole = new if held is None else put_over(new, held)
        old = sql.delete(profiles).where(profiles.c.session == session)
        self._connection.execute(old)
        row = {"session": session, "content": pack_columns(whole)}
        self._connection.execute(sql.insert(profiles).values(row))
