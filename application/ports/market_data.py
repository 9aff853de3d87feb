"""Where quotes come from."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol

from domain.audit import Witness
from domain.frame import MarketFrame
from domain.leaders import Leaders
from domain.listing import Listing, Listings, Venue
from domain.provenance import Source
from domain.ranking import Measure
from domain.screening import Universe

WitnessChoice = Callable[[Listings], Iterable[Listing]]
"""Chooses, of the universe's listings, who is to be quoted as a witness."""


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

    async def newest_bar(
        self, ticker: str, venue: Venue, *, urgent: bool
    ) -> Witness | None:
        """The newest daily bar of one stock; None where it never traded there.

        An urgent one goes before sweeps: somebody waits for it.

        Raises:
            MarketDataError: It could not be read.
        """
        ...

    async def leaders(
        self, universe: Universe, by: Measure, witnesses: WitnessChoice
    ) -> Leaders:
        """Who leads the universe's stocks, without a sweep.

        The frame claims the day of its quotes' arrival as its session, which the
        caller has to verify; ``witnesses`` chooses who is quoted with the leaders.
        Quotes are read after every bar that was asked for before this call. On KRX
        alone the frame carries the official totals.

        Raises:
            MarketDataError: The lists or the quotes could not be had.
        """
        ...
