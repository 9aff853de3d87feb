"""Where past sessions are kept for good."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from application.ports.past_data import IndexQuote
from domain.bars import StockBars
from domain.frame import MarketFrame
from domain.history import History
from domain.investors import InvestorFlows
from domain.listing import Kind, Listings, Ticker, Venue
from domain.profile import Profile


class Frames(Protocol):
    """Frames by session, venue (KRX or NXT) and pool; final ones, and some between.

    Every method raises ``MarketDataUnavailableError`` when the store cannot be
    reached. Keeping the same again changes nothing.
    """

    async def keep_frame(self, frame: MarketFrame) -> None:
        """Keeps a frame: a final one as the session's last word, else by its instant.

        A final frame takes the place of an earlier one of its session only when it is
        newer; listings, names, markets and flags are kept as the frame has them.
        """
        ...

    async def final_frame(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> MarketFrame | None:
        """The session's final figures; None where they are not kept."""
        ...

    async def frames_around(
        self, venue: Venue, kinds: frozenset[Kind], at: datetime
    ) -> tuple[MarketFrame | None, MarketFrame | None]:
        """Of ``at``'s day: the last frame at or before it, and the first after it."""
        ...

    async def instants(
        self, venue: Venue, kinds: frozenset[Kind], session: date
    ) -> tuple[datetime, ...]:
        """When frames of a session were taken, ascending; final ones left out."""
        ...

    async def sessions(self, venue: Venue, kinds: frozenset[Kind]) -> tuple[date, ...]:
        """Sessions with final figures, ascending."""
        ...

    async def history(
        self,
        listings: Listings,
        venue: Venue,
        kinds: frozenset[Kind],
        sessions: Sequence[date],
        columns: Sequence[str],
    ) -> History:
        """Final figures of KRX or NXT in the columns of ``listings``.

        A session that is not kept is a row of which nothing is known.
        """
        ...

    async def forget_instants(self, before: date) -> None:
        """Lets frames between go, of sessions before a day; final ones stay."""
        ...


class KeptProfiles(Protocol):
    """Profiles by the day they were read for."""

    async def keep_profiles(self, session: date, profiles: Iterable[Profile]) -> None:
        """Keeps each in place of an earlier one of its stock and session."""
        ...

    async def profiles(self, session: date) -> Mapping[Ticker, Profile]:
        """Each stock's newest profile that was read for the session or before it."""
        ...

    async def profiles_of(self, session: date) -> Mapping[Ticker, Profile]:
        """Only those that were read for just this session."""
        ...


class KeptFlows(Protocol):
    """Investor flows and industry indices by session."""

    async def keep_flows(self, flows: InvestorFlows) -> None:
        """Keeps a session's flows at a venue; stocks that are not known stay as kept.

        Final figures are never replaced by provisional ones.
        """
        ...

    async def flows(self, venue: Venue, session: date) -> InvestorFlows | None:
        """The session's flows at KRX or NXT; None where none are kept."""
        ...

    async def flow_sessions(self, venue: Venue) -> tuple[date, ...]:
        """Sessions with flows, ascending."""
        ...

    async def keep_indices(self, session: date, indices: Iterable[IndexQuote]) -> None:
        """Keeps a session's industry indices, each in place of an earlier one."""
        ...

    async def indices(self, session: date) -> Mapping[str, IndexQuote]:
        """The session's industry indices by code; empty where none are kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of sessions that is being filled: at most 100, oldest first."""

    venue: Venue
    first: date
    last: date


class Filling(Protocol):
    """Bars on their way into the archive: kept stock by stock, published by session.

    What is staged survives a kill at any point; publishing twice gives the same.
    """

    async def windows(self) -> tuple[Window, ...]:
        """Windows that were begun and not yet published, newest first."""
        ...

    async def begin(self, window: Window) -> None:
        """Remembers a window; one that is known already stays as it is."""
        ...

    async def staged(self, window: Window) -> frozenset[Ticker]:
        """Whose bars are already in."""
        ...

    async def stage(self, window: Window, bars: Sequence[StockBars]) -> None:
        """Keeps some stocks' bars, all of them or none.

        None of a window that is not known: another process may have published it.
        """
        ...

    def read_staged(self, window: Window) -> AsyncIterator[StockBars]:
        """Every staged stock's bars, a few at a time, by ticker."""
        ...

    async def publish(self, window: Window, frames: Iterable[MarketFrame]) -> None:
        """Keeps the sessions' final frames and lets the window go, in one step.

        A final frame that was swept on the day itself is not replaced. The frames are
        gone through off the event loop, and once more where the store has to be begun
        anew: nobody may change what they are made of.
        """
        ...


class Archive(Frames, KeptProfiles, KeptFlows, Filling, Protocol):
    """All of it."""

    async def close(self) -> None:
        """Lets connections go."""
        ...
