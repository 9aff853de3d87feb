"""The scene of the questions that need the past: an archive, flows, titles, indices."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from typing_extensions import override

from application.find_unusual_volume import FindUnusualVolume
from application.live_flows import LiveFlows
from application.live_sectors import LiveSectors
from application.market_view import MarketView
from application.news_counts import NewsCounts
from application.ports.past_data import (
    Evidence,
    Headline,
    Headlines,
    IndexQuote,
    SlotNets,
)
from application.rank_by_growth import RankByGrowth
from application.rank_by_investor import RankByInvestor
from application.rank_by_market_cap import RankByMarketCap
from application.rank_sectors import RankSectors
from application.same_time_bars import SameTimeBars
from application.sweeping import STOCKS
from domain.frame import MarketFrame
from domain.investors import Flow, Investor, SlotNet
from domain.listing import Kind, Listings, Market, Shares, Ticker, Venue, Won
from tests.application.past_fakes import FakeBars, FakeIndices, FakeInvestors
from tests.application.scene import BROKEN, Scene
from tests.builders import BEFORE, Figures, at, frame


@dataclass
class MinuteBars(FakeBars):
    """Values by a time of day: ``bars.by[venue, code] = won``, of every day and time.

    Attributes:
        gate: What every call waits for.
        broken: Whether every call fails; ``lost``: whose calls do.
        times: Every call's venue, stock, day and minute.
    """

    by: dict[tuple[Venue, str], int] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    times: list[tuple[Venue, str, date, time]] = field(default_factory=list)
    broken: bool = False
    lost: set[str] = field(default_factory=set)

    @override
    async def value_at(
        self, ticker: Ticker, venue: Venue, session: date, at: time
    ) -> Won | None:
        self.times.append((venue, ticker, session, at))
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        if self.broken or ticker in self.lost:
            raise self.error
        value = self.by.get((venue, ticker))
        return None if value is None else Won(value)


@dataclass
class LiveInvestors(FakeInvestors):
    """What the broker shows of investors now.

    Attributes:
        slot: The newest one.
        nets: By code, won, of the slot; sellings are below zero.
        programs: By code.
        markets: By market and industry; no industry is the whole market.
        is_gone: Whether nothing is answered.
        calls: Every live call: its method and what it was about.
    """

    slot: time | None = None
    nets: dict[str, int] = field(default_factory=dict)
    programs: dict[str, Flow] = field(default_factory=dict)
    markets: dict[tuple[Market, str | None], Mapping[Investor, Flow]] = field(
        default_factory=dict
    )
    is_gone: bool = False
    calls: list[tuple[str, object]] = field(default_factory=list)

    async def _live(self, method: str, about: object) -> None:
        self.calls.append((method, about))
        await asyncio.sleep(0)
        if self.is_gone:
            raise self.error

    @override
    async def program_now(self, ticker: Ticker, venue: Venue) -> Flow | None:
        await self._live("program_now", ticker)
        return self.programs.get(ticker)

    @override
    async def slot_leaders(
        self, market: Market, investor: Investor, *, selling: bool
    ) -> SlotNets:
        await self._live("slot_leaders", market)
        shown = {x: net for x, net in self.nets.items() if (net < 0) is selling}
        rows = [
            SlotNet(
                ticker=Ticker(code),
                net_volume=Shares(net // 1000),
                net_amount=Won(net),
            )
            for code, net in sorted(shown.items(), key=lambda x: -abs(x[1]))
            if MARKET_OF.get(code, Market.KOSPI) is market
        ]
        return SlotNets(slot=self.slot, rows=tuple(rows))

    @override
    async def market_flows(
        self, market: Market, sector: str | None = None
    ) -> Mapping[Investor, Flow]:
        await self._live("market_flows", (market, sector))
        return self.markets.get((market, sector), {})


MARKET_OF = {"086520": Market.KOSDAQ, "196170": Market.KOSDAQ}


@dataclass
class SectorIndices(FakeIndices):
    """Industries' names and indices, by market."""

    names: dict[str, str] = field(default_factory=dict)
    rates: dict[Market, dict[str, float]] = field(default_factory=dict)

    @override
    async def sector_names(self) -> Mapping[str, str]:
        if self.error:
            raise self.error
        return self.names

    @override
    async def sector_quotes(self, market: Market) -> Sequence[IndexQuote]:
        self.asked += 1
        if self.error:
            raise self.error
        return [index(code, x) for code, x in self.rates.get(market, {}).items()]


def index(code: str, rate: float | None) -> IndexQuote:
    return IndexQuote(
        code=code, name=f"지수{code}", change_rate=rate, trading_value=None
    )


@dataclass
class Titles(Evidence):
    """One title of news and two disclosures for each stock that has any.

    Attributes:
        of: Whose.
        gate: What every call waits for.
        windows: Every call's stock, since and until.
    """

    of: set[str] = field(default_factory=set)
    gate: asyncio.Event | None = None
    windows: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    is_cut: bool = False

    @override
    async def headlines(
        self, ticker: Ticker, since: datetime, until: datetime
    ) -> Headlines:
        self.windows.append((ticker, since, until))
        if self.gate is not None:
            await self.gate.wait()
        rows = tuple(
            Headline(at=until, title="제목", is_disclosure=told, source="거래소")
            for told in ((False, True, True) if ticker in self.of else ())
        )
        return Headlines(rows=rows, is_cut=self.is_cut)


@dataclass(kw_only=True)
class PastScene(Scene):
    """Every use case over one market and one archive."""

    bars: MinuteBars = field(default_factory=MinuteBars)
    investors: LiveInvestors = field(default_factory=LiveInvestors)
    indices: SectorIndices = field(default_factory=SectorIndices)
    titles: Titles = field(default_factory=Titles)

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.view = MarketView(current=self.market, past=self.past)
        self.growth = RankByGrowth(
            quotes=self.quotes,
            view=self.view,
            bars=SameTimeBars(bars=self.bars),
            news=NewsCounts(evidence=self.titles),
        )
        self.by_investor = RankByInvestor(
            quotes=self.quotes,
            view=self.view,
            kept=self.archive,
            live=LiveFlows(investors=self.investors),
        )
        self.sectors = RankSectors(
            quotes=self.quotes,
            view=self.view,
            live=LiveSectors(indices=self.indices, investors=self.investors),
            kept=self.archive,
        )
        self.caps = RankByMarketCap(
            quotes=self.quotes, view=self.view, profiles=self.profiles
        )
        self.unusual = FindUnusualVolume(quotes=self.quotes, view=self.view)

    def sessions_before(self, count: int) -> tuple[date, ...]:
        """The last sessions before the clock's day, oldest first."""
        return self.timeliness.sessions_before(self.clock.now().date(), count)

    def archived(
        self,
        values: Mapping[str, Figures],
        *,
        day: date = BEFORE,
        venue: Venue = Venue.KRX,
        clock: str | None = None,
    ) -> MarketFrame:
        """A frame in the archive: final, or of a time of day."""
        row_of = self.quotes.listed.row_of
        made = frame(
            {self.quotes.listed[row_of[code]]: x for code, x in values.items()},
            venue=venue,
            session=day,
            as_of=at(clock or "20:10", day),
            kinds=STOCKS,
            is_final=clock is None,
        )
        self.archive.hold(made)
        return made

    def whole_days(
        self, values: Mapping[str, int], *days: date, clock: str | None = None
    ) -> None:
        """The same values of both venues on every day: all of them made at KRX."""
        listed = self.quotes.listed
        on_nxt = [x for x in values if listed[listed.row_of[x]].on_nxt]
        for day in days:
            self.archived(values, day=day, clock=clock)
            self.archived(
                dict.fromkeys(on_nxt, 0), day=day, venue=Venue.NXT, clock=clock
            )

    def stocks(self, venue: Venue = Venue.KRX) -> Listings:
        """What is listed at a venue."""
        return self.quotes.listed.of_kinds({Kind.STOCK}).on_venue(venue)

    def broker_is_gone(self) -> None:
        """Nothing is answered any more."""
        for method in ("listings", "sweep", "newest_bar", "leaders"):
            self.quotes.fails[method] = BROKEN
        self.investors.is_gone = True
        self.indices.error = BROKEN
        self.bars.broken = True
