"""What the broker knows of investors while the session runs; asked once a minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from application.ports.past_data import InvestorData, SlotNets
from application.refreshed import Refreshed
from domain.flow_table import FlowTable, nets_table, sides_table
from domain.frame import MarketFrame
from domain.investors import Flow, Investor
from domain.listing import Kind, Market, Shares, Ticker, Venue, Won
from domain.screening import Universe

SlotKey = tuple[Market, Investor, bool]
"""True: the largest net sellings."""

ProgramKey = tuple[Ticker, Venue]

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
    _slots: "Refreshed[SlotKey, SlotNets]" = field(
        default_factory=lambda: Refreshed(most=16)
    )
    _programs: "Refreshed[ProgramKey, Flow | None]" = field(
        default_factory=lambda: Refreshed(most=1_000)
    )
    _markets: "Refreshed[Market, Mapping[Investor, Flow]]" = field(
        default_factory=lambda: Refreshed(most=8)
    )

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        parts = (self._slots, self._programs, self._markets)
        return sum(part.version for part in parts)

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
        known = await self._slots.of(keys, self._slot, patience)
        found = list(known.values())
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
        known = await self._programs.of(keys.values(), self._program, patience)
        flows = {row: known.get(key) for row, key in keys.items()}
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
        known = await self._markets.of(markets, self.investors.market_flows, patience)
        flows = [flows.get(investor) for flows in known.values()]
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
        for part in (self._slots, self._programs, self._markets):
            await part.close()

    async def _slot(self, key: SlotKey) -> SlotNets:
        market, investor, selling = key
        return await self.investors.slot_leaders(market, investor, selling=selling)

    async def _program(self, key: ProgramKey) -> Flow | None:
        return await self.investors.program_now(*key)


def _sum(flows: Sequence[Flow]) -> Flow:
    return Flow(
        buy_amount=Won(sum(flow.buy_amount for flow in flows)),
        sell_amount=Won(sum(flow.sell_amount for flow in flows)),
        buy_volume=Shares(sum(flow.buy_volume for flow in flows)),
        sell_volume=Shares(sum(flow.sell_volume for flow in flows)),
    )
