"""Who bought and who sold: flows by type of investor (투자자별 매매동향)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from domain.listing import Listings, Shares, Ticker, Venue, Won

if TYPE_CHECKING:
    from numpy.typing import NDArray

MILLION = 1_000_000


class Investor(enum.Enum):
    """Who trades. PROGRAM cuts across the others: it is a way, not an owner."""

    FOREIGN = "FOREIGN"
    INSTITUTION = "INSTITUTION"
    INDIVIDUAL = "INDIVIDUAL"
    PROGRAM = "PROGRAM"


OWNERS = (Investor.FOREIGN, Investor.INSTITUTION, Investor.INDIVIDUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What one type of investor bought and sold, of a stock or of a market.

    Attributes:
        buy_amount, sell_amount: Won (in steps of 1,000,000 where the broker gives
            백만원).
        buy_volume, sell_volume: Shares (in steps of 1,000 for a market).
    """

    buy_amount: Won
    sell_amount: Won
    buy_volume: Shares
    sell_volume: Shares

    @property
    def net_amount(self) -> Won:
        """Bought less sold, won."""
        return Won(self.buy_amount - self.sell_amount)

    @property
    def net_volume(self) -> Shares:
        """Bought less sold, shares."""
        return Shares(self.buy_volume - self.sell_volume)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFlows:
    """One stock's flows of one session at one venue; what is absent is not known."""

    ticker: Ticker
    venue: Venue
    session: date
    flows: Mapping[Investor, Flow]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotNet:
    """What brokers entered of a stock by a time slot (가집계): nets, no more.

    Attributes:
        net_volume: Shares, in thousands.
        net_amount: Won in steps of 1,000,000 (shares × price); None: not given.
    """

    ticker: Ticker
    net_volume: Shares
    net_amount: Won | None = None


FLOW_COLUMNS = ("buy_amount", "sell_amount", "buy_volume", "sell_volume")


@dataclass(frozen=True, eq=False, kw_only=True)
class InvestorFlows:
    """Every stock's flows of one session at one venue, in columns over listings.

    Attributes:
        columns: Per investor and `FLOW_COLUMNS` name, int64 of ``(len(listings),)``,
            won and shares; zeros without meaning where not known.
        known: Per investor, bool; the broker gave the stock's flows.
        as_of: When the last of them was read.
        is_final: Read after the venue's last trade.
    """

    listings: Listings
    venue: Venue
    session: date
    columns: Mapping[Investor, Mapping[str, "NDArray[np.int64]"]]
    known: Mapping[Investor, "NDArray[np.bool_]"]
    as_of: datetime
    is_final: bool = False

    def flow(self, investor: Investor, row: int) -> Flow | None:
        """One stock's flow; None where it is not known."""
        if not self.known[investor][row]:
            return None
        figures = {name: int(c[row]) for name, c in self.columns[investor].items()}
        return Flow(
            buy_amount=Won(figures["buy_amount"]),
            sell_amount=Won(figures["sell_amount"]),
            buy_volume=Shares(figures["buy_volume"]),
            sell_volume=Shares(figures["sell_volume"]),
        )

    def net_amount(self, investor: Investor) -> "NDArray[np.int64]":
        """Bought less sold per stock, won."""
        columns = self.columns[investor]
        return columns["buy_amount"] - columns["sell_amount"]
