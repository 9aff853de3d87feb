"""When each pool is swept next, so that questions find its frame fresh."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.sweeping import PRODUCTS, STOCKS, Pool
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.session import final_at, opens_at, trades_on

POOLS: tuple[Pool, ...] = tuple(
    (venue, kinds) for kinds in (STOCKS, PRODUCTS) for venue in (Venue.KRX, Venue.NXT)
)
"""Everything that is watched, the most important first."""

UNMEASURED_SECONDS = 8.0
"""What a sweep is taken to last before one was measured."""

SLACK_SECONDS = 2.0
"""How much earlier than needed a sweep begins, so that no minute is left out."""

SLOT = timedelta(minutes=5)
"""Products that nobody asks for have a frame in each of these."""


@dataclass(slots=True, kw_only=True)
class SweepPlan:
    """The hours of the venues, and how long sweeps have lately taken.

    A venue is swept from its first trades until its session is final; the final sweep
    itself is somebody else's.
    """

    timeliness: Timeliness
    _took: "dict[Pool, deque[float]]" = field(default_factory=dict)

    def took(self, pool: Pool, seconds: float) -> None:
        """Learns how long a sweep took; the longest of the last five counts."""
        self._took.setdefault(pool, deque(maxlen=5)).append(seconds)

    def has_opened(self, venue: Venue) -> bool:
        """Whether today's first trades may show, or have shown."""
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is None or not trades_on(session, venue):
            return False
        return opens_at(session, venue) <= now

    def runs(self, venue: Venue) -> bool:
        """Whether the venue's figures still move."""
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is None or not self.has_opened(venue):
            return False
        return now < final_at(session, venue)

    def due(
        self, pool: Pool, frame: MarketFrame | None, *, is_asked: bool
    ) -> datetime | None:
        """When the pool is to be swept; None for not again today.

        Args:
            pool: One of `POOLS`.
            frame: Its newest frame.
            is_asked: Whether somebody asks for it these minutes; stocks always are.
        """
        (venue, kinds), now = pool, self.timeliness.clock.now()
        if not self.runs(venue):
            return self._opening(venue)
        due_day = self.timeliness.due_at(venue).day
        if frame is None or frame.session < due_day or frame.as_of > now:
            return now
        if kinds != STOCKS and not is_asked:
            return _slot_after(frame.as_of)
        return self._before_it_ages(pool, frame, now)

    def _opening(self, venue: Venue) -> datetime | None:
        session, now = self.timeliness.today(), self.timeliness.clock.now()
        if session is None or not trades_on(session, venue):
            return None
        opening = opens_at(session, venue)
        return opening if now < opening else None

    def _before_it_ages(
        self, pool: Pool, frame: MarketFrame, now: datetime
    ) -> datetime:
        """In time for the next frame, and at every turn of a phase."""
        phase = self.timeliness.phase
        running = phase(frame.venue)
        if {phase(frame.venue, at) for at in (frame.as_of_from, frame.as_of)} != {
            running
        }:
            return now
        fresh = self.timeliness.freshness.fresh
        seconds = max(self._took.get(pool, (UNMEASURED_SECONDS,))) + SLACK_SECONDS
        due = frame.as_of + fresh - min(timedelta(seconds=seconds), fresh / 2)
        # Phases begin with a minute.
        minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return min(due, minute) if phase(frame.venue, minute) is not running else due


def _slot_after(at: datetime) -> datetime:
    begun = at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)
    return begun + SLOT
