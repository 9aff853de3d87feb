"""The table of closed weekdays is what the library says."""

import sys
from datetime import date

import holidays
import pytest

from adapters.calendar.closed_weekdays import CLOSED_WEEKDAYS, closed_weekdays
from adapters.calendar.krx import KrxCalendar


@pytest.mark.parametrize("year", CLOSED_WEEKDAYS)
def test_the_table_is_what_the_library_says(year: int) -> None:
    days = holidays.financial_holidays("XKRX", years=year)

    weekdays = frozenset(day for day in days if day.weekday() < 5)
    assert closed_weekdays(year) == weekdays


def test_the_next_two_years_are_in_the_table() -> None:
    assert {2026, 2027, 2028} <= set(CLOSED_WEEKDAYS)


def test_another_year_is_asked_of_the_library() -> None:
    assert closed_weekdays(2023) is None
    assert KrxCalendar().session_on(date(2023, 9, 28)) is None  # Chuseok
    assert KrxCalendar().session_on(date(2023, 9, 27)) is not None


def test_a_year_of_the_table_does_not_load_the_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)  # an import would raise

    assert KrxCalendar().session_on(date(2026, 11, 20)) is not None
