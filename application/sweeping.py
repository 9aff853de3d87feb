"""Verified sweeps: quotes whose session is borne out, audited, gaps filled."""

import asyncio
from dataclasses import dataclass, replace

from application.ports.market_data import Quotes
from application.timeliness import Timeliness
from application.witnessing import Testimony, testify
from domain.audit import runs_back, with_suspects
from domain.errors import SessionUncertainError
from domain.frame import MarketFrame, carry
from domain.leaders import Leaders
from domain.listing import Kind, Venue
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
        testimony = await testify(self.quotes, listings, venue) if listings else None
        session = testimony.session if testimony else due
        if session > due:
            raise SessionUncertainError
        if held and held.is_final and held.session == session:
            return held  # the day that was due did not trade: an unlisted holiday
        frame = await self.quotes.sweep(listings, venue, session)
        frame = replace(frame, kinds=kinds)
        if testimony:
            testimony.verify(frame)
        if runs_back(frame, held):
            raise SessionUncertainError
        return self._closed(with_suspects(carry(frame, held)))

    async def lead(self, universe: Universe, by: Measure) -> Leaders:
        """Who leads the universe's stocks, of a certain session.

        Raises:
            MarketDataError: The lists failed, or are of no certain session.
        """
        listings = (await self.quotes.listings()).of_kinds(universe.kinds)
        asked = listings.of_market(universe.market)
        spoken = await asyncio.gather(
            *(
                testify(self.quotes, asked.on_venue(venue), venue)
                for venue, _ in pools_of(universe)
                if asked.on_venue(venue)
            )
        )
        testimonies = [testimony for testimony in spoken if testimony]
        named = {ticker for testimony in testimonies for ticker in testimony.tickers}
        leaders = await self.quotes.leaders(
            listings, universe, by, tuple(sorted(named))
        )
        return replace(leaders, frame=self._attributed(leaders.frame, testimonies))

    def _attributed(
        self, frame: MarketFrame, testimonies: list[Testimony]
    ) -> MarketFrame:
        """The leaders' frame with its session; of ALL, KRX's witnesses verify it."""
        days = {testimony.session for testimony in testimonies}
        if len(days) != 1:
            raise SessionUncertainError
        for testimony in testimonies:
            if testimony.venue is frame.venue or testimony.venue is Venue.KRX:
                testimony.verify(frame)
        return self._closed(replace(frame, session=days.pop()))

    def _closed(self, frame: MarketFrame) -> MarketFrame:
        """Final when the sweep began after the venue's last trade."""
        return (
            replace(frame, is_final=True) if self.timeliness.is_final(frame) else frame
        )
