"""Keeps who bought and sold in a session, once it has closed; a killed run goes on."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date

from application.gathered_flows import GatheredFlows
from application.ports.archive import Archive
from application.ports.journal import Journal
from application.ports.market_data import Quotes
from application.ports.past_data import IndexQuote, Indices, InvestorData
from application.progress import Progress, Stage, Watcher, unwatched
from application.reading import Manner, Reader
from application.sweeping import STOCKS
from application.timeliness import Timeliness
from domain.errors import MarketDataError, MarketDataRefusedError
from domain.frame import MarketFrame
from domain.investors import OWNERS, Investor, StockFlows
from domain.listing import Listings, Market, Ticker, Venue
from domain.session import TradingSession, final_at, trades_on

FrameOf = Callable[[Venue], Awaitable[MarketFrame | None]]
"""The newest frame of a venue's stocks; None where there is none."""

_REACH = 40
"""Sessions that an answer reaches back, and some more."""


_STAGES: dict[Stage, tuple[Investor, ...]] = {
    Stage.FLOWS: OWNERS,
    Stage.PROGRAMS: (Investor.PROGRAM,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What is known of one venue's stocks after a run.

    Attributes:
        is_final: The flows change no more.
        listed: How many stocks there are.
        owners: Of how many it is known what types of investor did.
        programs: Of how many program trading is known.
        failed: Whose flows could not be read.
    """

    is_final: bool
    listed: int
    owners: int
    programs: int
    failed: tuple[Ticker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvested:
    """What a run has kept.

    Attributes:
        indices: How many industry indices.
        calls: Calls for flows, repeats included.
    """

    session: date
    venues: Mapping[Venue, Harvest]
    indices: int
    calls: int


@dataclass(slots=True, kw_only=True)
class _Field:
    """One venue's stocks, in the order of asking, and what is known of them."""

    venue: Venue
    session: date
    is_final: bool
    stocks: list[Ticker]
    table: GatheredFlows
    known: dict[Stage, set[Ticker]] = field(default_factory=dict)
    failed: set[Ticker] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Starts with what is kept already."""
        for stage, investors in _STAGES.items():
            self.known[stage] = {
                ticker
                for ticker in self.stocks
                if any(self.table.has(self.session, x, ticker) for x in investors)
            }

    def unread(self, stage: Stage) -> list[Ticker]:
        """Whose flows are still to be asked."""
        return [ticker for ticker in self.stocks if ticker not in self.known[stage]]

    def take_in(self, stage: Stage, answers: Sequence[StockFlows]) -> None:
        """Adds a stock's sessions, up to the one that is harvested."""
        for found in answers:
            if found.session <= self.session:
                self.table.add(found)
            if found.session == self.session and found.flows:
                self.known[stage].add(found.ticker)

    @property
    def harvest(self) -> Harvest:
        """The result."""
        return Harvest(
            is_final=self.is_final,
            listed=len(self.stocks),
            owners=len(self.known[Stage.FLOWS]),
            programs=len(self.known[Stage.PROGRAMS]),
            failed=tuple(sorted(self.failed)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestSession:
    """Reads every stock's flows, the heaviest first, and keeps them in batches.

    What is kept is not read again, but for provisional flows once the venue's session
    is final. Answers reach back about 30 sessions: what the archive lacks of those is
    kept too.

    Attributes:
        frame_of: Who traded how much, for the order of asking.
    """

    quotes: Quotes
    investors: InvestorData
    indices: Indices
    archive: Archive
    timeliness: Timeliness
    frame_of: FrameOf
    journal: Journal
    manner: Manner = field(default_factory=lambda: Manner(batch=150, patience=10))

    async def __call__(
        self, session: date, *, progress: Watcher = unwatched
    ) -> Harvested:
        """Harvests a session that has closed.

        Raises:
            MarketDataRefusedError: The source refuses; what was kept stays.
            MarketDataError: The source or the archive answers no more; likewise.
        """
        traded = self.timeliness.calendar.session_on(session)
        if traded is None:
            raise ValueError(f"{session}: no session")
        venues = [venue for venue in (Venue.KRX, Venue.NXT) if trades_on(traded, venue)]
        fields = [await self._field(traded, venue) for venue in venues]
        steps = [(stage, one, one.unread(stage)) for stage in _STAGES for one in fields]
        total, done, calls = sum(len(unread) for *_, unread in steps), 0, 0
        indices = await self._keep_indices(session)
        for stage, one, unread in steps:
            at = Progress(done=done, total=total, stage=stage, venue=one.venue)
            calls += await self._read(at, one, unread, progress)
            done += len(unread)
        return Harvested(
            session=session,
            venues={one.venue: one.harvest for one in fields},
            indices=indices,
            calls=calls,
        )

    async def _read(
        self, at: Progress, one: _Field, unread: list[Ticker], watch: Watcher
    ) -> int:
        """One kind of flows of one venue; how many calls it took."""
        source = self.investors
        asked = source.daily_flows if at.stage is Stage.FLOWS else source.daily_programs

        async def ask(ticker: Ticker) -> Sequence[StockFlows]:
            return await asked(ticker, one.venue)

        reader = Reader(ask=ask, manner=self.manner)
        watch(at)
        async with aclosing(reader.batches(unread)) as batches:
            async for batch in batches:
                for _, answers in batch:
                    one.take_in(at.stage, answers)
                await self._keep(one)
                watch(replace(at, done=at.done + reader.ended))
        one.failed.update(reader.failed)
        return reader.calls

    async def _keep(self, one: _Field) -> None:
        """Past sessions first: a stock whose session is kept is not asked again."""
        as_of = self.timeliness.clock.now()
        for flows in one.table.take(one.session, as_of=as_of, is_final=one.is_final):
            await self.archive.keep_flows(flows)

    async def _keep_indices(self, session: date) -> int:
        """The industries' indices, which are today's: none of an earlier session."""
        if session != self.timeliness.clock.now().date():
            return 0
        found: list[IndexQuote] = []
        try:
            for market in Market:
                found += await self.indices.sector_quotes(market)
        except MarketDataRefusedError:
            raise
        except MarketDataError as error:
            self.journal.warning("harvest.no_indices", error=str(error))
        if found:
            await self.archive.keep_indices(session, found)
        return len(found)

    # -- what is to be asked ---------------------------------------------------------

    async def _field(self, session: TradingSession, venue: Venue) -> _Field:
        now = self.timeliness.clock.now()
        is_final = now >= final_at(session, venue)
        listings, stocks = await self._heaviest(session.day, venue)
        table = GatheredFlows(listings=listings, venue=venue)
        for day in await self._reach(session, venue):
            kept = await self.archive.flows(venue, day)
            if kept is None:
                continue
            # Provisional flows of the session will do until there are final ones.
            if kept.is_final or (day == session.day and not is_final):
                table.settle(kept)
        return _Field(
            venue=venue,
            session=session.day,
            is_final=is_final,
            stocks=stocks,
            table=table,
        )

    async def _reach(self, session: TradingSession, venue: Venue) -> list[date]:
        """The session, and kept ones before it that an answer may reach back to."""
        kept = await self.archive.flow_sessions(venue)
        return [day for day in kept if day <= session.day][-_REACH:]

    async def _heaviest(
        self, session: date, venue: Venue
    ) -> tuple[Listings, list[Ticker]]:
        """The venue's stocks, and their order by trading value."""
        frame = await self.frame_of(venue)
        if frame is None or frame.session != session:
            frame = await self.archive.final_frame(venue, STOCKS, session)
        if frame is None:
            listings = await self.quotes.listings()
            listings = listings.of_kinds(STOCKS).on_venue(venue)
            return listings, [item.ticker for item in listings]
        value = {
            item.ticker: int(frame.trading_value[row])
            for row, item in enumerate(frame.listings)
        }
        listings = frame.listings.of_kinds(STOCKS).on_venue(venue)
        stocks = [item.ticker for item in listings]
        return listings, sorted(stocks, key=lambda x: (-value[x], x))
