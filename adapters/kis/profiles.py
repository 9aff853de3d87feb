"""The broker behind the port of profiles."""

from typing_extensions import override

from adapters.kis.mapping import MOST
from adapters.kis.payloads.stock_price import StockPrice
from adapters.kis.same_stock import is_same
from adapters.kis.stock_client import KisStockClient
from adapters.kis.transport import Priority
from adapters.kis.unreadable import unreadable
from application.ports.clock import Clock
from application.ports.past_data import ProfileSource
from domain.listing import Listing, Shares, Won
from domain.profile import Profile

KRX = "J"


class KisProfiles(ProfileSource):
    """KIS inquiries at KRX, one a stock, behind the calls that somebody waits for."""

    def __init__(self, stocks: KisStockClient, clock: Clock) -> None:
        self._stocks = stocks
        self._clock = clock

    @override
    async def profile(self, listing: Listing) -> Profile:
        price = await self._stocks.price(
            KRX, listing.ticker, priority=Priority.BACKGROUND
        )
        if not is_same(price.stck_shrn_iscd, listing.ticker):
            raise unreadable("stck_shrn_iscd", price.stck_shrn_iscd)
        shares = _whole(price, "lstn_stcn")
        if shares == 0:  # how a code looks that the broker does not know
            raise unreadable("lstn_stcn", shares)
        holding = _whole(price, "frgn_hldn_qty")
        high, low = _whole(price, "w52_hgpr"), _whole(price, "w52_lwpr")
        return Profile(
            ticker=listing.ticker,
            read_at=self._clock.now(),
            listed_shares=None if shares is None else Shares(shares),
            eps=price.eps or None,  # 0.00 is how the broker writes that it has none
            bps=price.bps or None,
            foreign_holding=None if holding is None else Shares(holding),
            foreign_limit_exhaustion_rate=_fraction(price.hts_frgn_ehrt),
            high_52_weeks=Won(high) if high else None,
            low_52_weeks=Won(low) if low else None,
        )


def _whole(price: StockPrice, field: str) -> int | None:
    """A whole number that a stock can have.

    Raises:
        MarketDataMalformedError: None can.
    """
    value: int | None = getattr(price, field)
    if value is not None and value > MOST:
        raise unreadable(field, value)
    return value


def _fraction(percent: float | None) -> float | None:
    return None if percent is None else round(percent / 100, 6)
