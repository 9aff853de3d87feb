"""When a pool is due, to the second."""

from datetime import date, datetime, timedelta

import pytest

from application.sweep_plan import SweepPlan
from application.sweeping import Pool
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.listing import Venue
from tests.application.watch_scene import KRX_PRODUCTS, KRX_STOCKS, NXT_STOCKS
from tests.builders import BEFORE, SESSION, at, frame
from tests.fakes import FakeCalendar, FakeClock


def plan(clock: str, day: date = SESSION) -> SweepPlan:
    now = FakeClock(at(clock, day))
    return SweepPlan(timeliness=Timeliness(clock=now, calendar=FakeCalendar()))


def taken(clock: str, pool: Pool = KRX_STOCKS, session: date = SESSION) -> MarketFrame:
    """A frame that ended then, today, after six seconds."""
    end = at(clock)
    return frame(
        {"000001": 1},
        venue=pool[0],
        kinds=pool[1],
        session=session,
        as_of=end,
        as_of_from=end - timedelta(seconds=6),
    )


def due(
    now: str, held: MarketFrame | None, pool: Pool = KRX_STOCKS, *, asked: bool = False
) -> datetime | None:
    return plan(now).due(pool, held, is_asked=asked)


def test_a_sweep_begins_so_early_that_it_ends_within_a_minute() -> None:
    planned = plan("10:00:10")
    # 60 seconds less two to spare, and eight where none was measured
    held = taken("10:00:06")
    assert planned.due(KRX_STOCKS, held, is_asked=False) == at("10:00:56")
    for seconds in (4.0, 5.0, 3.0):
        planned.took(KRX_STOCKS, seconds)
    assert planned.due(KRX_STOCKS, held, is_asked=False) == at("10:00:59")


def test_only_the_last_five_sweeps_count() -> None:
    planned = plan("10:00:10")
    for seconds in (20.0, 4.0, 4.0, 4.0, 4.0, 4.0):
        planned.took(KRX_STOCKS, seconds)
    held = taken("10:00:06")
    assert planned.due(KRX_STOCKS, held, is_asked=False) == at("10:01:00")


def test_sweeps_that_take_minutes_leave_half_a_minute_between() -> None:
    planned = plan("10:00:10")
    planned.took(KRX_STOCKS, 100.0)
    held = taken("10:00:06")
    assert planned.due(KRX_STOCKS, held, is_asked=False) == at("10:00:36")


@pytest.mark.parametrize(
    ("now", "held"),
    [
        ("15:19:40", "15:19:30"),  # the closing auction begins
        ("15:29:40", "15:29:30"),
        ("15:39:40", "15:39:30"),
    ],
)
def test_a_turn_of_the_phase_is_waited_for_to_the_second(now: str, held: str) -> None:
    turn = at(now).replace(second=0) + timedelta(minutes=1)
    assert due(now, taken(held)) == turn
    assert due(f"{turn:%H:%M:%S}", taken(held)) == turn


def test_a_frame_that_spans_a_turn_is_due_again() -> None:
    assert due("15:30:10", taken("15:30:04")) == at("15:30:10")


@pytest.mark.parametrize("pool", [KRX_STOCKS, KRX_PRODUCTS])
def test_a_frame_that_still_is_of_the_day_before_is_due_again(pool: Pool) -> None:
    held = taken("09:00:10", pool, session=BEFORE)
    assert due("09:00:20", held, pool) == at("09:00:20")


def test_products_are_due_with_each_five_minutes_unless_they_are_asked_for() -> None:
    held = taken("10:03:20", KRX_PRODUCTS)
    assert due("10:03:30", held, KRX_PRODUCTS) == at("10:05:00")
    assert due("10:03:30", held, KRX_PRODUCTS, asked=True) == at("10:04:10")


@pytest.mark.parametrize(
    ("now", "pool", "expected"),
    [
        ("07:00", KRX_STOCKS, "09:00"),
        ("08:30", KRX_STOCKS, "09:00"),
        ("07:00", NXT_STOCKS, "08:00"),
        ("08:00", NXT_STOCKS, "08:00"),
        ("18:09:59", KRX_STOCKS, "18:09:59"),
        ("18:10", KRX_STOCKS, None),
        ("18:10", NXT_STOCKS, "18:10"),
        ("20:10", NXT_STOCKS, None),
    ],
)
def test_a_venue_is_swept_from_its_first_trades_to_its_last(
    now: str, pool: Pool, expected: str | None
) -> None:
    assert due(now, None, pool) == (at(expected) if expected else None)


def test_before_nxt_existed_only_krx_is_swept() -> None:
    planned = plan("10:00", date(2024, 8, 20))
    assert planned.due(NXT_STOCKS, None, is_asked=False) is None
    assert planned.runs(Venue.KRX)
