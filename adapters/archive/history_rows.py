"""Past sessions' columns from the archive, straight into a table of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sql
import structlog
from sqlalchemy import Connection

from adapters.archive.axis_rows import AxisRows
from adapters.archive.packed_axis import codes_of, matches
from adapters.archive.packed_frame import FINAL, MARKS, pool_names
from adapters.archive.packing import DAMAGE, Unpacker
from adapters.archive.schema import frame_columns, frames
from domain.frame import COLUMNS
from domain.history import History
from domain.listing import Kind, Listings, Venue

if TYPE_CHECKING:
    from numpy.typing import NDArray

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuestion:
    """What of the past is wanted; see `application.ports.archive.Frames.history`."""

    listings: Listings
    venue: Venue
    kinds: frozenset[Kind]
    sessions: tuple[date, ...]
    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        """Only what a frame has, of one venue."""
        if self.venue is Venue.ALL:
            raise ValueError("venue: KRX or NXT")
        if unknown := set(self.columns) - {*COLUMNS, MARKS}:
            raise ValueError(f"columns: {sorted(unknown)}")


def read_history(
    connection: Connection, axes: AxisRows, question: HistoryQuestion
) -> History:
    """Every frame's columns in one query, each placed whole.

    Kinds of several pools take the frames of each. A frame that cannot be read is
    logged, and its session is not known.
    """
    names = (*question.columns, "known")
    held = _held(connection, question)
    codes = axes.codes(connection, {axis for _, axis in held.values()})
    table = _Table(question)
    wanted = codes_of(question.listings)
    places = {axis: matches(each, wanted) for axis, each in codes.items()}
    unpacker = Unpacker()
    packed = _packed(connection, list(held), names)
    for frame, (session, axis) in held.items():
        if axis not in places:
            continue
        try:
            arrays = {
                name: unpacker.array(*packed[frame, name], len(codes[axis]))
                for name in names
                if name != MARKS or (frame, name) in packed
            }
        except DAMAGE as error:
            _log.warning(
                "archive.frame_unreadable",
                venue=question.venue.value,
                session=session.isoformat(),
                error=type(error).__name__,
            )
            continue
        table.place(session, arrays, *places[axis])
    return table.history()


def _held(
    connection: Connection, question: HistoryQuestion
) -> dict[int, tuple[date, str]]:
    """Session and listings of each final frame, by its number."""
    rows = connection.execute(
        sql.select(frames.c.id, frames.c.session, frames.c.axis).where(
            frames.c.venue == question.venue.value,
            frames.c.pool.in_(pool_names(question.kinds)),
            frames.c.instant == FINAL,
            frames.c.session.in_(question.sessions),
        )
    )
    return {number: (session, axis) for number, session, axis in rows}


def _packed(
    connection: Connection, numbers: Sequence[int], names: Sequence[str]
) -> dict[tuple[int, str], tuple[bytes, str]]:
    """Content and dtype by frame and name."""
    if not numbers:
        return {}
    rows = connection.execute(
        sql.select(frame_columns).where(
            frame_columns.c.frame.in_(numbers), frame_columns.c.name.in_(names)
        )
    )
    return {(frame, name): (content, dtype) for frame, name, dtype, content in rows}


class _Table:
    """What is being filled."""

    def __init__(self, question: HistoryQuestion) -> None:
        shape = (len(question.sessions), len(question.listings))
        self._question = question
        self._row = {session: row for row, session in enumerate(question.sessions)}
        self._known = np.zeros(shape, dtype=bool)
        self._unread = np.zeros(shape, dtype=bool)
        self._columns = {
            name: np.full(shape, -1 if name == MARKS else 0, dtype=np.int64)
            for name in question.columns
        }

    def place(
        self,
        session: date,
        arrays: "dict[str, NDArray[Any]]",
        source: "NDArray[np.intp]",
        target: "NDArray[np.intp]",
    ) -> None:
        """A session's figures of the listings that are wanted."""
        known, row = arrays["known"][source], self._row[session]
        self._unread[row, target[~known]] = True
        source, target = source[known], target[known]
        self._known[row, target] = True
        for name, column in self._columns.items():
            if name in arrays:
                column[row, target] = arrays[name][source]

    def history(self) -> History:
        """What came together."""
        return History(
            listings=self._question.listings,
            venue=self._question.venue,
            sessions=self._question.sessions,
            columns=self._columns,
            known=self._known,
            unread=self._unread,
        )
