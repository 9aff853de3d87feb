"""The broker behind the port of entered nets (가집계): both investors in one call."""

from collections.abc import Mapping

from typing_extensions import override

from adapters.kis.flow_client import KisFlowClient
from adapters.kis.slot_mapping import SLOT_TIMES, newest_entered, to_slot_net
from application.ports.clock import Clock
from application.ports.past_data import EnteredNet, EnteredNets
from domain.investors import Investor
from domain.listing import Ticker

ENTERED = (Investor.FOREIGN, Investor.INSTITUTION)


class KisEnteredNets(EnteredNets):
    """KIS estimates of one stock.

    Args:
        client: The broker.
        clock: Tells today's slots from another day's, which bear no date.
    """

    def __init__(self, client: KisFlowClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    @override
    async def entered_nets(self, ticker: Ticker) -> Mapping[Investor, EnteredNet]:
        rows = await self._client.slot_estimates(ticker)
        found: dict[Investor, EnteredNet] = {}
        for investor in ENTERED:
            newest = newest_entered(rows, investor, self._clock.now())
            net = to_slot_net(ticker, newest, investor) if newest else None
            if newest is not None and net is not None:
                slot = SLOT_TIMES[newest.bsop_hour_gb]
                found[investor] = EnteredNet(slot=slot, net=net)
        return found
