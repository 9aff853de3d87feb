"""The watcher when things go wrong: failing sources, crashes, a lease that is lost."""

from application.sweep_plan import POOLS
from application.watcher_state import Mood
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.application.past_fakes import OneLease
from tests.application.watch_scene import KRX_STOCKS, NXT_STOCKS, Watch

BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")


# -- failures ------------------------------------------------------------------------


async def test_a_failing_pool_rests_twice_as_long_each_time_and_others_go_on() -> None:
    watch = Watch(begins="10:00")
    watch.market.fails[KRX_STOCKS] = BROKEN
    async with watch.running() as time:
        await time.until("10:05")
        assert watch.journal.rests()[:6] == [5, 10, 20, 40, 60, 60]
        state = watch.watcher.state
        assert (state.mood, state.error) == (Mood.RESTING, str(BROKEN))
        assert len(watch.begun(NXT_STOCKS)) >= 5
        watch.market.fails.clear()
        await time.until("10:07")
        assert watch.watcher.state.mood is Mood.WATCHING
        count = len(watch.journal.rests())
        watch.market.fails[KRX_STOCKS] = BROKEN
        await time.until("10:09")
    assert watch.journal.rests()[count:][:2] == [5, 10]


async def test_a_refusal_rests_the_longest_at_once() -> None:
    watch = Watch(begins="10:00")
    refused = MarketDataRefusedError("앱키가 틀립니다.", code="EGW00103")
    watch.market.fails = dict.fromkeys(POOLS, refused)
    async with watch.running() as time:
        await time.until("10:00:30")
    assert watch.journal.rests() == [60, 60, 60, 60]


async def test_a_crash_is_logged_and_the_loop_begins_anew_later_each_time() -> None:
    watch = Watch(begins="10:00")
    watch.market.fails[KRX_STOCKS] = ZeroDivisionError("division by zero")
    async with watch.running() as time:
        await time.until("10:05")
        crashes = watch.journal.crashes
        assert [one["rests_for"] for one in crashes[:8]] == [
            *(1, 2, 4, 8, 16, 32, 60, 60)
        ]
        assert crashes[0]["event"] == "watcher.crashed"
        assert crashes[0]["kind"] == "ZeroDivisionError"
        state = watch.watcher.state
        assert (state.mood, state.error) == (Mood.CRASHED, "ZeroDivisionError")
        assert state.crashes == len(crashes)
        assert state.restarts == len(crashes) - 1


async def test_after_five_good_minutes_a_crash_counts_as_the_first() -> None:
    watch = Watch(begins="10:00")
    watch.market.fails[KRX_STOCKS] = ZeroDivisionError()
    async with watch.running() as time:
        await time.until("10:01")
        watch.market.fails.clear()
        await time.until("10:08")
        begun = watch.watcher.state.watched_from
        assert (watch.watcher.state.mood, watch.watcher.state.crashes) == (
            Mood.WATCHING,
            0,
        )
        watch.market.fails[KRX_STOCKS] = ZeroDivisionError()
        await time.until("10:10")
        state = watch.watcher.state
    assert (state.mood, state.watched_from) == (Mood.CRASHED, begun)
    rests = [one["rests_for"] for one in watch.journal.crashes]
    assert rests[5:8] == [32, 60, 1]


async def test_a_crash_lets_another_process_watch() -> None:
    watch = Watch(begins="10:00")
    watch.market.fails[KRX_STOCKS] = ZeroDivisionError()
    async with watch.running() as time:
        await time.until("10:00")
        assert not watch.lease.held


# -- one of many ---------------------------------------------------------------------


async def test_who_does_not_get_the_lease_does_nothing_and_tries_again() -> None:
    watch = Watch(begins="08:50", lease=OneLease(is_free=False))
    async with watch.running() as time:
        await time.until("10:10")
        assert watch.market.swept == []
        assert (watch.shown, watch.forgotten) == ([], [])
        assert watch.watcher.state.mood is Mood.ELSEWHERE
        watch.lease.is_free = True
        await time.until("10:10:10")
    assert watch.begun(KRX_STOCKS)


async def test_who_loses_the_lease_stops_until_it_is_back() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:10")
        watch.lease.is_free = watch.lease.held = False
        count = len(watch.market.swept)
        await time.until("10:30")
        assert len(watch.market.swept) == count
        watch.lease.is_free = True
        await time.until("10:32")
    assert len(watch.market.swept) > count


async def test_who_is_ended_lets_the_lease_go() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:10")
    assert (watch.lease.held, watch.watcher.state.mood) == (False, Mood.OFF)
