"""What the health check sees of the watcher; it never calls anybody."""

from application.ports.health import Check, State
from application.watcher_probe import WatcherProbe
from domain.errors import MarketDataUnavailableError
from tests.application.past_fakes import OneLease
from tests.application.watch_scene import KRX_STOCKS, NXT_STOCKS, Watch
from tests.builders import BEFORE, SESSION

BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")


async def probed(watch: Watch) -> Check:
    calls = len(watch.market.swept)
    check = await WatcherProbe(watch.watcher)()
    assert len(watch.market.swept) == calls
    assert check.name == "watcher"
    return check


async def test_a_process_that_never_watches_is_well() -> None:
    check = await probed(Watch(begins="10:00"))
    assert (check.state, check.since) == (State.HEALTHY, None)
    assert check.detail == "이 프로세스는 질문이 올 때만 시세를 모읍니다."


async def test_a_watcher_says_how_old_its_frame_is() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:05")
        watch.market.frames[KRX_STOCKS].append(
            watch.market.frame(KRX_STOCKS, watch.clock.now())
        )
        watch.clock.advance(12)
        check = await probed(watch)
    assert check.state is State.HEALTHY
    assert check.detail == "시세를 새로 모으고 있습니다. 마지막 시세 12초 전"


async def test_it_is_well_out_of_hours_and_while_another_process_watches() -> None:
    night = Watch(begins="22:00")
    async with night.running() as time:
        await time.until("22:30")
        idle = await probed(night)
    second = Watch(begins="10:00", lease=OneLease(is_free=False))
    async with second.running() as time:
        await time.until("10:30")
        elsewhere = await probed(second)
    assert (idle.state, elsewhere.state) == (State.HEALTHY, State.HEALTHY)
    assert idle.detail == "거래 시간이 아니어서 쉬고 있습니다."
    assert elsewhere.detail == "다른 프로세스가 시세를 새로 모으고 있습니다."


async def test_a_failing_source_degrades_and_five_minutes_of_it_are_unhealthy() -> None:
    watch = Watch(begins="10:00")
    async with watch.running() as time:
        await time.until("10:03")
        watch.market.fails = {KRX_STOCKS: BROKEN, NXT_STOCKS: BROKEN}
        await time.until("10:06")
        resting = await probed(watch)
        await time.until("10:12")
        dead = await probed(watch)
        watch.market.fails.clear()
        await time.until("10:14")
        well = await probed(watch)
    assert resting.state is State.DEGRADED
    assert str(BROKEN) in resting.detail
    assert dead.state is State.UNHEALTHY
    assert "새 시세가 없습니다" in dead.detail
    assert well.state is State.HEALTHY


async def test_the_night_before_an_opening_does_not_count() -> None:
    watch = Watch(begins="20:15", day=BEFORE)
    watch.market.frames[NXT_STOCKS].append(
        watch.market.frame(NXT_STOCKS, watch.clock.now())
    )
    watch.market.fails = {NXT_STOCKS: BROKEN}
    watch.clock.set("07:50", SESSION)
    async with watch.running() as time:
        await time.until("08:04")
        check = await probed(watch)
    assert check.state is State.DEGRADED


async def test_one_crash_degrades_and_two_in_a_row_are_unhealthy() -> None:
    watch = Watch(begins="10:00")
    watch.market.fails[KRX_STOCKS] = ZeroDivisionError()
    async with watch.running() as time:
        await time.until("10:00")
        once = await probed(watch)
        await time.until("10:00:02")
        twice = await probed(watch)
    assert (once.state, twice.state) == (State.DEGRADED, State.UNHEALTHY)
    assert "ZeroDivisionError" in twice.detail
