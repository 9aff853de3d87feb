"""One investor's flows over a frame's rows, of one venue or of both added."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.frame import MarketFrame
from domain.investors import FLOW_COLUMNS, Flow, Investor, InvestorFlows
from domain.listing import Listings, Shares, Venue, Won

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class FlowTable:
    """Flows in columns over listings, int64 of ``(len(listings),)``, won and shares.

    Attributes:
        known: bool; rows with flows.
        has_sides: Whether bought and sold are known apart; else only nets are.
        krx_only: They are KRX's alone, whatever the frame's venue.
    """

    buy_amount: "Whole"
    sell_amount: "Whole"
    buy_volume: "Whole"
    sell_volume: "Whole"
    known: "Mask"
    has_sides: bool = True
    krx_only: bool = False

    @property
    def net_amount(self) -> "Whole":
        """Bought less sold, won."""
        return self.buy_amount - self.sell_amount

    @property
    def net_volume(self) -> "Whole":
        """Bought less sold, shares."""
        return self.buy_volume - self.sell_volume

    def flow(self, row: int) -> Flow | None:
        """A row's two sides; None where only nets are known."""
        if not self.has_sides:
            return None
        return Flow(
            buy_amount=Won(int(self.buy_amount[row])),
            sell_amount=Won(int(self.sell_amount[row])),
            buy_volume=Shares(int(self.buy_volume[row])),
            sell_volume=Shares(int(self.sell_volume[row])),
        )

    def sum_of(self, rows: "Mask") -> Flow:
        """The sum of some rows."""
        return Flow(
            buy_amount=Won(int(self.buy_amount[rows].sum())),
            sell_amount=Won(int(self.sell_amount[rows].sum())),
            buy_volume=Shares(int(self.buy_volume[rows].sum())),
            sell_volume=Shares(int(self.sell_volume[rows].sum())),
        )

    def trading_value_of(self, frame: MarketFrame) -> "Whole":
        """The trading value that the flows are a part of, won."""
        if self.krx_only and Venue.KRX in frame.parts:
            return frame.parts[Venue.KRX]
        return frame.trading_value


def table_of(
    listings: Listings, flows: Iterable[InvestorFlows], investor: Investor
) -> FlowTable:
    """The flows of every venue given, added per stock.

    A stock is known when every venue that lists it among its flows knows it, and at
    least one does.
    """
    count = len(listings)
    columns = {name: np.zeros(count, dtype=np.int64) for name in FLOW_COLUMNS}
    known = np.zeros(count, dtype=bool)
    gaps = np.zeros(count, dtype=bool)
    for part in flows:
        row_of = part.listings.row_of
        rows = np.array([row_of.get(x.ticker, -1) for x in listings], dtype=np.int64)
        there = rows >= 0
        heard = there.copy()
        heard[there] = part.known[investor][rows[there]]
        known |= heard
        gaps |= there & ~heard
        for name, column in columns.items():
            column[heard] += part.columns[investor][name][rows[heard]]
    return _table(columns, known & ~gaps)


def nets_table(
    listings: Listings, nets: "dict[int, tuple[int, int]]", *, krx_only: bool
) -> FlowTable:
    """Nets alone, by row: won and shares. A net bought stands as bought."""
    count = len(listings)
    amount, volume = np.zeros(count, np.int64), np.zeros(count, np.int64)
    known = np.zeros(count, dtype=bool)
    for row, (won, shares) in nets.items():
        amount[row], volume[row], known[row] = won, shares, True
    nothing = np.zeros(count, dtype=np.int64)
    return FlowTable(
        buy_amount=amount,
        sell_amount=nothing,
        buy_volume=volume,
        sell_volume=nothing,
        known=known,
        has_sides=False,
        krx_only=krx_only,
    )


def sides_table(listings: Listings, flows: "dict[int, Flow]") -> FlowTable:
    """Both sides, by row."""
    count = len(listings)
    columns = {name: np.zeros(count, dtype=np.int64) for name in FLOW_COLUMNS}
    known = np.zeros(count, dtype=bool)
    for row, flow in flows.items():
        known[row] = True
        for name, column in columns.items():
            column[row] = getattr(flow, name)
    return _table(columns, known)


def _table(columns: "dict[str, Whole]", known: "Mask") -> FlowTable:
    return FlowTable(
        buy_amount=columns["buy_amount"],
        sell_amount=columns["sell_amount"],
        buy_volume=columns["buy_volume"],
        sell_volume=columns["sell_volume"],
        known=known,
    )
