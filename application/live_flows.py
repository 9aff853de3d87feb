"""What the broker knows of investors while the session runs; asked once a minute."""

import asyncio
import functools
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from application.ports.past_data import InvestorData, SlotNets
from application.recent import Recent, now
from application.single_flight import SingleFlight
from domain.errors import MarketDataError
from domain.flow_table import FlowTable, nets_table, sides_table
from domain.frame import MarketFrame
from domain.investors import Flow, Investor
from domain.listing import Kind, Market, Shares, Ticker, Venue, Won
from domain.screening import Universe

REUSED_FOR = 60.0
"""Seconds of the loop's time."""

MOST_CANDIDATES = 60
"""Stocks whose program trading is asked for one question: a call each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTotals:
    """A whole market's flow.

    Attributes:
        trading_value: What it is a part of, won.
        is_live: The exchange's own running figure, KRX alone; else our sums.
    """

    flow: Flow
    trading_value: Won
    session: date
    is_live: bool


@dataclass(slots=True, kw_only=True)
class LiveFlows:
    """Slot nets, program trading and market totals, within a caller's patience."""

    investors: InvestorData
    most_candidates: int = MOST_CANDIDATES
    _slots: "Recent[Hashable, tuple[float, SlotNets]]" = field(
        default_factory=lambda: Recent(16)
    )
    _programs: "Recent[Hashable, tuple[float, Flow | None]]" = field(
        default_factory=lambda: Recent(1_000)
    )
    _markets: "Recent[Hashable, tuple[float, Mapping[Investor, Flow]]]" = field(
        default_factory=lambda: Recent(8)
    )
    _version: int = 0
    _flights: SingleFlight = field(default_factory=SingleFlight)

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._version

    async def slots(
        self,
        frame: MarketFrame,
        market: Market | None,
        investor: Investor,
        sides: Sequence[bool],
        patience: timedelta,
    ) -> tuple[time | None, FlowTable]:
        """The newest slot and its nets in the frame's rows; None: no slot yet.

        Of two markets the earlier slot is told. ``sides`` are the lists to read: True
        is the largest net sellings'.
        """
        markets = list(Market) if market is None else [market]
        keys = [(one, investor, selling) for one in markets for selling in sides]
        flights = [
            self._flights.start(("slots", *key), functools.partial(self._slot, key))
            for key in keys
            if not _recent(self._slots.get(key))
        ]
        await _wait(flights, patience)
        known = [self._slots.get(key) for key in keys]
        found = [x[1] for x in known if x and _recent(x)]
        times = [x.slot for x in found if x.slot is not None]
        row_of = frame.listings.row_of
        nets = {
            row_of[net.ticker]: (net.net_amount, net.net_volume)
            for one in found
            for net in one.rows
            if net.ticker in row_of and net.net_amount is not None
        }
        whole = len(times) == len(keys)
        table = nets_table(frame.listings, dict(nets) if whole else {}, krx_only=True)
        return (min(times) if whole else None), table

    async def programs(
        self, frame: MarketFrame, rows: Sequence[int], patience: timedelta
    ) -> FlowTable:
        """Program trading of some rows, as far as it came in time."""
        keys = {row: (frame.listings[row].ticker, frame.venue) for row in rows}
        flights = [
            self._flights.start(
                ("program", *key), functools.partial(self._program, key)
            )
            for key in keys.values()
            if not _recent(self._programs.get(key))
        ]
        await _wait(flights, patience)
        known = {row: self._programs.get(key) for row, key in keys.items()}
        flows = {row: x[1] for row, x in known.items() if x and _recent(x)}
        told = {row: flow for row, flow in flows.items() if flow is not None}
        return sides_table(frame.listings, told)

    async def market(
        self,
        frame: MarketFrame,
        universe: Universe,
        investor: Investor,
        patience: timedelta,
    ) -> MarketTotals | None:
        """The exchange's running total of the market asked for; None: not had."""
        if investor is Investor.PROGRAM or universe.kinds != {Kind.STOCK}:
            return None
        markets = list(Market) if universe.market is None else [universe.market]
        flights = [
            self._flights.start(("market", one), functools.partial(self._market, one))
            for one in markets
            if not _recent(self._markets.get(one))
        ]
        await _wait(flights, patience)
        known = [self._markets.get(one) for one in markets]
        flows = [x[1].get(investor) for x in known if x and _recent(x)]
        told = [flow for flow in flows if flow is not None]
        if len(told) < len(markets):
            return None
        values = frame.parts.get(Venue.KRX, frame.trading_value)
        return MarketTotals(
            flow=_sum(told),
            trading_value=Won(int(values[universe.rows(frame)].sum())),
            session=frame.session,
            is_live=True,
        )

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._flights.close()

    async def _slot(self, key: tuple[Market, Investor, bool]) -> None:
        market, investor, selling = key
        try:
            found = await self.investors.slot_leaders(market, investor, selling=selling)
        except MarketDataError:
            return  # told by its absence
        self._slots.keep(key, (now(), found))
        self._version += 1

    async def _program(self, key: tuple[Ticker, Venue]) -> None:
        try:
            found = await self.investors.program_now(*key)
        except MarketDataError:
            return  # told by its absence
        self._programs.keep(key, (now(), found))
        self._version += 1

    async def _market(self, market: Market) -> None:
        try:
            found = await self.investors.market_flows(market)
        except MarketDataError:
            return  # told by its absence
        self._markets.keep(market, (now(), found))
        self._version += 1


def _sum(flows: Sequence[Flow]) -> Flow:
    return Flow(
        buy_amount=Won(sum(flow.buy_amount for flow in flows)),
        sell_amount=Won(sum(flow.sell_amount for flow in flows)),
        buy_volume=Shares(sum(flow.buy_volume for flow in flows)),
        sell_volume=Shares(sum(flow.sell_volume for flow in flows)),
    )


def _recent(known: tuple[float, object] | None) -> bool:
    return known is not None and now() - known[0] < REUSED_FOR


async def _wait(flights: "Sequence[asyncio.Task[None]]", patience: timedelta) -> None:
    if flights:
        await asyncio.wait(flights, timeout=max(patience.total_seconds(), 0.001))
