"""What every new frame sets off: the leaders' profiles are read, others look at it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from application.ports.journal import Journal
from application.sweeping import STOCKS, Pool
from domain.frame import MarketFrame
from domain.listing import Market, Ticker, Venue
from domain.ranking import order_by
from domain.screening import Universe

LEADERS = 100
"""Of each market, by trading value: no question shows more rows at once."""

LOOK_SECONDS = 20.0
"""For whoever looks at a frame; the next sweep does not wait for longer."""

Want = Callable[[Iterable[Ticker]], object]
Seen = Callable[[MarketFrame], Awaitable[object]]


@dataclass(slots=True, kw_only=True)
class NewFrames:
    """Shows each frame once; who fails at it is logged, and ends nothing.

    Attributes:
        want: Has profiles read before all others.
        seen: Looks at a frame.
    """

    want: Want
    seen: Seen | None
    journal: Journal
    _shown: dict[Pool, datetime] = field(default_factory=dict)

    async def show(self, frame: MarketFrame) -> None:
        """Once for each frame of a pool."""
        pool = (frame.venue, frame.kinds)
        if self._shown.get(pool) == frame.as_of:
            return
        self._shown[pool] = frame.as_of
        try:
            if pool == (Venue.KRX, STOCKS):
                self.want(leaders(frame))
            if self.seen is not None:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.seen(frame)
        except Exception as error:
            self.journal.warning(
                "watcher.frame_not_seen", kind=type(error).__name__, error=str(error)
            )


def leaders(frame: MarketFrame) -> list[Ticker]:
    """The heaviest of each market by trading value, as many as a question may ask."""
    found: list[Ticker] = []
    for market in Market:
        universe = Universe(market=market, venue=frame.venue, kinds=frame.kinds)
        rows = order_by(universe.rows(frame), frame.trading_value)
        found += [frame.listings[row].ticker for row in rows[:LEADERS].tolist()]
    return found
