"""The investor-data port over the broker's endpoints."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time

import structlog
from typing_extensions import override

from adapters.kis.flow_client import KisFlowClient
from adapters.kis.flow_mapping import (
    MARKET_CODES,
    THOUSAND,
    Sides,
    exceeds_whole,
    flows_of,
    sides_of_owners,
    sides_of_programs,
)
from adapters.kis.mapping import division_of, market_code_of
from adapters.kis.slot_mapping import (
    SLOT_TIMES,
    investor_code_of,
    is_ahead,
    newest_entered,
    to_slot_net,
    to_slot_nets,
)
from application.ports.clock import Clock
from application.ports.past_data import InvestorData, SlotNets
from domain.investors import Flow, Investor, SlotNet, StockFlows
from domain.listing import Market, Ticker, Venue

ASKED_FOR_SLOT = 2
"""The list does not say its slot; its first stock's slots do, or the second's."""

_log = structlog.get_logger(__name__)


class KisInvestors(InvestorData):
    """Investors and programs, as the broker tells them.

    A flow whose sides do not give the broker's own net is kept, and told in the log.

    Args:
        client: The broker.
        clock: Tells today's slots and moments from another day's, which bear no date.
    """

    def __init__(self, client: KisFlowClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    @override
    async def daily_flows(self, ticker: Ticker, venue: Venue) -> Sequence[StockFlows]:
        rows = await self._client.stock_investors(division_of(venue), ticker)
        found: list[StockFlows] = []
        doubts: list[str] = []
        for row in rows:
            sides = sides_of_owners(row)
            session = row.stck_bsop_date
            doubts += [f"{session}:{name}" for name in _doubted(sides)]
            found.append(
                StockFlows(
                    ticker=ticker, venue=venue, session=session, flows=flows_of(sides)
                )
            )
        _note_doubts("daily_flows", ticker, doubts)
        return _newest_first(found)

    @override
    async def daily_programs(
        self, ticker: Ticker, venue: Venue
    ) -> Sequence[StockFlows]:
        rows = await self._client.program_days(division_of(venue), ticker)
        found: list[StockFlows] = []
        doubts: list[str] = []
        for row in rows:
            sides = {Investor.PROGRAM: sides_of_programs(row)}
            session = row.stck_bsop_date
            if _doubted(sides) or exceeds_whole(row, whole_amount=row.acml_tr_pbmn):
                doubts.append(f"{session}:{Investor.PROGRAM.name}")
            found.append(
                StockFlows(
                    ticker=ticker, venue=venue, session=session, flows=flows_of(sides)
                )
            )
        _note_doubts("daily_programs", ticker, doubts)
        return _newest_first(found)

    @override
    async def program_now(self, ticker: Ticker, venue: Venue) -> Flow | None:
        division = "UN" if venue is Venue.ALL else division_of(venue)
        rows = await self._client.program_now(division, ticker)
        known = [row for row in rows if sides_of_programs(row).flow() is not None]
        newest = max(known, key=lambda row: row.bsop_hour, default=None)
        if newest is None or is_ahead(newest.bsop_hour, self._clock.now()):
            return None
        sides = sides_of_programs(newest)
        if sides.is_doubtful or exceeds_whole(newest):
            _note_doubts("program_now", ticker, [f"{newest.bsop_hour}:{venue.name}"])
        return sides.flow()

    @override
    async def slot_leaders(
        self, market: Market, investor: Investor, *, selling: bool
    ) -> SlotNets:
        rows = await self._client.slot_leaders(
            market_code_of(market),
            investor_code=investor_code_of(investor),
            selling=selling,
        )
        for row in rows[:ASKED_FOR_SLOT]:
            slot, _ = await self.slot_net(Ticker(row.mksc_shrn_iscd), investor)
            if slot is not None:
                nets = to_slot_nets(rows, investor, selling=selling)
                return SlotNets(slot=slot, rows=nets)
        return SlotNets(slot=None, rows=())

    @override
    async def slot_net(
        self, ticker: Ticker, investor: Investor
    ) -> tuple[time | None, SlotNet | None]:
        investor_code_of(investor)  # refuses one of whom nothing is entered
        rows = await self._client.slot_estimates(ticker)
        newest = newest_entered(rows, investor, self._clock.now())
        if newest is None:
            return None, None
        return SLOT_TIMES[newest.bsop_hour_gb], to_slot_net(ticker, newest, investor)

    @override
    async def market_flows(
        self, market: Market, sector: str | None = None
    ) -> Mapping[Investor, Flow]:
        industry = sector or market_code_of(market)
        row = await self._client.market_investors(MARKET_CODES[market], industry)
        sides = sides_of_owners(row, volume_unit=THOUSAND)
        _note_doubts("market_flows", industry, _doubted(sides))
        return flows_of(sides)


def _doubted(sides: Mapping[Investor, Sides]) -> list[str]:
    return [investor.name for investor, found in sides.items() if found.is_doubtful]


def _note_doubts(question: str, code: str, doubts: Sequence[str]) -> None:
    if doubts:
        _log.warning(
            "kis.doubtful_flows",
            question=question,
            code=code,
            flows=len(doubts),
            first=list(doubts[:5]),
        )


def _newest_first(found: Iterable[StockFlows]) -> tuple[StockFlows, ...]:
    """Sessions of which something is known, each once."""
    known: dict[object, StockFlows] = {}
    for flows in found:
        if flows.flows:
            known.setdefault(flows.session, flows)
    return tuple(sorted(known.values(), key=lambda flows: flows.session, reverse=True))
