"""Where the last frames are kept between processes."""

from typing import Protocol

from domain.frame import MarketFrame
from domain.listing import Kind, Venue


class KeptFrames(Protocol):
    """The last frames of each venue and pool; losing them costs a sweep, no truth."""

    async def keep(self, frame: MarketFrame) -> None:
        """Keep it in place of an earlier one of its venue, pool and session.

        A store that fails is logged, never an error.
        """
        ...

    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        """The kept frames, newest session first; empty where there are none."""
        ...
