"""Which days trade, and what the broker says of them."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

import holidays

ONE_DAY = timedelta(days=1)


@cache
def _closed_in(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("XKRX", years=year))


class TradingDays:
    """The emulated exchange's calendar.

    Args:
        unlisted_holidays: Closed, though the holiday endpoint says open.
        listed_holidays: Closed and said so, though no almanac knows.
        extra_sessions: Open and said so, though the almanac says closed.
    """

    def __init__(
        self,
        *,
        unlisted_holidays: Collection[date] = (),
        listed_holidays: Collection[date] = (),
        extra_sessions: Collection[date] = (),
    ) -> None:
        self._unlisted = frozenset(unlisted_holidays)
        self._listed = frozenset(listed_holidays)
        self._extra = frozenset(extra_sessions)

    def is_session(self, day: date) -> bool:
        """Whether the exchange really opens."""
        return day not in self._unlisted and self.is_announced(day)

    def is_announced(self, day: date) -> bool:
        """Whether the holiday endpoint says that it opens."""
        if day in self._extra:
            return True
        if day.weekday() >= 5 or day in self._listed:
            return False
        return day not in _closed_in(day.year)

    def is_bank_day(self, day: date) -> bool:
        """Whether banks work: the year's last weekday closes the exchange alone."""
        monday_after = day + (7 - day.weekday()) * ONE_DAY
        following = day + ONE_DAY if day.weekday() < 4 else monday_after
        year_end = day.weekday() < 5 and following.year > day.year
        return year_end or self.is_announced(day)

    def latest(self, day: date) -> date:
        """The session on this day or the last before it."""
        while not self.is_session(day):
            day -= ONE_DAY
        return day

    def previous(self, day: date) -> date:
        """The last session before this day."""
        return self.latest(day - ONE_DAY)

    def next(self, day: date) -> date:
        """The first session after this day."""
        day += ONE_DAY
        while not self.is_session(day):
            day += ONE_DAY
        return day

    def back(self, start: date, end: date, most: int) -> list[date]:
        """Up to ``most`` sessions within both dates, newest first."""
        found: list[date] = []
        day = end
        while day >= start and len(found) < most:
            if self.is_session(day):
                found.append(day)
            day -= ONE_DAY
        return found
