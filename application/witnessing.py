"""Which session a sweep's quotes belong to: they carry no date, daily bars do."""

import asyncio
from dataclasses import dataclass
from datetime import date

from application.ports.market_data import Quotes
from domain.audit import Witness, bears_out
from domain.errors import SessionUncertainError
from domain.frame import MarketFrame
from domain.listing import Flag, Listing, Listings, Market, Venue

HEAVIEST = "005930"
"""Samsung Electronics: it traded every day that KRX did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What the witnesses of a venue said before a sweep.

    Attributes:
        venue: KRX or NXT.
        session: The day all of them name.
        bars: One witness of each market.
    """

    venue: Venue
    session: date
    bars: tuple[Witness, ...]

    @property
    def tickers(self) -> tuple[str, ...]:
        """Whom to quote, so that the quotes can be verified."""
        return tuple(bar.ticker for bar in self.bars)

    def verify(self, frame: MarketFrame) -> None:
        """Refuses a frame whose quotes are not of the witnessed session.

        Raises:
            SessionUncertainError: They are not, or not yet.
        """
        if not all(bears_out(bar, frame) for bar in self.bars):
            raise SessionUncertainError


async def testify(quotes: Quotes, listings: Listings, venue: Venue) -> Testimony | None:
    """The witnesses of each market of these listings; None where there is nobody.

    A market whose first witness does not name the newest day of all (it may have been
    halted this morning) is asked a second one.

    Raises:
        SessionUncertainError: The markets are not of one day: quotes of one of
            them were reset late.
        MarketDataError: A bar could not be read.
    """
    markets = [
        heaviest(listings, market, count=2)
        for market in sorted({item.market for item in listings})
    ]
    firsts = await asyncio.gather(
        *(quotes.newest_bar(market[0].ticker, venue) for market in markets if market)
    )
    bars = [bar for bar in firsts if bar is not None]
    if not bars:
        return None
    newest = max(bar.session for bar in bars)
    for place, bar in enumerate(bars):
        if bar.session < newest:
            bars[place] = await _second(quotes, markets, bar, venue) or bar
    if {bar.session for bar in bars} != {newest}:
        raise SessionUncertainError
    return Testimony(venue=venue, session=newest, bars=tuple(bars))


async def _second(
    quotes: Quotes, markets: list[tuple[Listing, ...]], first: Witness, venue: Venue
) -> Witness | None:
    """The other witness of the same market."""
    for market in markets:
        if market and market[0].ticker == first.ticker and len(market) > 1:
            return await quotes.newest_bar(market[1].ticker, venue)
    return None


def heaviest(listings: Listings, market: Market, *, count: int) -> tuple[Listing, ...]:
    """A market's listings of the largest trading value the session before.

    Halted ones are no witnesses. Value is estimated as previous volume × base price.
    """
    awake = [
        item
        for item in listings
        if item.market is market and not item.flags & Flag.HALTED
    ]
    awake.sort(
        key=lambda item: (
            item.ticker != HEAVIEST,
            -(item.previous_volume or 0) * (item.base_price or 0),
            item.ticker,
        )
    )
    return tuple(awake[:count])
