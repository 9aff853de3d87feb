"""Fills the archive's past from daily bars, stock by stock; a killed run goes on."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date

from application.bar_frames import BarFrames
from application.filled import Filled, Tally
from application.filling_plan import between, finished, windows_of
from application.ports.archive import Archive, Window
from application.ports.journal import Journal
from application.ports.market_data import Quotes
from application.ports.past_data import PastBars
from application.progress import Stage, Watcher, unwatched
from application.reading import Manner, Reader
from application.sweeping import PRODUCTS, STOCKS
from application.timeliness import Timeliness
from domain.bars import StockBars
from domain.errors import (
    MarketDataError,
    MarketDataRefusedError,
    MarketDataUnavailableError,
)
from domain.frame import MarketFrame, OfficialTotals
from domain.listing import Kind, Listings, Market, Ticker, Venue, Won
from domain.session import TradingSession

_TRIES = 3
"""How often a window is begun whose staged bars are lost before they are published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One window and what it still needs.

    Attributes:
        pools: What is to be published: each pool's listings at the venue, and the
            sessions that are not archived yet, oldest first.
        wanted: Whose bars are needed.
        unread: Whose of them are not staged yet, in the order of asking.
        proven: A stock whose bars are staged.
    """

    window: Window
    pools: Mapping[frozenset[Kind], tuple[Listings, tuple[TradingSession, ...]]]
    wanted: frozenset[Ticker]
    unread: tuple[Ticker, ...]
    proven: Ticker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frames:
    """Every pool's frames, made anew each time they are gone through."""

    pools: list[BarFrames]

    def __iter__(self) -> Iterator[MarketFrame]:
        for pool in self.pools:
            yield from pool


@dataclass(frozen=True, slots=True, kw_only=True)
class FillHistory:
    """Reads every listing's bars and publishes them by session.

    In windows of at most 100 sessions, newest first, KRX before NXT; those begun by an
    earlier run before all others. Bars are staged as they come, and a window's sessions
    are published in one step.
    """

    quotes: Quotes
    bars: PastBars
    archive: Archive
    timeliness: Timeliness
    journal: Journal
    manner: Manner = field(default_factory=Manner)

    async def missing(self, sessions: int) -> int:
        """How many of the last sessions are not wholly archived, at any venue."""
        listings = await self.quotes.listings()
        lacking = set()
        for venue, days in self._finished(sessions).items():
            lacking |= await self._missing(venue, days, listings)
        return len(lacking)

    async def __call__(
        self, sessions: int, *, progress: Watcher = unwatched, share: float = 1.0
    ) -> Filled:
        """Fills what is missing of the last sessions.

        Args:
            sessions: Of KRX, counted from the newest whose figures are final; of NXT
                those among them that it traded on.
            progress: Told after every batch.
            share: How much of the source's rate is used, a fraction.

        Raises:
            MarketDataRefusedError: The source refuses; what was read stays staged.
            MarketDataError: The source or the archive answers no more; likewise.
        """
        listings = await self.quotes.listings()
        windows = await self._plan(sessions, listings)
        planned = [await self._job(window, listings) for window in windows]
        tally = Tally(total=sum(len(job.unread) for job in planned), watch=progress)
        manner = replace(self.manner, share=share)
        for job in planned:
            await self._fill(job, listings, manner, tally)
        return tally.filled()

    async def _fill(
        self, planned: _Job, listings: Listings, manner: Manner, tally: Tally
    ) -> None:
        """Reads and publishes one window; anew where its staged bars were lost."""
        window, left = planned.window, len(planned.unread)
        for _ in range(_TRIES):
            # Looked at again: an hour may lie between the plan and its last window.
            job = await self._job(window, listings)
            tally.total += len(job.unread) - left
            left = 0
            unread = await self._read(job, manner, tally)
            if await self._publish(job, unread, tally):
                tally.failed.setdefault(window.venue, set()).update(unread)
                return
            self.journal.warning("history.staged_bars_lost", window=str(window))
        raise MarketDataUnavailableError(
            "보관소에 쌓아 둔 일봉이 자꾸 사라집니다. 같은 보관소를 채우는 다른"
            " 프로그램을 끝내고 다시 시도해 주세요.",
            retry_after=60,
        )

    # -- which windows ---------------------------------------------------------------

    def _finished(self, sessions: int) -> dict[Venue, tuple[date, ...]]:
        now = self.timeliness.clock.now()
        return finished(self.timeliness.calendar, now, sessions)

    async def _plan(self, sessions: int, listings: Listings) -> list[Window]:
        """Windows begun before, then new ones over what those leave out."""
        begun = list(await self.archive.windows())
        new: list[Window] = []
        for venue, days in self._finished(sessions).items():
            missing = await self._missing(venue, days, listings)
            for window in begun:
                if window.venue is venue:
                    missing -= {d for d in missing if window.first <= d <= window.last}
            new += windows_of(venue, days, missing)
        order = list(Venue)
        new.sort(key=lambda x: (-x.last.toordinal(), order.index(x.venue)))
        return [*begun, *new]

    async def _missing(
        self, venue: Venue, days: tuple[date, ...], listings: Listings
    ) -> set[date]:
        """Days that some pool of the venue is not archived of."""
        lacking: set[date] = set()
        for kinds in _pools(listings, venue):
            kept = await self.archive.sessions(venue, kinds)
            lacking |= set(days).difference(kept)
        return lacking

    async def _job(self, window: Window, listings: Listings) -> _Job:
        calendar = self.timeliness.calendar
        days = between(calendar, window)
        pools = {}
        for kinds, listed in _pools(listings, window.venue).items():
            kept = set(await self.archive.sessions(window.venue, kinds))
            lacking = [calendar.session_on(day) for day in days if day not in kept]
            if lacking:
                pools[kinds] = (listed, tuple(x for x in lacking if x is not None))
        staged = await self.archive.staged(window)
        wanted = [item.ticker for listed, _ in pools.values() for item in listed]
        return _Job(
            window=window,
            pools=pools,
            wanted=frozenset(wanted),
            unread=tuple(ticker for ticker in wanted if ticker not in staged),
            proven=next((ticker for ticker in wanted if ticker in staged), None),
        )

    # -- reading and publishing ------------------------------------------------------

    async def _read(self, job: _Job, manner: Manner, tally: Tally) -> set[Ticker]:
        """Stages what is not staged yet; whose bars could not be read."""
        window = job.window

        async def ask(ticker: Ticker) -> StockBars:
            return await self.bars.daily_bars(
                ticker, window.venue, window.first, window.last
            )

        reader = Reader(ask=ask, manner=manner, proven=job.proven)
        await self.archive.begin(window)
        tally.tell(Stage.READING, window)
        try:
            async with aclosing(reader.batches(job.unread)) as batches:
                async for batch in batches:
                    await self.archive.stage(window, [bars for _, bars in batch])
                    tally.stocks.update(ticker for ticker, _ in batch)
                    tally.tell(Stage.READING, window, reader.ended)
        finally:
            tally.calls += reader.calls
        tally.done += len(job.unread)
        return set(reader.failed)

    async def _publish(self, job: _Job, unread: set[Ticker], tally: Tally) -> bool:
        """Publishes what is staged; False where bars are gone that were staged.

        Another process may have published the window meanwhile, or the store was
        found broken and begun anew: what is left would make sessions with holes.
        """
        window, found = job.window, set(unread)
        tally.tell(Stage.PUBLISHING, window)
        official = await self._official(job)
        pools = [
            BarFrames(
                listings=listed,
                venue=window.venue,
                kinds=kinds,
                sessions=sessions,
                unread=unread,
                official=official if kinds == STOCKS else {},
            )
            for kinds, (listed, sessions) in job.pools.items()
        ]
        async for bars in self.archive.read_staged(window):
            found.add(bars.ticker)
            for pool in pools:
                pool.add(bars)
            await asyncio.sleep(0)  # they come by the hundred: others have their turn
        if not job.wanted <= found:
            return False
        await self.archive.publish(window, _Frames(pools=pools))
        for pool in pools:
            tally.sessions.setdefault(window.venue, set()).update(pool.traded)
            tally.coverage.update(pool.shares())
        return True

    async def _official(self, job: _Job) -> dict[date, OfficialTotals]:
        """The exchange's own totals of KRX; empty where they cannot be had."""
        window = job.window
        if window.venue is not Venue.KRX or STOCKS not in job.pools:
            return {}
        found: dict[Market, Mapping[date, Won]] = {}
        for market in Market:
            try:
                found[market] = await self.bars.official_totals(
                    market, window.first, window.last
                )
            except MarketDataRefusedError:
                raise
            except MarketDataError as error:
                self.journal.warning(
                    "history.no_totals", market=market.name, error=str(error)
                )
        kospi, kosdaq = (found.get(market, {}) for market in Market)
        return {
            day: OfficialTotals(kospi=kospi.get(day), kosdaq=kosdaq.get(day))
            for day in {*kospi, *kosdaq}
        }


def _pools(listings: Listings, venue: Venue) -> dict[frozenset[Kind], Listings]:
    """What the venue trades of each pool; none of a pool it does not trade."""
    pools = {x: listings.of_kinds(x).on_venue(venue) for x in (STOCKS, PRODUCTS)}
    return {kinds: listed for kinds, listed in pools.items() if listed}
