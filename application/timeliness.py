"""How long figures serve: by their age, their phase and their session."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.session import (
    Phase,
    TradingSession,
    closes_at,
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
        incomplete: How long final figures with gaps are not asked for again.
    """

    fresh: timedelta = timedelta(seconds=60)
    servable: timedelta = timedelta(seconds=300)
    patience: timedelta = timedelta(seconds=8)
    leaders: timedelta = timedelta(seconds=15)
    retry: timedelta = timedelta(seconds=5)
    incomplete: timedelta = timedelta(minutes=10)


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

    def sessions_before(self, day: date, count: int) -> tuple[date, ...]:
        """The last sessions before a day, oldest first."""
        days: list[date] = []
        for _ in range(count):
            day = self.calendar.previous(day).day
            days.append(day)
        return tuple(reversed(days))

    def is_final(self, frame: MarketFrame) -> bool:
        """Whether no quote can be of a time before the venue's last trade.

        The sweep began after it, and nothing was kept from an earlier one.
        """
        if frame.carried.any():
            return False
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

    def is_running(self, frame: MarketFrame) -> bool:
        """Whether the frame is of a moment before its session's close."""
        session = self.calendar.session_on(frame.session)
        if frame.is_final or session is None:
            return False
        return frame.as_of < closes_at(session, Venue.KRX)

    def is_fresh(self, frame: MarketFrame) -> bool:
        """Whether there is no reason to sweep again."""
        return self._holds(frame, self.freshness.fresh)

    def is_servable(self, frame: MarketFrame) -> bool:
        """Whether a caller is given this one rather than made to wait."""
        return self._holds(frame, self.freshness.servable)

    def is_possible(self, frame: MarketFrame) -> bool:
        """Whether it is not of a time to come: a clock may have been set back."""
        due = self.due_at(frame.venue).day
        return frame.session <= due and frame.as_of <= self.clock.now()

    def _holds(self, frame: MarketFrame, longest: timedelta) -> bool:
        """Young enough and of one phase; final figures hold until the next open.

        Before the open the last session's figures are all there is.
        """
        if not self.is_possible(frame) or frame.session < self.due_at(frame.venue).day:
            return False
        if self.is_quiet(frame.venue):
            return frame.is_final
        if frame.is_final:
            return (
                frame.is_complete
                or longest > self.freshness.fresh
                or (self.age(frame) <= self.freshness.incomplete)
            )
        phases = {
            self.phase(frame.venue, at)
            for at in (frame.as_of_from, frame.as_of, self.clock.now())
        }
        return len(phases) == 1 and self.age(frame) <= longest

    def age(self, frame: MarketFrame) -> timedelta:
        """Since the end of the sweep; never negative."""
        return max(self.clock.now() - frame.as_of, timedelta())
