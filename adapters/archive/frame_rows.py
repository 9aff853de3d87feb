"""The tables of frames: which stands, which are found."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sql
import structlog
from sqlalchemy import Connection, Row

from adapters.archive.axis_rows import AxisRows
from adapters.archive.packed_frame import (
    ARRAYS,
    BARS,
    FINAL,
    MARKS,
    SWEPT,
    PackedFrame,
    filled,
    pack_frame,
    pool_name,
)
from adapters.archive.packing import DAMAGE, Unpacker
from adapters.archive.schema import frame_columns, frames
from domain.errors import VolumeRankingError
from domain.frame import MarketFrame, OfficialTotals
from domain.listing import Kind, Venue, Won
from domain.session import in_seoul

Pool = tuple[Venue, frozenset[Kind]]

_log = structlog.get_logger(__name__)


class FrameRows:
    """Frames within one transaction.

    Args:
        connection: With the writer's lock where something is to be kept.
        axes: Listings by digest.
    """

    def __init__(self, connection: Connection, axes: AxisRows) -> None:
        self._connection = connection
        self._axes = axes

    def keep(self, frame: PackedFrame) -> None:
        """A swept frame: over an older one of its place, and over one made of bars."""
        there = self._there(frame)
        if there is None or (
            frame.row["instant"] == FINAL
            and (there.origin == BARS or there.as_of < frame.row["as_of"])
        ):
            self._put(frame, there)

    def publish(self, frame: PackedFrame, unpacked: MarketFrame) -> None:
        """A frame made of bars: where none was swept, else only into its gaps."""
        there = self._there(frame)
        if there is None or there.origin == BARS:
            self._put(frame, there)
        elif (swept := self._read(there)) is None:
            self._put(frame, there)  # what nobody can read is no loss
        elif (whole := filled(swept, unpacked)) is not None:
            self._put(pack_frame(whole, SWEPT), there)

    def final(self, pool: Pool, session: date) -> MarketFrame | None:
        """The session's final frame."""
        wanted = _of(pool, session).where(frames.c.instant == FINAL)
        row = self._connection.execute(wanted).first()
        return None if row is None else self._read(row)

    def around(
        self, pool: Pool, at: datetime
    ) -> tuple[MarketFrame | None, MarketFrame | None]:
        """The last frame of the day that was swept by then, and the first after."""
        swept = _of(pool, in_seoul(at).date()).where(frames.c.origin == SWEPT)
        earlier = swept.where(frames.c.as_of <= at).order_by(frames.c.as_of.desc())
        later = swept.where(frames.c.as_of > at).order_by(frames.c.as_of)
        return next(self._each(earlier), None), next(self._each(later), None)

    def instants(self, pool: Pool, session: date) -> tuple[datetime, ...]:
        """When frames between were taken, ascending."""
        between = _of(pool, session).where(frames.c.instant != FINAL)
        rows = self._connection.execute(between.order_by(frames.c.instant))
        return tuple(row.as_of for row in rows)

    def sessions(self, pool: Pool) -> tuple[date, ...]:
        """Sessions with a final frame, ascending."""
        final = _of(pool).where(frames.c.instant == FINAL)
        rows = self._connection.execute(final.order_by(frames.c.session))
        return tuple(row.session for row in rows)

    def forget(self, before: date) -> None:
        """Lets frames between go, and listings that nothing runs over any more."""
        between = (frames.c.instant != FINAL) & (frames.c.session < before)
        self._connection.execute(sql.delete(frames).where(between))
        self._axes.sweep(self._connection)

    def _there(self, frame: PackedFrame) -> "Row[tuple[object, ...]] | None":
        """What stands in the frame's place."""
        names = ("venue", "pool", "session", "instant")
        same = (frames.c[name] == frame.row[name] for name in names)
        return self._connection.execute(sql.select(frames).where(*same)).first()

    def _put(self, frame: PackedFrame, there: "Row[tuple[object, ...]] | None") -> None:
        if there is not None:  # its columns go with it
            old = sql.delete(frames).where(frames.c.id == there.id)
            self._connection.execute(old)
        self._axes.keep(self._connection, frame.axis)
        new = sql.insert(frames).values(frame.row).returning(frames.c.id)
        number = self._connection.execute(new).scalar_one()
        self._connection.execute(
            sql.insert(frame_columns),
            [
                {"frame": number, "name": name, "dtype": dtype, "content": content}
                for name, dtype, content in frame.columns
            ],
        )

    def _each(self, wanted: "sql.Select[tuple[object, ...]]") -> Iterator[MarketFrame]:
        """The frames that can be read, in order."""
        for row in self._connection.execute(wanted).all():
            frame = self._read(row)
            if frame is not None:
                yield frame

    def _read(self, row: "Row[tuple[object, ...]]") -> MarketFrame | None:
        """The frame; one that cannot be read is logged and counts as none."""
        try:
            return self._unpacked(row)
        except (*DAMAGE, VolumeRankingError) as error:
            _log.warning(
                "archive.frame_unreadable",
                venue=row.venue,
                pool=row.pool,
                session=row.session.isoformat(),
                error=type(error).__name__,
            )
            return None

    def _unpacked(self, row: "Row[tuple[object, ...]]") -> MarketFrame:
        listings = self._axes.listings(self._connection, row.axis, row.dated)
        wanted = sql.select(frame_columns).where(frame_columns.c.frame == row.id)
        packed = {line.name: line for line in self._connection.execute(wanted)}
        unpacker, count = Unpacker(), len(listings)
        arrays: dict[str, Any] = {
            name: unpacker.array(packed[name].content, packed[name].dtype, count)
            for name in (*ARRAYS, MARKS)
            if name != MARKS or name in packed
        }
        return MarketFrame(
            listings=listings,
            venue=Venue(row.venue),
            kinds=frozenset(Kind[name.upper()] for name in row.pool.split("+")),
            session=row.session,
            as_of_from=row.as_of_from,
            as_of=row.as_of,
            official=OfficialTotals(
                kospi=_won(row.official_kospi), kosdaq=_won(row.official_kosdaq)
            ),
            is_final=row.instant == FINAL,
            **arrays,
        )


def _won(figure: int | None) -> Won | None:
    return None if figure is None else Won(figure)


def _of(pool: Pool, session: date | None = None) -> "sql.Select[tuple[object, ...]]":
    venue, kinds = pool
    wanted = sql.select(frames).where(
        frames.c.venue == venue.value, frames.c.pool == pool_name(kinds)
    )
    return wanted if session is None else wanted.where(frames.c.session == session)
