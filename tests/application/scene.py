"""A market, its broker and the use case over them, on fakes."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from typing_extensions import override

from application.current_market import CurrentMarket
from application.details import ProfileShelf
from application.market_view import MarketView
from application.movement import Movement
from application.past_market import PastMarket
from application.rank_by_trading_value import RankByTradingValue
from application.sweeping import Sweeper
from application.timeliness import Freshness, Timeliness
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Kind, Listing, Listings, Market, Ticker, Venue
from domain.profile import Profile, Profiles, profiles_of
from domain.screening import Universe
from tests.application.archive_fake import PastArchive
from tests.builders import SESSION, Figures, listing, row
from tests.fakes import FakeCalendar, FakeClock, FakeKeptFrames, FakeQuotes

KRX = Universe(venue=Venue.KRX)
NXT = Universe(venue=Venue.NXT)
ALL = Universe()
FUNDS = Universe(kinds=frozenset({Kind.ETF, Kind.ETN}))

SAMSUNG = listing("005930", name="삼성전자", base_price=1000, previous_volume=90)
HYNIX = listing("000660", name="SK하이닉스", base_price=1000, previous_volume=80)
ECOPRO = listing(
    "086520",
    name="에코프로",
    market=Market.KOSDAQ,
    base_price=1000,
    previous_volume=50,
)
ALTEOGEN = listing(
    "196170",
    name="알테오젠",
    market=Market.KOSDAQ,
    base_price=1000,
    previous_volume=40,
)
FUND = listing("069500", name="KODEX 200", kind=Kind.ETF, previous_volume=10)

ON_KRX: dict[Listing, Figures] = {
    SAMSUNG: 900_000,
    HYNIX: 700_000,
    ECOPRO: 500_000,
    ALTEOGEN: 300_000,
    FUND: 200_000,
}
ON_NXT: dict[str, Figures] = {"005930": 100_000, "086520": 60_000}

BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.", retry_after=7)

IMPATIENT = timedelta(milliseconds=20)


@dataclass
class FakeShelf(ProfileShelf):
    """Profiles that a test put there, and which were asked for."""

    found: dict[str, Profile] = field(default_factory=dict)
    wanted: list[Ticker] = field(default_factory=list)

    @override
    async def of(self, listings: Listings, session: date) -> Profiles:
        return profiles_of(listings, self.found, session)

    @override
    def want(self, tickers: Iterable[Ticker]) -> None:
        self.wanted += tickers


@dataclass(kw_only=True)
class Scene:
    """Everything a question meets; at 10:30 of a usual Thursday."""

    krx: Mapping[Listing, Figures] = field(default_factory=lambda: dict(ON_KRX))
    nxt: Mapping[str, Figures] = field(default_factory=lambda: dict(ON_NXT))
    kept: FakeKeptFrames = field(default_factory=FakeKeptFrames)
    calendar: FakeCalendar = field(default_factory=FakeCalendar)
    freshness: Freshness = field(
        default_factory=lambda: Freshness(
            patience=timedelta(seconds=2), retry=timedelta()
        )
    )
    clock: FakeClock = field(default_factory=FakeClock)
    archive: PastArchive = field(default_factory=PastArchive)
    profiles: FakeShelf = field(default_factory=FakeShelf)

    def __post_init__(self) -> None:
        self.quotes = FakeQuotes(self.krx, self.nxt, clock=self.clock)
        self.timeliness = Timeliness(
            clock=self.clock, calendar=self.calendar, freshness=self.freshness
        )
        self.sweeper = Sweeper(quotes=self.quotes, timeliness=self.timeliness)
        self.market = self.restarted()
        self.past = PastMarket(frames=self.archive, timeliness=self.timeliness)
        self.rank = self.rank_over(self.market)

    def rank_over(self, market: CurrentMarket) -> RankByTradingValue:
        """The use case of a process."""
        return RankByTradingValue(
            quotes=self.quotes,
            view=MarketView(current=market, past=self.past),
            profiles=self.profiles,
            movement=Movement(past=self.past),
        )

    def restarted(self) -> CurrentMarket:
        """Another process over what was kept."""
        return CurrentMarket(
            sweeper=self.sweeper, kept=self.kept, timeliness=self.timeliness
        )

    @property
    def sweeps(self) -> dict[str, int]:
        """How many sweeps of each venue were begun."""
        return {
            name.removeprefix("sweep "): count
            for name, count in self.quotes.calls.items()
            if name.startswith("sweep")
        }

    def moves(self, **values: int) -> None:
        """Another trading value for a stock of KRX: ``moves(k005930=5)``."""
        for code, value in values.items():
            self.quotes.shown[Venue.KRX][code.removeprefix("k")] = value

    async def final_of_before(self, clock: str = "21:00") -> None:
        """A process of the evening before swept, kept its final frames and ended."""
        now, day = self.clock.instant, self.quotes.day
        before = self.calendar.previous(now.date()).day
        self.clock.set(clock, before)
        self.quotes.day = before
        market = self.restarted()
        await market.seen(ALL)
        await market.close()
        self.clock.instant, self.quotes.day = now, day
        self.quotes.calls.clear()


def values(seen: MarketFrame) -> dict[str, int]:
    """Known trading values by code."""
    return {
        item.ticker: int(seen.trading_value[place])
        for place, item in enumerate(seen.listings)
        if seen.known[place]
    }


async def settled() -> None:
    """Lets what runs behind come to its end."""
    for _ in range(50):
        await asyncio.sleep(0)


def next_session(day: date = SESSION) -> date:
    return FakeCalendar().next(day).day


def crowd() -> Scene:
    """Forty stocks of 100, 99 … 61 million won; the broker's list has thirty."""
    scene = Scene(
        krx={
            listing(
                f"{n:06d}",
                market=Market(n % 2),
                base_price=1000,
                previous_volume=100 - n,
            ): row((100 - n) * 1_000_000)
            for n in range(40)
        },
        nxt={},
    )
    scene.quotes.gates["sweep"] = asyncio.Event()
    return scene
