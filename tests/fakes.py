"""Fakes of the application's ports: a market that shows what a test told it to."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from typing_extensions import override

from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from application.ports.frames import KeptFrames
from application.ports.market_data import Quotes, WitnessChoice
from domain.audit import Witness
from domain.errors import InvalidRequestError
from domain.frame import NO_TOTALS, MarketFrame, OfficialTotals
from domain.frame_joining import add_venues
from domain.leaders import Leaders
from domain.listing import Kind, Listing, Listings, Shares, Ticker, Venue, Won
from domain.provenance import Source
from domain.ranking import Measure
from domain.screening import Universe
from domain.session import (
    USUAL_HOURS,
    SessionHours,
    TradingSession,
    opens_at,
    trades_on,
)
from tests.builders import SESSION, Figures, at, frame

ONE_DAY = timedelta(days=1)


class FakeClock(Clock):
    """Stands until it is set."""

    def __init__(self, instant: datetime | None = None) -> None:
        self.instant = instant or at("10:30")

    @override
    def now(self) -> datetime:
        return self.instant

    def set(self, clock: str, day: date | None = None) -> None:
        """``set("15:31")`` of the same day, or of another."""
        self.instant = at(clock, day or self.instant.date())

    def advance(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


class FakeCalendar(TradingCalendar):
    """Every weekday trades, but for those closed."""

    def __init__(
        self,
        closed: Iterable[date] = (),
        hours: Mapping[date, SessionHours] | None = None,
    ) -> None:
        self.closed = set(closed)
        self.hours = dict(hours or {})

    @override
    def session_on(self, day: date) -> TradingSession | None:
        if day.weekday() >= 5 or day in self.closed:
            return None
        return TradingSession(day, self.hours.get(day, USUAL_HOURS))

    @override
    def latest(self, at: datetime, venue: Venue) -> TradingSession:
        session = self.session_on(at.date())
        if session is None or opens_at(session, venue) > at:
            session = self.previous(at.date())
        if not trades_on(session, venue):
            raise InvalidRequestError("no such session", parameter="venue")
        return session

    @override
    def previous(self, day: date) -> TradingSession:
        return self._nearest(day, -ONE_DAY)

    @override
    def next(self, day: date) -> TradingSession:
        return self._nearest(day, ONE_DAY)

    def _nearest(self, day: date, step: timedelta) -> TradingSession:
        while (session := self.session_on(day + step)) is None:
            day += step
        return session


class FakeKeptFrames(KeptFrames):
    """Keeps in memory; ``kept`` is in order of keeping."""

    def __init__(self, *frames: MarketFrame) -> None:
        self.kept = list(frames)

    @override
    async def keep(self, frame: MarketFrame) -> None:
        same = (frame.venue, frame.kinds, frame.session)
        self.kept = [x for x in self.kept if (x.venue, x.kinds, x.session) != same]
        self.kept.append(frame)

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        own = [x for x in self.kept if (x.venue, x.kinds) == (venue, kinds)]
        return tuple(sorted(own, key=lambda x: x.session, reverse=True))

    @override
    async def newer(
        self, venue: Venue, kinds: frozenset[Kind], than: datetime | None
    ) -> MarketFrame | None:
        own = [x for x in self.kept if (x.venue, x.kinds) == (venue, kinds)]
        return own[-1] if own and (than is None or own[-1].as_of > than) else None

    @override
    async def forget(self) -> int:
        gone, self.kept = len(self.kept), []
        return gone


class FakeQuotes(Quotes):
    """A broker whose quotes show ``shown`` and whose daily bars are of ``day``.

    Attributes:
        shown: By venue and code; change it to let the market move.
        day: The session that bars name.
        bars: Bars that differ from what is shown, by code and venue.
        lost: Codes whose quote does not come.
        fails: What a method raises, by its name: ``fails["sweep"] = …``.
        gates: What a method waits for, by its name.
        calls: How often each was called, with its venue: ``calls["sweep KRX"]``.
        list_length: Rows of the broker's own lists.
    """

    def __init__(
        self,
        krx: Mapping[Listing, Figures],
        nxt: Mapping[str, Figures] | None = None,
        *,
        clock: Clock | None = None,
        day: date = SESSION,
    ) -> None:
        nxt = nxt or {}
        self.clock = clock or FakeClock()
        self.listed = Listings.of(
            replace(item, on_nxt=item.on_nxt or item.ticker in nxt) for item in krx
        )
        self.shown: dict[Venue, dict[str, Figures]] = {
            Venue.KRX: {item.ticker: figures for item, figures in krx.items()},
            Venue.NXT: dict(nxt),
        }
        self.day = day
        self.bars: dict[tuple[str, Venue], Witness | None] = {}
        self.lost: set[str] = set()
        self.fails: dict[str, Exception] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.calls: Counter[str] = Counter()
        self.official = NO_TOTALS
        self.list_length = 30
        self.name = "kis"

    @property
    @override
    def source(self) -> Source:
        return Source(name=self.name)

    @override
    async def listings(self) -> Listings:
        await self._called("listings")
        return self.listed

    @override
    async def sweep(
        self, listings: Listings, venue: Venue, session: date
    ) -> MarketFrame:
        begun = self.clock.now()
        await self._called("sweep", venue)
        swept = self._quoted(listings, venue, session)
        return replace(swept, as_of_from=begun)

    @override
    async def newest_bar(
        self, ticker: str, venue: Venue, *, urgent: bool
    ) -> Witness | None:
        await self._called("newest_bar", venue)
        if f"newest_bar {ticker}" in self.fails:
            raise self.fails[f"newest_bar {ticker}"]
        if (ticker, venue) in self.bars:
            return self.bars[ticker, venue]
        code = Ticker(ticker)
        if self.shown[venue].get(code) is None:
            return None
        one = self._quoted(self._only({code}), venue, self.day)
        return Witness(
            ticker=ticker,
            session=self.day,
            open=Won(int(one.open[0])),
            volume=Shares(int(one.volume[0])),
        )

    @override
    async def leaders(
        self, universe: Universe, by: Measure, witnesses: WitnessChoice
    ) -> Leaders:
        await self._called("leaders", universe.venue)
        listings = self.listed.of_kinds(universe.kinds)
        venues = (
            [Venue.KRX, Venue.NXT] if universe.venue is Venue.ALL else [universe.venue]
        )
        today = self.clock.now().date()
        codes = {x.ticker for x in witnesses(listings.of_market(universe.market))}
        unseen_at_most = 0
        for venue in venues:
            whole = self._quoted(listings.on_venue(venue), venue, today)
            figures = by.of(whole)
            rows = np.flatnonzero(universe.rows(whole))
            best = sorted(rows.tolist(), key=lambda x: -figures[x])[: self.list_length]
            codes |= {whole.listings[x].ticker for x in best}
            unseen_at_most += int(figures[best[-1]]) if best else 0
        candidates = self._only(codes)
        parts = [
            self._quoted(candidates.on_venue(venue), venue, today) for venue in venues
        ]
        return Leaders(
            frame=parts[0] if len(parts) == 1 else add_venues(*parts),
            venues=tuple(parts),
            by=by,
            unseen_at_most=unseen_at_most,
        )

    async def _called(self, method: str, venue: Venue | None = None) -> None:
        """Counts, waits and fails as it was told to."""
        named = f"{method} {venue.value}" if venue else method
        self.calls[named] += 1
        await asyncio.sleep(0)
        for key in (method, named) if venue else (method,):
            if key in self.gates:
                await self.gates[key].wait()
            if key in self.fails:
                raise self.fails[key]

    def _only(self, codes: Iterable[str]) -> Listings:
        wanted = set(codes)
        return Listings.of(item for item in self.listed if item.ticker in wanted)

    def _quoted(self, listings: Listings, venue: Venue, session: date) -> MarketFrame:
        shown = self.shown[venue]
        now = self.clock.now()
        return frame(
            {
                item: None if item.ticker in self.lost else shown.get(item.ticker)
                for item in listings
            },
            venue=venue,
            session=session,
            as_of_from=now,
            as_of=now,
            official=self._official(listings, venue),
        )

    def _official(self, listings: Listings, venue: Venue) -> OfficialTotals:
        has_stocks = any(item.kind is Kind.STOCK for item in listings)
        return self.official if venue is Venue.KRX and has_stocks else NO_TOTALS
