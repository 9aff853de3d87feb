"""The table of listings: each set once, however many frames run over it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sql
import structlog
from sqlalchemy import Connection

from adapters.archive.packed_axis import (
    PackedAxis,
    codes_of,
    unpack_axis,
    unpack_codes,
)
from adapters.archive.packing import DAMAGE
from adapters.archive.recent import Recent
from adapters.archive.schema import axes, flows, frames
from domain.listing import Listings

if TYPE_CHECKING:
    from adapters.archive.packed_axis import Codes

_HELD_CODES = 600  # two years and more; 22 kB each
_HELD_LISTINGS = 8  # 1.5 MB each
_log = structlog.get_logger(__name__)


class AxisRows:
    """Keeps listings, and holds those that were read last."""

    def __init__(self) -> None:
        self._codes: Recent[str, Codes] = Recent(_HELD_CODES)
        self._listings: Recent[tuple[str, date | None], Listings] = Recent(
            _HELD_LISTINGS
        )

    def keep(self, connection: Connection, axis: PackedAxis) -> None:
        """Makes sure that it is there; under the writer's lock."""
        known = sql.select(axes.c.digest).where(axes.c.digest == axis.digest)
        if connection.execute(known).first() is None:
            connection.execute(
                sql.insert(axes).values(
                    digest=axis.digest,
                    size=axis.size,
                    tickers=axis.tickers,
                    facts=axis.facts,
                )
            )

    def listings(
        self, connection: Connection, digest: str, dated: date | None
    ) -> Listings:
        """The listings of a digest.

        Raises:
            KeyError: There are none; or whatever of `packing.DAMAGE`.
        """
        found = self._listings.get((digest, dated))
        if found is not None:
            return found
        wanted = sql.select(axes.c.size, axes.c.tickers, axes.c.facts)
        row = connection.execute(wanted.where(axes.c.digest == digest)).first()
        if row is None:
            raise KeyError(digest)
        axis = PackedAxis(
            digest=digest, size=row.size, tickers=row.tickers, facts=row.facts
        )
        found = unpack_axis(axis, dated)
        self._listings.put((digest, dated), found)
        self._codes.put(digest, codes_of(found))
        return found

    def codes(
        self, connection: Connection, digests: Iterable[str]
    ) -> "dict[str, Codes]":
        """Tickers as numbers, by digest; what cannot be read is logged and left out."""
        held = {digest: self._codes.get(digest) for digest in set(digests)}
        missing = [digest for digest, codes in held.items() if codes is None]
        found = {digest: codes for digest, codes in held.items() if codes is not None}
        wanted = sql.select(axes.c.digest, axes.c.size, axes.c.tickers)
        for digest, size, tickers in (
            connection.execute(wanted.where(axes.c.digest.in_(missing)))
            if missing
            else ()
        ):
            try:
                found[digest] = unpack_codes(tickers, size)
            except DAMAGE as error:
                _log.warning("archive.axis_unreadable", error=type(error).__name__)
            else:
                self._codes.put(digest, found[digest])
        return found

    def sweep(self, connection: Connection) -> None:
        """Lets listings go that nothing runs over any more."""
        used = sql.union_all(sql.select(frames.c.axis), sql.select(flows.c.axis))
        connection.execute(sql.delete(axes).where(axes.c.digest.not_in(used)))
