"""Fakes of the ports of the past: a broker with bars, flows, indices and profiles."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

import numpy as np
from typing_extensions import override

from application.ports.journal import Journal
from application.ports.lease import Lease
from application.ports.past_data import (
    IndexQuote,
    Indices,
    InvestorData,
    PastBars,
    ProfileSource,
    SlotNets,
)
from domain.bars import StockBars
from domain.errors import MarketDataError
from domain.investors import Flow, Investor, SlotNet, StockFlows
from domain.listing import Listing, Market, Shares, Ticker, Venue, Won
from domain.marks import NO_MARKS, Mark
from domain.profile import Profile
from tests.application.memory_archive import Fate
from tests.builders import at


@dataclass
class NotedJournal(Journal):
    """Remembers what was said."""

    said: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    @override
    def warning(self, event: str, **facts: object) -> None:
        self.said.append((event, facts))


@dataclass
class OneLease(Lease):
    """Free unless it is told otherwise."""

    is_free: bool = True
    held: bool = False

    @override
    async def hold(self) -> bool:
        self.held = self.held or self.is_free
        return self.held

    @override
    async def release(self) -> None:
        self.held = False


@dataclass
class FakeBars(PastBars):
    """Bars by venue, stock and day: ``bars.days[venue, ticker][day] = (price, value)``.

    Attributes:
        marks: By stock and day.
        fails: How often a stock's call fails before it succeeds.
        error: With what.
        asked: Every call, in order.
    """

    fate: Fate = field(default_factory=Fate)
    days: dict[tuple[Venue, str], dict[date, tuple[int, int]]] = field(
        default_factory=dict
    )
    marks: dict[tuple[str, date], Mark] = field(default_factory=dict)
    totals: dict[Market, dict[date, Won]] = field(default_factory=dict)
    fails: Counter[str] = field(default_factory=Counter)
    error: Exception = field(default_factory=lambda: MarketDataError("읽지 못함"))
    totals_error: Exception | None = None
    asked: list[tuple[Venue, str, date, date]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    def has(
        self, ticker: str, *days: date, value: int, venue: Venue = Venue.KRX
    ) -> None:
        """Bars at a price of 1,000."""
        held = self.days.setdefault((venue, ticker), {})
        held.update({day: (1000, value + nth) for nth, day in enumerate(days)})

    @override
    async def daily_bars(
        self, ticker: Ticker, venue: Venue, first: date, last: date
    ) -> StockBars:
        self.asked.append((venue, ticker, first, last))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            self.fate.act()
        finally:
            self.under_way -= 1
        if self.fails[ticker]:
            self.fails[ticker] -= 1
            raise self.error
        held = self.days.get((venue, ticker), {})
        days = sorted(day for day in held if first <= day <= last)
        bars = stock_bars(ticker, venue, {day: held[day] for day in days})
        marks = [int(self.marks.get((ticker, day), NO_MARKS)) for day in days]
        return replace(bars, marks=np.array(marks, dtype=np.int64))

    @override
    async def value_at(
        self, ticker: Ticker, venue: Venue, session: date, at: time
    ) -> Won | None:
        raise NotImplementedError

    @override
    async def official_totals(
        self, market: Market, first: date, last: date
    ) -> Mapping[date, Won]:
        await asyncio.sleep(0)
        if self.totals_error:
            raise self.totals_error
        held = self.totals.get(market, {})
        return {day: total for day, total in held.items() if first <= day <= last}


def stock_bars(
    ticker: Ticker, venue: Venue, days: Mapping[date, tuple[int, int]]
) -> StockBars:
    """Bars that moved nowhere, of (price, trading value) by day."""

    price = np.array([price for price, _ in days.values()], dtype=np.int64)
    value = np.array([value for _, value in days.values()], dtype=np.int64)
    return StockBars(
        ticker=ticker,
        venue=venue,
        sessions=tuple(days),
        price=price,
        base_price=price,
        open=price,
        high=price,
        low=price,
        volume=value // price,
        trading_value=value,
        marks=np.zeros(len(days), dtype=np.int64),
    )


def flow(amount: int) -> Flow:
    """Bought for so much, sold for half of it."""
    return Flow(
        buy_amount=Won(amount),
        sell_amount=Won(amount // 2),
        buy_volume=Shares(amount // 1000),
        sell_volume=Shares(amount // 2000),
    )


@dataclass
class FakeInvestors(InvestorData):
    """Flows by venue, stock and day; program trading is a tenth of them.

    Attributes:
        fails: Stocks whose calls fail.
        asked: Every call, in order: method, venue, stock.
    """

    amounts: dict[tuple[Venue, str], dict[date, int]] = field(default_factory=dict)
    fails: set[str] = field(default_factory=set)
    error: Exception = field(default_factory=lambda: MarketDataError("읽지 못함"))
    asked: list[tuple[str, Venue, str]] = field(default_factory=list)
    fate: Fate = field(default_factory=Fate)

    async def _days(
        self, method: str, ticker: Ticker, venue: Venue
    ) -> list[tuple[date, int]]:
        self.asked.append((method, venue, ticker))
        await asyncio.sleep(0)
        self.fate.act()
        if ticker in self.fails:
            raise self.error
        return sorted(self.amounts.get((venue, ticker), {}).items(), reverse=True)

    @override
    async def daily_flows(self, ticker: Ticker, venue: Venue) -> Sequence[StockFlows]:
        days = await self._days("flows", ticker, venue)
        return [
            StockFlows(
                ticker=ticker,
                venue=venue,
                session=day,
                flows={
                    Investor.FOREIGN: flow(amount),
                    Investor.INSTITUTION: flow(amount * 2),
                    Investor.INDIVIDUAL: flow(amount * 3),
                },
            )
            for day, amount in days
        ]

    @override
    async def daily_programs(
        self, ticker: Ticker, venue: Venue
    ) -> Sequence[StockFlows]:
        days = await self._days("programs", ticker, venue)
        return [
            StockFlows(
                ticker=ticker,
                venue=venue,
                session=day,
                flows={Investor.PROGRAM: flow(amount // 10)},
            )
            for day, amount in days
        ]

    @override
    async def program_now(self, ticker: Ticker, venue: Venue) -> Flow | None:
        raise NotImplementedError

    @override
    async def slot_leaders(
        self, market: Market, investor: Investor, *, selling: bool
    ) -> SlotNets:
        raise NotImplementedError

    @override
    async def slot_net(
        self, ticker: Ticker, investor: Investor
    ) -> tuple[time | None, SlotNet | None]:
        raise NotImplementedError

    @override
    async def market_flows(
        self, market: Market, sector: str | None = None
    ) -> Mapping[Investor, Flow]:
        raise NotImplementedError


@dataclass
class FakeIndices(Indices):
    """One index of each market."""

    error: Exception | None = None
    asked: int = 0

    @override
    async def sector_names(self) -> Mapping[str, str]:
        raise NotImplementedError

    @override
    async def sector_quotes(self, market: Market) -> Sequence[IndexQuote]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        code = "0001" if market is Market.KOSPI else "1001"
        return [
            IndexQuote(
                code=code,
                name=market.name,
                change_rate=0.01,
                trading_value=Won(1_000_000),
            )
        ]


@dataclass
class FakeProfiles(ProfileSource):
    """Every stock has earnings of 100 won a share.

    Attributes:
        gate: What an inquiry waits for.
        held: Whose inquiry does; empty for everybody's.
        fails: Stocks whose inquiry fails.
        asked: Every inquiry, in order.
    """

    gate: asyncio.Event | None = None
    held: set[str] = field(default_factory=set)
    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    @override
    async def profile(self, listing: Listing) -> Profile:
        self.asked.append(listing.ticker)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            if self.gate and (not self.held or listing.ticker in self.held):
                await self.gate.wait()
        finally:
            self.under_way -= 1
        if listing.ticker in self.fails:
            raise self.fails[listing.ticker]
        return Profile(ticker=listing.ticker, read_at=at("10:30"), eps=100.0)
