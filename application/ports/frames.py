"""Where the last frames are kept and published, for other processes and later ones."""

from datetime import datetime
from typing import Protocol

from domain.frame import MarketFrame
from domain.listing import Kind, Venue


class KeptFrames(Protocol):
    """The last frames of each venue and pool; losing them costs a sweep, no truth."""

    async def keep(self, frame: MarketFrame) -> None:
        """Keep it in place of an earlier one of its venue, pool and session.

        Whoever shares the store finds it with `newer` once this returns. A store that
        fails is logged, never an error.
        """
        ...

    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        """The kept frames, newest session first; empty where there are none."""
        ...

    async def newer(
        self, venue: Venue, kinds: frozenset[Kind], than: datetime | None
    ) -> MarketFrame | None:
        """The frame that any process kept last; None unless it ended after ``than``.

        Cheap where there is nothing new: it may be asked several times a second.

        Args:
            venue: KRX or NXT.
            kinds: The pool.
            than: The end of a sweep; None for any.
        """
        ...

    async def forget(self) -> int:
        """Let every frame go, for all who share the store; how many there were.

        One that cannot be let go is logged, never an error.
        """
        ...
