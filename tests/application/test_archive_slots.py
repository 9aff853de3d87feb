"""Which frames are archived: by the minute after the open, then every five."""

from datetime import date

import pytest

from application.archive_slots import keeps, slot_of
from domain.session import EXAM_DAY_HOURS, TradingSession
from tests.builders import SESSION, at, frame

USUAL = TradingSession(SESSION)
LATE = TradingSession(SESSION, EXAM_DAY_HOURS)


@pytest.mark.parametrize(
    ("clock", "slot"),
    [
        ("09:00:00", "09:00"),
        ("09:00:59", "09:00"),
        ("09:01:00", "09:01"),
        ("09:29:59", "09:29"),
        ("09:30:00", "09:30"),
        ("09:34:59", "09:30"),
        ("15:29:59", "15:25"),
        ("15:30:00", "15:30"),
        ("08:03:10", "08:00"),
        ("19:59:59", "19:55"),
    ],
)
def test_slots_are_a_minute_for_half_an_hour_and_then_five(
    clock: str, slot: str
) -> None:
    assert slot_of(at(clock), USUAL) == at(slot)


def test_on_a_late_day_the_busy_half_hour_is_late_too() -> None:
    assert slot_of(at("09:33"), LATE) == at("09:30")
    assert slot_of(at("10:13:30"), LATE) == at("10:13")
    assert slot_of(at("10:33:30"), LATE) == at("10:30")


@pytest.mark.parametrize(
    ("last", "as_of", "kept"),
    [
        (None, "10:30", True),
        ("09:05:08", "09:05:40", False),
        ("09:05:08", "09:06:08", True),
        ("09:29:50", "09:30:01", True),
        ("09:30:08", "09:34:58", False),
        ("09:30:08", "09:35:00", True),
        ("15:30:09", "15:31:00", False),
        ("15:30:09", "15:40:00", True),
        ("10:00:00", "09:55:00", False),
    ],
)
def test_the_first_frame_of_a_slot_is_kept(
    last: str | None, as_of: str, kept: bool
) -> None:
    taken = frame({"005930": 1}, as_of=at(as_of))
    assert keeps(taken, at(last) if last else None, USUAL) is kept


def test_a_final_frame_is_always_kept() -> None:
    final = frame({"005930": 1}, as_of=at("20:11"), is_final=True)
    assert keeps(final, at("20:10:30"), USUAL)


def test_a_slot_is_of_its_own_day() -> None:
    day = date(2026, 8, 21)
    assert slot_of(at("09:07:30", day), TradingSession(day)) == at("09:07", day)
