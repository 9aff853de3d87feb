"""Kept frames that go to the archive too: one per slot, and every final one."""

import asyncio
import functools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from typing_extensions import override

from application.archive_slots import keeps
from application.ports.archive import Frames
from application.ports.frames import KeptFrames
from application.ports.journal import Journal
from application.single_flight import SingleFlight
from application.sweeping import Pool
from application.timeliness import Timeliness
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.listing import Kind, Venue
from domain.session import TradingSession

PATIENCE = timedelta(seconds=2)
"""How long a sweep waits for the archive: a slow one must not hold up the market."""


@dataclass(slots=True, kw_only=True)
class ArchivedFrames(KeptFrames):
    """Kept frames, of which one per slot and every final one go to the archive too.

    An archive that fails is logged; the frame serves all the same, and the next slot is
    tried anew. One that is slow goes on behind; while it does, the pool's next frames
    between are left out, final ones wait for their turn.
    """

    kept: KeptFrames
    archive: Frames
    timeliness: Timeliness
    journal: Journal
    patience: timedelta = PATIENCE
    _last: dict[tuple[Pool, str], datetime] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _flights: SingleFlight = field(default_factory=SingleFlight)

    @override
    async def keep(self, frame: MarketFrame) -> None:
        await self.kept.keep(frame)
        session = self.timeliness.calendar.session_on(frame.session)
        if session is None or not frame.listings:
            return
        pool = (frame.venue, frame.kinds)
        flight = self._flights.start(
            (pool, frame.session, frame.as_of if frame.is_final else None),
            functools.partial(self._archive, frame, session),
        )
        await asyncio.wait([flight], timeout=self.patience.total_seconds())

    async def _archive(self, frame: MarketFrame, session: TradingSession) -> None:
        pool = (frame.venue, frame.kinds)
        key = (pool, frame.session.isoformat())
        async with self._lock:
            try:
                last = self._last.get(key) or await self._newest(pool, frame)
                if not keeps(frame, last, session):
                    return
                await self.archive.keep_frame(frame)
            except MarketDataError as error:
                self.journal.warning("archive.frame_not_kept", error=str(error))
                return
            if not frame.is_final:
                self._last = {key: frame.as_of, **_of_same_day(self._last, key)}

    async def _newest(self, pool: Pool, frame: MarketFrame) -> datetime | None:
        instants = await self.archive.instants(*pool, frame.session)
        return instants[-1] if instants else None

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        return await self.kept.last(venue, kinds)

    @override
    async def newer(
        self, venue: Venue, kinds: frozenset[Kind], than: datetime | None
    ) -> MarketFrame | None:
        return await self.kept.newer(venue, kinds, than)

    @override
    async def forget(self) -> int:
        """What is archived stays: it is the past, not the last."""
        return await self.kept.forget()

    async def close(self) -> None:
        """Ends what is still on its way to the archive."""
        await self._flights.close()


def _of_same_day(
    last: dict[tuple[Pool, str], datetime], key: tuple[Pool, str]
) -> dict[tuple[Pool, str], datetime]:
    return {k: at for k, at in last.items() if k[1] == key[1] and k != key}
