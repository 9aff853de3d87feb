"""Who bought the rows of a frame: from what is kept, else from what is asked now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from application.asked_evidence import Answered
from application.ports.archive import KeptFlows
from domain.causes_in_flows import NetFlow
from domain.flow_table import FlowTable, table_of
from domain.frame import MarketFrame
from domain.investors import Investor
from domain.listing import Venue, Won

BUYERS = (Investor.FOREIGN, Investor.INSTITUTION, Investor.PROGRAM)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class KeptNets:
    """A session's kept flows of one venue, in a frame's rows.

    Attributes:
        tables: Empty where nothing is kept.
        at: When they were counted.
    """

    frame: MarketFrame
    tables: dict[Investor, FlowTable]
    at: datetime

    def of(self, row: int) -> list[NetFlow]:
        """What is kept of a row."""
        return [
            NetFlow(
                investor=investor,
                at=self.at,
                net_amount=Won(int(table.net_amount[row])),
                trading_value=_value(self.frame, row),
            )
            for investor, table in self.tables.items()
            if table.known[row]
        ]


async def kept_nets(
    kept: KeptFlows, frame: MarketFrame, *, closed: datetime
) -> KeptNets:
    """The frame's session, of NXT alone or of KRX.

    Args:
        kept: The archive.
        frame: Whose rows.
        closed: When the session closed.

    Raises:
        MarketDataUnavailableError: The archive cannot be read.
    """
    venue = Venue.NXT if frame.venue is Venue.NXT else Venue.KRX
    flows = await kept.flows(venue, frame.session)
    if flows is None:
        return KeptNets(frame=frame, tables={}, at=closed)
    tables = {
        investor: table_of(frame.listings, [flows], investor)
        for investor in BUYERS
        if investor in flows.known
    }
    return KeptNets(frame=frame, tables=tables, at=min(closed, flows.as_of))


def asked_nets(frame: MarketFrame, row: int, answered: Answered) -> Iterator[NetFlow]:
    """What was asked of the broker today: slots' nets of KRX, and programs."""
    midnight = frame.as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    for investor, entered in (answered.nets or {}).items():
        amount = entered.net.net_amount
        if amount is None:
            amount = Won(entered.net.net_volume * int(frame.price[row]))
        yield NetFlow(
            investor=investor,
            at=midnight.replace(hour=entered.slot.hour, minute=entered.slot.minute),
            net_amount=amount,
            trading_value=_value(frame, row),
            is_estimate=True,
        )
    program = answered.program[0] if answered.program else None
    if program is not None:
        yield NetFlow(
            investor=Investor.PROGRAM,
            at=frame.as_of,
            net_amount=program.net_amount,
            trading_value=Won(int(frame.trading_value[row])),
        )


def _value(frame: MarketFrame, row: int) -> Won:
    """Of KRX where the frame is of both venues; else of its own."""
    return Won(int(frame.parts.get(Venue.KRX, frame.trading_value)[row]))
