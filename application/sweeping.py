"""Verified sweeps: quotes whose session is borne out, audited, gaps filled."""

import asyncio
from dataclasses import dataclass, replace

from application.ports.market_data import Quotes
from application.timeliness import Timeliness
from application.witnessing import Hearing, candidates, hear
from domain.audit import audited, runs_back, suspects
from domain.errors import SessionUncertainError
from domain.frame import MarketFrame
from domain.frame_joining import carry
from domain.leaders import Leaders
from domain.listing import Kind, Listing, Listings, Venue
from domain.ranking import Measure
from domain.screening import Universe

STOCKS = frozenset({Kind.STOCK})
PRODUCTS = frozenset({Kind.ETF, Kind.ETN})

Pool = tuple[Venue, frozenset[Kind]]
"""What is swept together: one venue, stocks or exchange-traded products."""


def pools_of(universe: Universe) -> list[Pool]:
    """What has to be swept for a universe; stocks first, KRX first."""
    venues = [Venue.KRX, Venue.NXT] if universe.venue is Venue.ALL else [universe.venue]
    pools = [pool for pool in (STOCKS, PRODUCTS) if pool & universe.kinds]
    return [(venue, pool) for pool in pools for venue in venues]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Takes the market's figures and makes sure which session they are of."""

    quotes: Quotes
    timeliness: Timeliness

    async def sweep(self, pool: Pool, held: MarketFrame | None) -> MarketFrame:
        """A frame of the newest session that traded, tried twice.

        Args:
            pool: What is swept.
            held: The last frame of the pool; a final one is given back when no newer
                session has begun to trade.

        Raises:
            MarketDataError: No quotes, or quotes of no certain session.
        """
        try:
            return await self._sweep_once(pool, held)
        except SessionUncertainError:
            return await self._sweep_once(pool, held)

    async def _sweep_once(self, pool: Pool, held: MarketFrame | None) -> MarketFrame:
        venue, kinds = pool
        listings = (await self.quotes.listings()).of_kinds(kinds).on_venue(venue)
        due = self.timeliness.due_at(venue).day
        hearing = await hear(self.quotes, listings, venue) if listings else None
        session = hearing.session if hearing else due
        if session > due:
            raise SessionUncertainError
        done = held and held.is_final and held.is_complete
        if held and done and held.session == session:
            return held  # the day that was due did not trade: an unlisted holiday
        frame = await self.quotes.sweep(listings, venue, session)
        frame = replace(frame, kinds=kinds)
        if hearing:
            hearing.verify(frame)
        if runs_back(frame, held):
            raise SessionUncertainError
        return self._closed(audited(carry(frame, held), held))

    async def lead(self, universe: Universe, by: Measure) -> Leaders:
        """Who leads the universe's stocks, of a certain session.

        Raises:
            MarketDataError: The lists failed, or are of no certain session.
        """
        venues = [venue for venue, _ in pools_of(universe)]

        def witnesses(listings: Listings) -> list[Listing]:
            return [x for venue in venues for x in candidates(listings, venue)]

        # Bars first: they have to be read before the quotes they bear out.
        hearings, leaders = await asyncio.gather(
            self._hearings(universe, venues),
            self.quotes.leaders(universe, by, witnesses),
        )
        return self._attributed(leaders, hearings)

    async def _hearings(self, universe: Universe, venues: list[Venue]) -> list[Hearing]:
        """In a hurry: one witness of each bench."""
        listings = (await self.quotes.listings()).of_kinds(universe.kinds)
        listings = listings.of_market(universe.market)
        places = [(venue, listings.on_venue(venue)) for venue in venues]
        return await asyncio.gather(
            *(
                hear(self.quotes, there, venue, hurried=True)
                for venue, there in places
                if there
            )
        )

    def _attributed(self, leaders: Leaders, hearings: list[Hearing]) -> Leaders:
        """The leaders with their session, each venue's quotes verified by its own."""
        days = {hearing.session for hearing in hearings}
        if len(days) != 1:
            raise SessionUncertainError
        for hearing in hearings:
            for frame in leaders.venues:
                if frame.venue is hearing.venue:
                    hearing.verify(frame)
        frame = replace(
            leaders.frame, session=days.pop(), suspect=suspects(leaders.frame)
        )
        return replace(leaders, frame=self._closed(frame))

    def _closed(self, frame: MarketFrame) -> MarketFrame:
        """Final when the sweep began after the venue's last trade."""
        return (
            replace(frame, is_final=True) if self.timeliness.is_final(frame) else frame
        )
