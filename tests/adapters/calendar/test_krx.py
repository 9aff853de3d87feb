"""The calendar against lists made elsewhere, and its laws."""

import csv
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.calendar.krx import KrxCalendar
from domain.errors import InvalidRequestError
from domain.listing import Venue
from domain.session import (
    EXAM_DAY_HOURS,
    FIRST_SESSION_HOURS,
    KST,
    USUAL_HOURS,
    TradingSession,
    opens_at,
)

CALENDAR = KrxCalendar()

# Written down by hand; weekdays only.
CLOSED_2026 = (
    "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 "
    "10-05 10-09 12-25 12-31"
)
CLOSED_2027 = (
    "01-01 02-08 02-09 03-01 05-03 05-05 05-13 07-19 08-16 09-14 09-15 09-16 10-04 "
    "10-11 12-27 12-31"
)


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KST)


@pytest.mark.parametrize(
    ("year", "closed", "sessions"), [(2026, CLOSED_2026, 244), (2027, CLOSED_2027, 245)]
)
def test_the_closed_weekdays_of_a_year(year: int, closed: str, sessions: int) -> None:
    days = days_of(date(year, 1, 1), date(year, 12, 31))
    weekdays = [day for day in days if day.weekday() < 5]

    shut = [f"{day:%m-%d}" for day in weekdays if CALENDAR.session_on(day) is None]

    assert shut == closed.split()
    assert sum(CALENDAR.session_on(day) is not None for day in days) == sessions


def test_every_day_that_krx_traded_is_a_session_and_no_other(shared: Path) -> None:
    path = shared / "krx" / "trading_calendar.csv"
    if not path.is_file():
        pytest.skip("no trading_calendar.csv in the shared folder")
    with path.open(encoding="utf-8") as file:
        traded = [date.fromisoformat(row["date"]) for row in csv.DictReader(file)]

    days = days_of(traded[0], traded[-1])

    assert [day for day in days if CALENDAR.session_on(day) is not None] == traded


@pytest.mark.parametrize(
    "day",
    [
        date(2021, 1, 4),
        date(2023, 1, 2),
        date(2025, 1, 2),
        date(2026, 1, 2),
        date(2027, 1, 4),
    ],
)
def test_the_first_session_of_a_year_opens_at_ten(day: date) -> None:
    following = CALENDAR.next(day)

    assert CALENDAR.session_on(day) == TradingSession(day, FIRST_SESSION_HOURS)
    assert following.hours == USUAL_HOURS


@pytest.mark.parametrize(
    "day",
    [
        date(2017, 11, 16),
        date(2017, 11, 23),
        date(2020, 12, 3),
        date(2025, 11, 13),
        date(2026, 11, 19),
    ],
)
def test_the_exams_day_is_an_hour_late(day: date) -> None:
    assert CALENDAR.session_on(day) == TradingSession(day, EXAM_DAY_HOURS)


# 2026-08-15 is a Saturday and Monday 17 its substitute: 08-14 trades, then 08-18.
LATEST = [
    ("2026-08-14T08:59:59", Venue.ALL, date(2026, 8, 13)),
    ("2026-08-14T08:59:59", Venue.KRX, date(2026, 8, 13)),
    ("2026-08-14T07:59:59", Venue.NXT, date(2026, 8, 13)),
    ("2026-08-14T08:00:00", Venue.NXT, date(2026, 8, 14)),
    ("2026-08-14T09:00:00", Venue.ALL, date(2026, 8, 14)),
    ("2026-08-14T23:00:00", Venue.ALL, date(2026, 8, 14)),
    ("2026-08-15T12:00:00", Venue.ALL, date(2026, 8, 14)),
    ("2026-08-17T12:00:00", Venue.KRX, date(2026, 8, 14)),
    ("2026-08-18T08:30:00", Venue.ALL, date(2026, 8, 14)),
    ("2026-11-19T09:59:59", Venue.KRX, date(2026, 11, 18)),
    ("2026-11-19T09:59:59", Venue.NXT, date(2026, 11, 18)),
    ("2026-11-19T10:00:00", Venue.KRX, date(2026, 11, 19)),
    ("2026-01-02T09:30:00", Venue.ALL, date(2025, 12, 30)),
]


@pytest.mark.parametrize(("at", "venue", "day"), LATEST)
def test_the_latest_session_is_the_last_that_opened(
    at: str, venue: Venue, day: date
) -> None:
    assert CALENDAR.latest(seoul(at), venue).day == day


def test_the_latest_session_is_seouls_wherever_the_caller_is() -> None:
    # 09:00 in Seoul on the 14th is still the 13th in New York.
    at = datetime.fromisoformat("2026-08-13T20:00:00-04:00")

    assert CALENDAR.latest(at, Venue.KRX).day == date(2026, 8, 14)


@pytest.mark.parametrize("at", ["2025-02-28T12:00:00", "2025-03-04T09:59:59"])
def test_nextrade_has_no_latest_session_before_its_first(at: str) -> None:
    with pytest.raises(InvalidRequestError):
        CALENDAR.latest(seoul(at), Venue.NXT)


def test_nextrades_first_session_is_its_latest_once_open() -> None:
    first = CALENDAR.latest(seoul("2025-03-04T10:00:00"), Venue.NXT)

    assert first.day == date(2025, 3, 4)


def test_neighbours_skip_weekends_and_holidays() -> None:
    # Chuseok 2025 with 10-03, its substitute and 10-09: closed for seven days running.
    assert CALENDAR.next(date(2025, 10, 2)).day == date(2025, 10, 10)
    assert CALENDAR.previous(date(2025, 10, 10)).day == date(2025, 10, 2)
    assert CALENDAR.next(date(2025, 10, 5)).day == date(2025, 10, 10)


def test_making_a_calendar_does_not_load_the_library() -> None:
    code = (
        "import sys; from adapters.calendar.krx import KrxCalendar; KrxCalendar();"
        "sys.exit('holidays' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603

    assert done.returncode == 0


days = st.dates(min_value=date(2011, 1, 10), max_value=date(2029, 12, 1))


@given(days)
def test_next_and_previous_undo_each_other(day: date) -> None:
    session = CALENDAR.next(day)

    assert CALENDAR.next(CALENDAR.previous(session.day).day) == session
    assert CALENDAR.previous(CALENDAR.next(session.day).day) == session


@given(days, st.times(), st.sampled_from([Venue.ALL, Venue.KRX]))
def test_the_latest_session_is_open_and_the_one_after_is_not(
    day: date, clock: time, venue: Venue
) -> None:
    at = datetime.combine(day, clock, KST)

    latest = CALENDAR.latest(at, venue)

    assert opens_at(latest, venue) <= at < opens_at(CALENDAR.next(latest.day), venue)
