"""Which sessions are to be filled, and in which stretches."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from application.ports.archive import Window
from application.ports.calendar import TradingCalendar
from domain.listing import Venue
from domain.session import final_at, trades_on

LONGEST = 100
"""Sessions that one call for daily bars gives at most."""


def finished(
    calendar: TradingCalendar, now: datetime, count: int
) -> dict[Venue, tuple[date, ...]]:
    """The last sessions whose figures no longer move, by venue, oldest first.

    Args:
        calendar: Which days trade.
        now: Today counts only once its final figures are final.
        count: Sessions of KRX; of NXT those among them that it traded on.
    """
    found: dict[Venue, list[date]] = {Venue.KRX: [], Venue.NXT: []}
    session = calendar.session_on(now.date()) or calendar.previous(now.date())
    while len(found[Venue.KRX]) < count and trades_on(session, Venue.KRX):
        for venue, days in found.items():
            if trades_on(session, venue) and final_at(session, venue) <= now:
                days.append(session.day)
        session = calendar.previous(session.day)
    return {venue: tuple(reversed(days)) for venue, days in found.items()}


def between(calendar: TradingCalendar, window: Window) -> tuple[date, ...]:
    """The window's sessions, oldest first."""
    days: list[date] = []
    session = calendar.previous(window.last)
    if calendar.session_on(window.last):
        days.append(window.last)
    while session.day >= window.first:
        days.append(session.day)
        session = calendar.previous(session.day)
    return tuple(reversed(days))


def windows_of(
    venue: Venue, sessions: Sequence[date], missing: Collection[date]
) -> list[Window]:
    """Stretches that hold every missing session, newest first.

    Args:
        venue: Of the windows.
        sessions: Every session there is, oldest first.
        missing: Those to be filled.
    """
    found: list[Window] = []
    end = len(sessions)
    while end:
        end -= 1
        if sessions[end] not in missing:
            continue
        start = max(end + 1 - LONGEST, 0)
        while sessions[start] not in missing:
            start += 1
        found.append(Window(venue=venue, first=sessions[start], last=sessions[end]))
        end = start
    return found
