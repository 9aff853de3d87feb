"""The archive in SQL: a SQLite file, memory, or PostgreSQL.

SQLAlchemy is loaded at the first use, off the event loop: starting costs nothing.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from adapters.archive.archive_url import ArchiveUrl, archive_url
from application.ports.archive import Archive, Window
from application.ports.past_data import IndexQuote
from domain.bars import StockBars
from domain.frame import MarketFrame
from domain.history import History
from domain.investors import InvestorFlows
from domain.listing import Kind, Listings, Ticker, Venue
from domain.profile import Profile

if TYPE_CHECKING:
    from adapters.archive.transactions import Transactions
    from adapters.archive.using import Using

T = TypeVar("T")


class SqlArchive(Archive):
    """Past sessions as compressed columns in SQL.

    Args:
        url: Where; text is read as the setting ``ARCHIVE_URL`` is.
        migrations: The folder of the schema's steps; None for the program's own.
        patience_seconds: How long to wait for another process that writes.

    Raises:
        ValueError: The text is no address; one Korean sentence.
    """

    def __init__(
        self,
        url: ArchiveUrl | str,
        *,
        migrations: Path | None = None,
        patience_seconds: float = 10.0,
    ) -> None:
        self._url = archive_url(url) if isinstance(url, str) else url
        self._migrations = migrations
        self._patience = patience_seconds
        self._using: Using | None = None
        self._lock = threading.Lock()

    @override
    async def keep_frame(self, frame: MarketFrame) -> None:
        await self._on(lambda archive: archive.keep_frame(frame))

    @override
    async def final_frame(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> MarketFrame | None:
        return await self._on(lambda at: at.final_frame((venue, kinds), session))

    @override
    async def frames_around(
        self, venue: Venue, kinds: frozenset[Kind], at: datetime
    ) -> tuple[MarketFrame | None, MarketFrame | None]:
        pool = (venue, kinds)
        return await self._on(lambda archive: archive.frames_around(pool, at))

    @override
    async def instants(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> tuple[datetime, ...]:
        return await self._on(lambda at: at.instants((venue, kinds), session))

    @override
    async def sessions(self, venue: Venue, kinds: frozenset[Kind]) -> tuple[date, ...]:
        return await self._on(lambda archive: archive.sessions((venue, kinds)))

    @override
    async def history(
        self,
        listings: Listings,
        venue: Venue,
        kinds: frozenset[Kind],
        sessions: Sequence[date],
        columns: Sequence[str],
    ) -> History:
        days, names = tuple(sessions), tuple(columns)
        return await self._on(
            lambda archive: archive.history(listings, (venue, kinds), days, names)
        )

    @override
    async def forget_instants(self, before: date) -> None:
        await self._on(lambda archive: archive.forget_instants(before))

    @override
    async def keep_profiles(self, session: date, profiles: Iterable[Profile]) -> None:
        new = tuple(profiles)
        await self._on(lambda archive: archive.keep_profiles(session, new))

    @override
    async def profiles(self, session: date) -> Mapping[Ticker, Profile]:
        return await self._on(lambda archive: archive.profiles(session))

    @override
    async def profiles_of(self, session: date) -> Mapping[Ticker, Profile]:
        return await self._on(lambda archive: archive.profiles_of(session))

    @override
    async def keep_flows(self, flows: InvestorFlows) -> None:
        await self._on(lambda archive: archive.keep_flows(flows))

    @override
    async def flows(self, venue: Venue, session: date) -> InvestorFlows | None:
        return await self._on(lambda archive: archive.flows(venue, session))

    @override
    async def flow_sessions(self, venue: Venue) -> tuple[date, ...]:
        return await self._on(lambda archive: archive.flow_sessions(venue))

    @override
    async def keep_indices(self, session: date, indices: Iterable[IndexQuote]) -> None:
        new = tuple(indices)
        await self._on(lambda archive: archive.keep_indices(session, new))

    @override
    async def indices(self, session: date) -> Mapping[str, IndexQuote]:
        return await self._on(lambda archive: archive.indices(session))

    @override
    async def windows(self) -> tuple[Window, ...]:
        return await self._on(lambda archive: archive.windows())

    @override
    async def begin(self, window: Window) -> None:
        await self._on(lambda archive: archive.begin(window))

    @override
    async def staged(self, window: Window) -> frozenset[Ticker]:
        return await self._on(lambda archive: archive.staged(window))

    @override
    async def stage(self, window: Window, bars: Sequence[StockBars]) -> None:
        await self._on(lambda archive: archive.stage(window, bars))

    @override
    async def read_staged(self, window: Window) -> AsyncIterator[StockBars]:
        last = ""
        while page := await self._after(window, last):
            for bars in page:
                yield bars
            last = page[-1].ticker

    @override
    async def publish(self, window: Window, frames: Iterable[MarketFrame]) -> None:
        # Made as they are gone through, in the thread: it takes a second.
        await self._on(lambda archive: archive.publish(window, frames))

    @override
    async def close(self) -> None:
        if self._using is not None:
            await asyncio.to_thread(self._using.close)

    async def _after(self, window: Window, ticker: str) -> list[StockBars]:
        return await self._on(lambda archive: archive.staged_after(window, ticker))

    async def _on(self, work: "Callable[[Transactions], T]") -> T:
        return await asyncio.to_thread(self._do, work)

    def _do(self, work: "Callable[[Transactions], T]") -> T:
        with self._lock:
            if self._using is None:
                from adapters.archive.using import Using  # noqa: PLC0415 - slow

                self._using = Using(self._url, self._migrations, self._patience)
        return self._using.run(work)
