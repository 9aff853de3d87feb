"""How long figures serve."""

from datetime import date, timedelta

import pytest

from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.session import Phase
from tests.builders import BEFORE, SESSION, at, frame
from tests.fakes import FakeCalendar, FakeClock

SATURDAY = date(2026, 8, 22)


def judge(clock: str, day: date = SESSION) -> Timeliness:
    return Timeliness(
        clock=FakeClock(at(clock, day)),
        calendar=FakeCalendar(closed=[date(2026, 8, 21)]),
    )


def swept(clock: str, *, venue: Venue = Venue.KRX, final: bool = False) -> MarketFrame:
    return frame({}, venue=venue, as_of=at(clock), is_final=final)


@pytest.mark.parametrize(
    ("now", "fresh", "servable"),
    [
        ("10:30:00", True, True),
        ("10:31:00", True, True),
        ("10:31:00.001", False, True),
        ("10:35:00", False, True),
        ("10:35:00.001", False, False),
        ("10:29:00", False, False),  # a clock that was set back
    ],
)
def test_a_frame_is_fresh_for_a_minute_and_serves_for_five(
    now: str, *, fresh: bool, servable: bool
) -> None:
    seen = swept("10:30")

    assert judge(now).is_fresh(seen) is fresh
    assert judge(now).is_servable(seen) is servable


@pytest.mark.parametrize(
    ("swept_at", "now"), [("15:19:59", "15:20:01"), ("15:29:59", "15:30:01")]
)
def test_a_phase_edge_makes_a_frame_not_servable(swept_at: str, now: str) -> None:
    assert not judge(now).is_servable(swept(swept_at))


def test_a_sweep_across_a_phase_edge_is_not_of_the_phase_after() -> None:
    seen = frame({}, as_of_from=at("15:29:55"), as_of=at("15:30:03"))

    assert not judge("15:30:50").is_servable(seen)


def test_final_figures_with_gaps_are_asked_for_again_after_ten_minutes() -> None:
    seen = frame({"005930": None}, as_of=at("20:11"), is_final=True)

    assert judge("20:21").is_fresh(seen)
    assert not judge("20:22").is_fresh(seen)
    assert judge("20:22").is_servable(seen)


def test_a_frame_of_a_day_to_come_is_never_served() -> None:
    seen = frame({}, session=date(2027, 1, 5), as_of=at("18:11"), is_final=True)

    assert not judge("18:30").is_servable(seen)


def test_a_final_frame_holds_until_the_next_open() -> None:
    seen = swept("18:11", final=True)

    assert judge("23:59").is_fresh(seen)
    assert judge("12:00", SATURDAY).is_fresh(seen)
    assert judge("08:59", date(2026, 8, 24)).is_fresh(seen)
    assert not judge("09:00", date(2026, 8, 24)).is_servable(seen)


def test_before_the_open_only_final_figures_hold() -> None:
    assert not judge("08:59", date(2026, 8, 24)).is_servable(swept("17:00"))


def test_after_the_close_of_everything_provisional_figures_do_not_hold() -> None:
    assert not judge("18:10").is_servable(swept("18:09:59"))
    assert not judge("12:00", SATURDAY).is_servable(swept("17:00"))


def test_the_session_due_is_the_last_that_opened() -> None:
    assert judge("08:59").due(Venue.KRX).day == BEFORE
    assert judge("08:00").due(Venue.NXT).day == SESSION
    assert judge("08:59").due(Venue.ALL).day == BEFORE
    assert judge("09:00").due(Venue.ALL).day == SESSION
    assert judge("12:00", SATURDAY).due(Venue.ALL).day == SESSION


def test_a_sessions_morning_is_quiet_and_a_holiday_is_not() -> None:
    assert judge("00:00").is_quiet(Venue.KRX)
    assert judge("08:59:59").is_quiet(Venue.ALL)
    assert not judge("08:00").is_quiet(Venue.NXT)
    assert not judge("09:00").is_quiet(Venue.ALL)
    assert not judge("08:00", SATURDAY).is_quiet(Venue.KRX)
    before_nxt = judge("08:00", date(2025, 2, 27))
    assert not before_nxt.is_quiet(Venue.NXT)


def test_phases_are_asked_of_the_calendar() -> None:
    assert judge("10:30").phase(Venue.KRX) is Phase.REGULAR
    assert judge("10:30").phase(Venue.KRX, at("15:25")) is Phase.CLOSING_AUCTION
    assert judge("10:30", SATURDAY).phase(Venue.KRX) is Phase.HOLIDAY


def test_age_counts_from_the_end_of_the_sweep_and_is_never_negative() -> None:
    assert judge("10:31").age(swept("10:30")) == timedelta(seconds=60)
    assert judge("10:29").age(swept("10:30")) == timedelta()
