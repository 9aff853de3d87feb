"""Yesterday at this time, from dated minute bars: one call per stock and day."""

import asyncio
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.ports.past_data import PastBars
from application.recent import Recent
from application.single_flight import SingleFlight
from domain.errors import MarketDataError
from domain.listing import Listing, Ticker, Venue

MOST_CALLS = 90
"""Of one question: what the usual rate of 15 a second does within its patience."""

HALF_A_MINUTE = timedelta(seconds=30)

_Key = tuple[Ticker, Venue, datetime]


@dataclass(slots=True, kw_only=True)
class SameTimeBars:
    """Trading values of past sessions by a time of day; each is asked once."""

    bars: PastBars
    _known: "Recent[_Key, int]" = field(default_factory=lambda: Recent(5_000))
    _version: int = 0
    _flights: SingleFlight = field(default_factory=SingleFlight)

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._version

    async def values(
        self,
        listings: Sequence[Listing],
        venue: Venue,
        moments: Sequence[datetime],
        patience: timedelta,
    ) -> dict[Ticker, list[int | None]]:
        """Won up to the minute nearest to each moment; None of what came too late.

        Args:
            listings: Whose.
            venue: ALL adds KRX and NXT.
            moments: One of each session.
            patience: How long to wait; calls go on behind.
        """
        minutes = [_nearest_minute(at) for at in moments]
        keys = {
            (item.ticker, where, at)
            for item in listings
            for where in _venues(venue, item)
            for at in minutes
        }
        asked = [
            self._flights.start(key, functools.partial(self._ask, key))
            for key in sorted(keys, key=str)
            if self._known.get(key) is None
        ]
        if asked:
            await asyncio.wait(asked, timeout=max(patience.total_seconds(), 0.001))
        return {
            item.ticker: [self._sum(item, venue, at) for at in minutes]
            for item in listings
        }

    def _sum(self, item: Listing, venue: Venue, at: datetime) -> int | None:
        parts = [
            self._known.get((item.ticker, where, at)) for where in _venues(venue, item)
        ]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    async def _ask(self, key: _Key) -> None:
        ticker, venue, at = key
        ended = at - timedelta(seconds=1)  # the last minute that had ended by then
        try:
            value = await self.bars.value_at(ticker, venue, at.date(), ended.time())
        except MarketDataError:
            return  # told by its absence
        self._known.keep(key, 0 if value is None else int(value))
        self._version += 1

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._flights.close()


def calls_of(listings: Sequence[Listing], venue: Venue, sessions: int) -> int:
    """How many calls these need."""
    return sessions * sum(len(_venues(venue, item)) for item in listings)


def _nearest_minute(at: datetime) -> datetime:
    return (at + HALF_A_MINUTE).replace(second=0, microsecond=0)


def _venues(venue: Venue, listing: Listing) -> list[Venue]:
    if venue is not Venue.ALL:
        return [venue]
    return [Venue.KRX, Venue.NXT] if listing.on_nxt else [Venue.KRX]
