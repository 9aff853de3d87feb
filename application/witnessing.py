"""Which session a sweep's quotes belong to: they carry no date, daily bars do."""

import asyncio
from dataclasses import dataclass
from datetime import date

from application.ports.market_data import Quotes
from domain.audit import Witness, bears_out
from domain.errors import MarketDataError, SessionUncertainError
from domain.frame import MarketFrame
from domain.listing import Flag, Listing, Listings, Market, Venue

HEAVIEST = "005930"
"""Samsung Electronics: it traded every day that KRX did."""

BENCH = 2
"""Witnesses of each part of a venue: one may be halted, or its quote lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What the witnesses of a venue said before a sweep.

    Attributes:
        venue: KRX or NXT.
        session: The day all of them name.
        benches: The bars of each part of the venue that is reset by itself.
    """

    venue: Venue
    session: date
    benches: tuple[tuple[Witness, ...], ...]

    @property
    def tickers(self) -> tuple[str, ...]:
        """Whom to quote, so that the quotes can be verified."""
        return tuple(bar.ticker for bench in self.benches for bar in bench)

    def verify(self, frame: MarketFrame) -> None:
        """Refuses a frame whose quotes are not of the witnessed session.

        A witness whose own quote was lost says nothing; of each bench one must speak.

        Raises:
            SessionUncertainError: They are not, or not yet, or nobody can tell.
        """
        for bench in self.benches:
            verdicts = [bears_out(bar, frame) for bar in bench]
            heard = [verdict for verdict in verdicts if verdict is not None]
            if not heard or not all(heard):
                raise SessionUncertainError


async def hear(
    quotes: Quotes, listings: Listings, venue: Venue, *, hurried: bool = False
) -> Hearing:
    """What the witnesses of these listings say.

    One whose bar is older than its neighbour's (it may have been halted this morning)
    is left out.

    Args:
        quotes: Who is asked for bars.
        listings: Who may be a witness.
        venue: KRX or NXT.
        hurried: Whether one of each bench has to do, because somebody waits.

    Raises:
        SessionUncertainError: Nobody traded, or the benches are not of one day:
            quotes of one market were reset late.
        MarketDataError: A bar could not be read.
    """
    benches = _benches(listings, venue)
    if hurried:
        benches = [bench[:1] for bench in benches]
    spoken = await asyncio.gather(
        *(_heard(quotes, bench, venue, urgent=hurried) for bench in benches)
    )
    newest = max((bar.session for bars in spoken for bar in bars), default=None)
    if newest is None:
        raise SessionUncertainError
    fresh = [[bar for bar in bars if bar.session == newest] for bars in spoken if bars]
    if not all(fresh):
        raise SessionUncertainError
    return Hearing(venue=venue, session=newest, benches=tuple(map(tuple, fresh)))


async def _heard(
    quotes: Quotes, bench: tuple[Listing, ...], venue: Venue, *, urgent: bool
) -> list[Witness]:
    """The bars of a bench; empty where nobody of it has traded.

    Raises:
        MarketDataError: Not one could be read.
    """
    spoken = await asyncio.gather(
        *(quotes.newest_bar(item.ticker, venue, urgent=urgent) for item in bench),
        return_exceptions=True,
    )
    failures = [failure for failure in spoken if isinstance(failure, BaseException)]
    for failure in failures:
        if not isinstance(failure, MarketDataError) or len(failures) == len(bench):
            raise failure
    return [bar for bar in spoken if isinstance(bar, Witness)]


def candidates(listings: Listings, venue: Venue) -> list[Listing]:
    """Everybody who may be asked to witness."""
    return [item for bench in _benches(listings, venue) for item in bench]


def _benches(listings: Listings, venue: Venue) -> list[tuple[Listing, ...]]:
    """Two witnesses of each part of a venue that is reset by itself.

    KRX resets per market, Nextrade as a whole.
    """
    markets: list[Market | None] = [None]
    if venue is Venue.KRX:
        markets = [*sorted({item.market for item in listings})]
    benches = [heaviest(listings, market, count=BENCH) for market in markets]
    return [bench for bench in benches if bench]


def heaviest(
    listings: Listings, market: Market | None, *, count: int
) -> tuple[Listing, ...]:
    """A market's listings (None: all) of the largest trading value the session before.

    Halted ones are no witnesses. Value is estimated as previous volume × base price.
    """
    awake = [
        item
        for item in listings
        if market in {None, item.market} and not item.flags & Flag.HALTED
    ]
    awake.sort(
        key=lambda item: (
            item.ticker != HEAVIEST,
            -(item.previous_volume or 0) * (item.base_price or 0),
            item.ticker,
        )
    )
    return tuple(awake[:count])
