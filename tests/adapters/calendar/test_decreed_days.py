"""The tables of decreed days are put to use, and hold weekdays only."""

from datetime import date

import pytest

from adapters.calendar import krx
from adapters.calendar.decreed_days import EXAM_DAYS, EXTRA_CLOSED, EXTRA_OPEN


def test_extra_days_change_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    friday, liberation_day = date(2026, 8, 21), date(2026, 8, 17)
    monkeypatch.setattr(krx, "EXTRA_CLOSED", frozenset({friday}))
    monkeypatch.setattr(krx, "EXTRA_OPEN", frozenset({liberation_day}))
    calendar = krx.KrxCalendar()

    assert calendar.session_on(friday) is None
    assert calendar.session_on(liberation_day) is not None


def test_every_exam_is_held_on_a_session() -> None:
    calendar = krx.KrxCalendar()

    assert [day for day in sorted(EXAM_DAYS) if calendar.session_on(day) is None] == []
    assert not EXTRA_OPEN & EXTRA_CLOSED
