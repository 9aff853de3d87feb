"""Where quotes come from."""

from datetime import date
from typing import Protocol

from domain.audit import Witness
from domain.frame import MarketFrame
from domain.leaders import Leaders
from domain.listing import Listings, Venue
from domain.provenance import Source
from domain.ranking import Measure
from domain.screening import Universe


class Quotes(Protocol):
    """The broker's quotes, or a recording of them."""

    @property
    def source(self) -> Source:
        """What answers are said to rest on."""
        ...

    async def listings(self) -> Listings:
        """Every stock, ETF and ETN of KOSPI and KOSDAQ, of this morning's master.

        Raises:
            MarketDataUnavailableError: No master could be had, not even an older one.
        """
        ...

    async def sweep(
        self, listings: Listings, venue: Venue, session: date
    ) -> MarketFrame:
        """One quote of each listing on KRX or NXT, in the background of other calls.

        Codes whose quote did not come, or cannot be read, are unknown rows; the frame
        claims ``session``, which the caller has to verify. Figures since the open, in
        won and shares. A KRX frame with stocks carries the official totals.

        Raises:
            MarketDataUnavailableError: Not one quote could be had.
            MarketDataRefusedError: Credentials or entitlement are wrong.
        """
        ...

    async def newest_bar(self, ticker: str, venue: Venue) -> Witness | None:
        """The newest daily bar of one stock; None where it never traded there.

        Raises:
            MarketDataError: It could not be read.
        """
        ...

    async def leaders(
        self,
        listings: Listings,
        universe: Universe,
        by: Measure,
        witnesses: tuple[str, ...],
    ) -> Leaders:
        """Who leads the universe's stocks, without a sweep.

        The frame claims the day of its quotes' arrival as its session, which the
        caller has to verify; ``witnesses`` are codes to be quoted with the leaders.

        Raises:
            MarketDataError: The lists or the quotes could not be had.
        """
        ...
