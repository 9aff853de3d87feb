"""How long figures serve: by their age, their phase and their session."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.session import (
    Phase,
    TradingSession,
    final_at,
    opens_at,
    phase_at,
    trades_on,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How long figures serve, and how long a caller waits.

    Attributes:
        fresh: A younger frame is served as it is while a session runs.
        servable: A younger one is served too, and refreshed behind the caller.
        patience: How long a question waits for a sweep, in the loop's time.
        leaders: How long a cold process's first rows are reused.
        retry: How long a failed sweep is not tried again, in the loop's time.
    """

    fresh: timedelta = timedelta(seconds=60)
    servable: timedelta = timedelta(seconds=300)
    patience: timedelta = timedelta(seconds=8)
    leaders: timedelta = timedelta(seconds=15)
    retry: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """Judges frames by the clock and the calendar."""

    clock: Clock
    calendar: TradingCalendar
    freshness: Freshness = field(default_factory=Freshness)

    def today(self) -> TradingSession | None:
        """The session of this very day; None on a day without one."""
        return self.calendar.session_on(self.clock.now().date())

    def phase(self, venue: Venue, at: datetime | None = None) -> Phase:
        """Where the venue stands now, or at another instant."""
        at = at or self.clock.now()
        return phase_at(at, venue, self.calendar.session_on(at.date()))

    def due(self, venue: Venue) -> TradingSession:
        """The session whose figures are the newest now."""
        return self.calendar.latest(self.clock.now(), venue)

    def due_at(self, venue: Venue) -> TradingSession:
        """The same of one venue's pool; KRX's session where NXT did not exist yet."""
        krx = self.due(Venue.KRX)
        return self.due(venue) if trades_on(krx, venue) else krx

    def is_final(self, frame: MarketFrame) -> bool:
        """Whether the sweep began after the venue's last trade of the session."""
        session = self.calendar.session_on(frame.session)
        if session is None:
            return False
        venue = frame.venue if trades_on(session, frame.venue) else Venue.KRX
        return frame.as_of_from >= final_at(session, venue)

    def is_quiet(self, venue: Venue) -> bool:
        """Whether it is a session's morning: quotes may still show the day before."""
        today = self.today()
        if today is None or self.phase(venue) is Phase.HOLIDAY:
            return False
        return self.clock.now() < opens_at(today, venue)

    def is_fresh(self, frame: MarketFrame) -> bool:
        """Whether there is no reason to sweep again."""
        return self._holds(frame, self.freshness.fresh)

    def is_servable(self, frame: MarketFrame) -> bool:
        """Whether a caller is given this one rather than made to wait."""
        return self._holds(frame, self.freshness.servable)

    def _holds(self, frame: MarketFrame, longest: timedelta) -> bool:
        """Young enough and of the same phase; final figures hold until the next open.

        Before the open the last session's figures are all there is.
        """
        if frame.session < self.due_at(frame.venue).day:
            return False
        if frame.is_final or self.is_quiet(frame.venue):
            return frame.is_final
        same_phase = self.phase(frame.venue, frame.as_of) is self.phase(frame.venue)
        return same_phase and self.age(frame) <= longest

    def age(self, frame: MarketFrame) -> timedelta:
        """Since the end of the sweep; never negative."""
        return max(self.clock.now() - frame.as_of, timedelta())
