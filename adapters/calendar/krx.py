"""The trading days of KRX and Nextrade, which keeps the same ones."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from typing_extensions import override

from adapters.calendar.closed_weekdays import closed_weekdays
from adapters.calendar.decreed_days import EXAM_DAYS, EXTRA_CLOSED, EXTRA_OPEN
from application.ports.calendar import TradingCalendar
from domain.listing import Venue
from domain.session import (
    EXAM_DAY_HOURS,
    FIRST_SESSION_HOURS,
    USUAL_HOURS,
    SessionHours,
    TradingSession,
    in_seoul,
    opens_at,
)

if TYPE_CHECKING:  # its file lock is slow to import, and a replay asks no broker
    from adapters.calendar.broker_days import BrokerDays

_ONE_DAY = timedelta(days=1)


class KrxCalendar(TradingCalendar):
    """Days by the broker's word, else by our table, else by `holidays`."""

    def __init__(self, broker_days: "BrokerDays | None" = None) -> None:
        """Costs nothing: what has to be loaded is loaded with the first question."""
        self._broker_days = broker_days

    @override
    def session_on(self, day: date) -> TradingSession | None:
        if not self._trades(day):
            return None
        return TradingSession(day, self._hours(day))

    @override
    def latest(self, at: datetime, venue: Venue) -> TradingSession:
        day = in_seoul(at).date()
        session = self.session_on(day)
        if session is not None and opens_at(session, venue) <= at:
            return session
        before = self.previous(day)
        opens_at(before, venue)  # refuses a venue that did not exist yet
        return before

    @override
    def previous(self, day: date) -> TradingSession:
        return self._nearest(day, -_ONE_DAY)

    @override
    def next(self, day: date) -> TradingSession:
        return self._nearest(day, _ONE_DAY)

    def _nearest(self, day: date, step: timedelta) -> TradingSession:
        while True:
            day += step
            session = self.session_on(day)
            if session is not None:
                return session

    def _trades(self, day: date) -> bool:
        said = None if self._broker_days is None else self._broker_days.is_open(day)
        if said is not None:
            return said
        if day in EXTRA_OPEN:
            return True
        if day.weekday() >= 5 or day in EXTRA_CLOSED:
            return False
        return day not in _closed_weekdays(day.year)

    def _hours(self, day: date) -> SessionHours:
        if day in EXAM_DAYS:
            return EXAM_DAY_HOURS
        new_year = date(day.year, 1, 1)
        earlier = (new_year + _ONE_DAY * n for n in range((day - new_year).days))
        return USUAL_HOURS if any(map(self._trades, earlier)) else FIRST_SESSION_HOURS


@cache
def _closed_weekdays(year: int) -> frozenset[date]:
    """The weekdays of a year that `holidays` calls closed."""
    known = closed_weekdays(year)
    if known is not None:
        return known
    import holidays  # noqa: PLC0415 - slow to load; the table covers the years around

    return frozenset(holidays.financial_holidays("XKRX", years=year))
