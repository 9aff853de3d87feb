"""Records what answers tell beside quotes: industries, investors, programs, profiles.

Only the calls that the product makes while a session runs; what it fills behind its
callers for later sessions is not recorded.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.kis.flow_client import KisFlowClient
from adapters.kis.flow_requests import (
    MARKET_INVESTORS,
    PROGRAM_NOW,
    SLOT_ESTIMATES,
    SLOT_LEADERS,
)
from adapters.kis.index_client import KisIndexClient
from adapters.kis.index_names import IndexNames
from adapters.kis.index_requests import INDEX_CATEGORIES
from adapters.kis.indices import KisIndices
from adapters.kis.investors import KisInvestors
from adapters.kis.profiles import KisProfiles
from adapters.kis.stock_client import KisStockClient
from adapters.kis.stock_requests import STOCK_PRICE
from adapters.kis.transport import Transport
from application.details import detail_columns
from application.live_flows import MOST_CANDIDATES
from application.ports.clock import Clock
from domain.frame import MarketFrame
from domain.frame_joining import add_venues
from domain.investors import Investor
from domain.listing import Listing, Listings, Market
from domain.profile import profiles_of
from domain.ranking import order_by
from domain.screening import Universe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DETAIL_ENDPOINTS = (
    *(INDEX_CATEGORIES, MARKET_INVESTORS, SLOT_LEADERS, SLOT_ESTIMATES, PROGRAM_NOW),
    STOCK_PRICE,
)
HEAVIEST = 100
"""By trading value: whose profiles are recorded."""

LARGEST = 60
"""By market cap: whose profiles are recorded too."""

WITH_SLOTS = (Investor.FOREIGN, Investor.INSTITUTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The product's adapters of everything but quotes, over one transport."""

    indices: KisIndices
    investors: KisInvestors
    profiles: KisProfiles

    @classmethod
    def over(cls, transport: Transport, folder: Path, clock: Clock) -> "Beside":
        """As an environment plugs them; the folder keeps the names of the day."""
        return cls(
            indices=KisIndices(
                KisIndexClient(transport), IndexNames(transport, folder, clock)
            ),
            investors=KisInvestors(KisFlowClient(transport), clock),
            profiles=KisProfiles(KisStockClient(transport), clock),
        )


async def record_details(beside: Beside, krx: MarketFrame, nxt: MarketFrame) -> None:
    """Asks everything of one instant, whose stocks are swept already."""
    frame = add_venues(krx, nxt)
    await beside.indices.sector_names()
    await _industries(beside, frame.listings)
    await _slots(beside.investors)
    for listing in _candidates(frame):
        await beside.investors.program_now(listing.ticker, frame.venue)
    for listing in _profiled(frame):
        await beside.profiles.profile(listing)


async def _industries(beside: Beside, listings: Listings) -> None:
    """Index quotes and flows of both markets and of every industry with a stock."""
    axes = (listings.leaf_sectors, listings.large_sectors)
    keys = {key for axis in axes for key in axis.keys if key[1]}
    ask = beside.investors.market_flows
    await asyncio.gather(*(beside.indices.sector_quotes(market) for market in Market))
    await asyncio.gather(*(ask(market) for market in Market))
    await asyncio.gather(*(ask(market, code) for market, code in sorted(keys)))


async def _slots(investors: KisInvestors) -> None:
    """The newest slot's nets from both ends."""
    await asyncio.gather(
        *(
            investors.slot_leaders(market, investor, selling=selling)
            for market in Market
            for investor in WITH_SLOTS
            for selling in (False, True)
        )
    )


def _candidates(frame: MarketFrame) -> list[Listing]:
    """Whose programs are asked for, of both markets together and of each alone."""
    rows: dict[int, None] = {}
    for market in (None, *Market):
        inside = Universe(market=market).rows(frame) & (frame.trading_value > 0)
        rows |= dict.fromkeys(_first(inside, frame.trading_value, MOST_CANDIDATES))
    return [frame.listings[row] for row in rows]


def _profiled(frame: MarketFrame) -> list[Listing]:
    """Those that rankings by trading value and by market cap show first."""
    unread = profiles_of(frame.listings, {}, frame.session)
    caps = detail_columns(frame, unread).caps
    heaviest = _first(frame.known, frame.trading_value, HEAVIEST)
    largest = _first(caps >= 0, caps, LARGEST)
    return [frame.listings[row] for row in dict.fromkeys([*heaviest, *largest])]


def _first(
    inside: "NDArray[np.bool_]", measure: "NDArray[np.int64]", count: int
) -> list[int]:
    return [int(row) for row in order_by(inside, measure)[:count]]
