"""The watcher: how often it sweeps what, over days that pass in a moment."""

from datetime import date, timedelta

import pytest

from application.archive_slots import FIVE_MINUTES, slot_of
from application.sweep_plan import POOLS
from application.sweeping import Pool
from application.watcher_state import Mood
from domain.errors import MarketDataUnavailableError
from domain.session import EXAM_DAY_HOURS, TradingSession
from tests.application.past_fakes import OneLease
from tests.application.watch_scene import (
    KRX_PRODUCTS,
    KRX_STOCKS,
    NXT_PRODUCTS,
    NXT_STOCKS,
    Watch,
)
from tests.builders import BEFORE, SESSION, at
from tests.fakes import FakeCalendar

BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")
NEXT = date(2026, 8, 21)
SATURDAY = date(2026, 8, 22)
MONDAY = date(2026, 8, 24)


@pytest.fixture(scope="module")
async def day() -> Watch:
    """A usual day from 07:00 to 21:00; to be looked at, not to be run."""
    watch = Watch()
    async with watch.running() as time:
        await time.until("21:00")
    return watch


# -- how often -----------------------------------------------------------------------


async def test_stocks_are_swept_about_once_a_minute_while_their_venue_trades(
    day: Watch,
) -> None:
    krx, nxt = day.hours(KRX_STOCKS), day.hours(NXT_STOCKS)
    # KRX is final at 18:10, NXT at 20:10, and each has its final sweep then.
    assert list(krx) == list(range(9, 19))
    assert list(nxt) == list(range(8, 21))
    # A sweep ends 58 seconds after the one before: 62 an hour.
    assert all(62 <= krx[hour] <= 64 for hour in range(9, 18)), krx
    assert all(62 <= nxt[hour] <= 64 for hour in range(8, 20)), nxt
    assert 10 <= krx[18] <= 13
    assert 10 <= nxt[20] <= 13


async def test_products_that_nobody_asks_for_are_swept_every_five_minutes(
    day: Watch,
) -> None:
    # Twelve an hour, those that begin at 0 and 5, and the final one.
    assert day.hours(KRX_PRODUCTS) == dict.fromkeys(range(9, 18), 12) | {18: 3}
    assert day.hours(NXT_PRODUCTS) == dict.fromkeys(range(8, 20), 12) | {20: 3}


@pytest.mark.parametrize("pool", [KRX_STOCKS, NXT_STOCKS])
async def test_questions_hardly_meet_a_frame_older_than_a_minute(
    day: Watch, pool: Pool
) -> None:
    gaps = day.gaps(pool)
    # Now and then the sweeps of products, three seconds, come between.
    assert max(gaps) <= 63
    assert sum(gap > 60 for gap in gaps) < len(gaps) / 20


async def test_every_archive_slot_of_the_session_gets_a_frame(day: Watch) -> None:
    minutes = {at("09:00") + n * timedelta(minutes=1) for n in range(30)}
    fives = {at("09:00") + n * timedelta(minutes=5) for n in range(79)}  # to 15:30
    ends = [frame.as_of for frame in day.market.frames[KRX_STOCKS]]
    funds = [frame.as_of for frame in day.market.frames[KRX_PRODUCTS]]
    session = TradingSession(SESSION)
    assert minutes <= {slot_of(end, session) for end in ends}
    assert fives <= {slot_of(end, session) for end in ends}
    assert fives <= {end - (end - at("00:00")) % FIVE_MINUTES for end in funds}


@pytest.mark.parametrize("clock", ["09:00", "15:20", "15:30", "15:40", "18:10"])
async def test_each_turn_of_a_phase_is_swept_at_once(day: Watch, clock: str) -> None:
    begun = [x for x in day.begun(KRX_STOCKS) if x >= at(clock)]
    # Another sweep may be under way, and another one come before it.
    assert begun[0] - at(clock) < timedelta(seconds=15)


@pytest.mark.parametrize("day_off", [SATURDAY, MONDAY])
async def test_on_days_without_a_session_nothing_is_called(day_off: date) -> None:
    watch = Watch(day=day_off, calendar=FakeCalendar(closed=[MONDAY]))
    async with watch.running() as time:
        await time.until("20:30")
    assert watch.market.swept == []
    assert watch.shown == []


@pytest.mark.parametrize("pool", [KRX_STOCKS, NXT_STOCKS])
async def test_a_late_exam_day_opens_late(pool: Pool) -> None:
    watch = Watch(calendar=FakeCalendar(hours={SESSION: EXAM_DAY_HOURS}))
    async with watch.running() as time:
        await time.until("10:01")
    late = watch.begun(pool)[0] - at("10:00")
    assert timedelta() <= late < timedelta(seconds=15)


async def test_a_late_exam_day_closes_late() -> None:
    late = FakeCalendar(hours={SESSION: EXAM_DAY_HOURS})
    watch = Watch(begins="15:29", calendar=late)
    async with watch.running() as time:
        await time.until("16:31")
    frames = watch.market.frames[KRX_STOCKS]
    assert max(watch.gaps(KRX_STOCKS)) <= 63
    assert any(at("16:30") <= x.as_of < at("16:30:20") for x in frames)


async def test_nothing_is_called_between_the_final_frames_and_the_next_open() -> None:
    watch = Watch(begins="20:00")
    watch.market.frames[KRX_STOCKS].append(
        watch.market.frame(KRX_STOCKS, watch.clock.now())
    )
    async with watch.running() as time:
        await time.until("20:30")
        count = len(watch.market.swept)
        assert watch.market.frames[KRX_STOCKS][-1].is_final
        assert watch.market.frames[NXT_STOCKS][-1].is_final
        await time.until("07:59:45", NEXT)
        assert len(watch.market.swept) == count
        assert watch.watcher.state.mood is Mood.IDLE
        await time.until("08:00:10", NEXT)
    assert watch.begun(NXT_STOCKS)[-1] == at("08:00", NEXT)


async def test_products_that_are_asked_for_are_swept_like_stocks_for_ten_minutes() -> (
    None
):
    watch = Watch(begins="10:01")
    async with watch.running() as time:
        await time.until("10:30")
        watch.asked[KRX_PRODUCTS] = time.seconds
        await time.until("10:55")
    begun = watch.begun(KRX_PRODUCTS)
    asked = [x for x in begun if at("10:30") < x < at("10:40")]
    # every 58 seconds of ten minutes, and then every five minutes again
    assert 9 <= len(asked) <= 12
    assert len([x for x in begun if at("10:41") < x]) == 3


async def test_sweeps_of_a_slow_source_follow_each_other_and_none_is_left_out() -> None:
    watch = Watch(begins="10:00")
    watch.market.lasts = {KRX_STOCKS: 40.0, NXT_STOCKS: 10.0, KRX_PRODUCTS: 20.0}
    async with watch.running() as time:
        await time.until("11:00")
    assert max(watch.gaps(KRX_STOCKS)) <= 90
    assert max(watch.gaps(NXT_STOCKS)) <= 120
    assert len(watch.begun(KRX_PRODUCTS)) in (12, 13)


async def test_a_clock_that_is_set_is_noticed_within_ten_seconds() -> None:
    watch = Watch(begins="23:00")
    async with watch.running() as time:
        await time.until("23:30")
        watch.clock.set("10:00", NEXT)
        await time.until("10:00:11", NEXT)
    assert watch.begun(KRX_STOCKS)
    assert max(time.slept) <= 10


async def test_a_holiday_that_nobody_listed_is_asked_about_once_a_minute() -> None:
    watch = Watch(begins="10:00")
    watch.market.is_dead = True
    async with watch.running() as time:
        await time.until("10:59:30")
    # A try in vain takes 6 seconds, and a minute's pause follows it.
    assert 50 <= len(watch.begun(KRX_STOCKS)) <= 55


async def test_quotes_of_the_day_before_are_asked_for_again_in_five_seconds() -> None:
    watch = Watch(begins="08:59:50")
    watch.market.lasts = {}
    watch.market.shows = BEFORE
    async with watch.running() as time:
        await time.until("09:00:53")
        late = watch.begun(KRX_STOCKS)
        assert late == [at("09:00") + n * timedelta(seconds=5) for n in range(12)]
        watch.market.shows = None
        await time.until("09:01:30")
    assert len(watch.begun(KRX_STOCKS)) == 13


# -- what a frame sets off -----------------------------------------------------------


async def test_another_due_day_lets_the_answers_go_once(day: Watch) -> None:
    # KRX opens: the newest session is another one.
    [(prefix, when)] = day.forgotten
    assert prefix == "answer:"
    assert timedelta() <= when - at("09:00") < timedelta(seconds=15)


async def test_a_process_that_starts_within_a_session_forgets_nothing() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:30")
    assert watch.forgotten == []


async def test_a_follower_that_takes_over_after_the_turn_forgets_too() -> None:
    watch = Watch(begins="08:30", lease=OneLease(is_free=False))
    async with watch.running() as time:
        await time.until("09:30")
        assert watch.forgotten == []
        watch.lease.is_free = True
        await time.until("09:31")
    assert len(watch.forgotten) == 1


async def test_every_frame_of_the_day_is_shown_once(day: Watch) -> None:
    frames = [frame for frames in day.market.frames.values() for frame in frames]
    assert len(day.shown) == len(frames) > 1000
    assert {id(frame) for frame in day.shown} == {id(frame) for frame in frames}
    assert sum(frame.is_final for frame in day.shown) == len(POOLS)


async def test_what_another_process_swept_is_shown_and_counts_as_swept() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:00:30")
        other = watch.market.frame(KRX_STOCKS, watch.clock.now())
        watch.market.published[KRX_STOCKS] = other
        count = len(watch.begun(KRX_STOCKS))
        await time.until("10:01:10")
    assert any(frame is other for frame in watch.shown)
    assert len(watch.begun(KRX_STOCKS)) == count


async def test_the_last_sessions_frames_are_not_shown() -> None:
    watch = Watch(begins="21:00", day=BEFORE)
    for pool in POOLS:
        watch.market.frames[pool].append(watch.market.frame(pool, watch.clock.now()))
    watch.market.fails = dict.fromkeys(POOLS, BROKEN)
    watch.clock.set("09:30", SESSION)
    async with watch.running() as time:
        await time.until("09:31")
        assert watch.shown == []
        watch.market.fails.clear()
        await time.until("09:34")
    assert {frame.session for frame in watch.shown} == {SESSION}


async def test_a_hook_that_fails_is_logged_and_the_watching_goes_on() -> None:
    watch = Watch(begins="08:59")
    watch.broken = ZeroDivisionError()
    async with watch.running() as time:
        await time.until("09:30")
        assert watch.watcher.state.mood is Mood.WATCHING
    events = [event for event, _ in watch.journal.said]
    assert events.count("watcher.not_forgotten") == 1
    assert events.count("watcher.frame_not_seen") == len(watch.shown)
    assert len(watch.shown) > 60
    assert not watch.journal.crashes


async def test_the_leaders_profiles_are_wanted_after_each_frame_of_krx() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:30")
    assert len(watch.wanted) == len(watch.market.frames[KRX_STOCKS])
    assert watch.wanted[0] == ["000001"]


# -- how it says it is ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "mood"),
    [("07:59", Mood.IDLE), ("08:01", Mood.WATCHING), ("20:20", Mood.IDLE)],
)
async def test_it_watches_while_any_venue_trades(clock: str, mood: Mood) -> None:
    watch = Watch(begins="20:00" if clock > "20:00" else "07:00")
    assert watch.watcher.state.mood is Mood.OFF
    async with watch.running() as time:
        await time.until(clock)
        assert watch.watcher.state.mood is mood


async def test_it_knows_since_when_and_its_last_frame() -> None:
    watch = Watch()
    async with watch.running() as time:
        await time.until("08:30")
        state = watch.watcher.state
    assert state.since == state.watched_from
    assert state.since is not None
    assert at("08:00") <= state.since < at("08:00:10")
    assert state.last_frame == watch.market.frames[NXT_STOCKS][-1].as_of
