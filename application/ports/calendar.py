"""Which days trade, and with which hours."""

from datetime import date, datetime
from typing import Protocol

from domain.listing import Venue
from domain.session import TradingSession


class TradingCalendar(Protocol):
    """The sessions of the Korean exchanges, KRX and NXT alike.

    Answers come from memory: no method awaits or calls the network. The same
    question may be answered differently after the calendar learned of a decreed
    holiday.
    """

    def session_on(self, day: date) -> TradingSession | None:
        """The session of a day in Seoul, None on a day without one."""
        ...

    def latest(self, at: datetime, venue: Venue) -> TradingSession:
        """The session whose figures are the newest at an instant.

        The day's own once the venue has opened (for ALL: once KRX has), else the
        one before; so on weekends, holidays and mornings the last that traded.
        Never a session that opens after ``at``.

        Raises:
            InvalidRequestError: The venue has had no session by then.
        """
        ...

    def previous(self, day: date) -> TradingSession:
        """The last session before a day, whether or not the day is one."""
        ...

    def next(self, day: date) -> TradingSession:
        """The first session after a day, whether or not the day is one."""
        ...
