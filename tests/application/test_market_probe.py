"""What the health check sees of the market held; it never calls anybody."""

from datetime import date

import pytest

from application.market_probe import CalendarProbe, FrameProbe
from application.ports.health import State
from domain.errors import MarketDataUnavailableError
from tests.application.scene import ALL, BROKEN, Scene
from tests.builders import at


async def test_a_process_that_was_asked_nothing_is_well() -> None:
    scene = Scene()

    check = await FrameProbe(scene.market)()

    assert (check.state, check.since) == (State.HEALTHY, None)
    assert not scene.quotes.calls


async def test_held_figures_are_counted_with_their_age() -> None:
    scene = Scene()
    scene.quotes.lost = {"000660"}
    await scene.market.seen(ALL)
    scene.clock.advance(90)

    check = await FrameProbe(scene.market)()

    assert (check.state, check.since) == (State.HEALTHY, at("10:30"))
    # four stocks on KRX and two on NXT, one lost
    assert check.detail == "2026-08-20 시세 5/6건, 90초 전"


async def test_a_failure_over_held_figures_degrades() -> None:
    scene = Scene()
    await scene.market.seen(ALL)
    scene.quotes.fails["sweep"] = BROKEN
    scene.clock.advance(301)
    await scene.market.seen(ALL)

    check = await FrameProbe(scene.market)()

    assert check.state is State.DEGRADED
    assert str(BROKEN) in check.detail


async def test_a_failure_with_nothing_held_is_unhealthy() -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await scene.market.seen(ALL)

    check = await FrameProbe(scene.market)()

    assert (check.state, check.detail) == (State.UNHEALTHY, str(BROKEN))


@pytest.mark.parametrize(
    ("day", "clock", "said"),
    [
        (20, "10:30", "오늘은 거래일, 지금은 regular, 기준 거래일 2026-08-20"),
        (20, "08:30", "오늘은 거래일, 지금은 regular, 기준 거래일 2026-08-19"),
        (22, "12:00", "오늘은 휴장일, 지금은 holiday, 기준 거래일 2026-08-21"),
    ],
)
async def test_the_calendar_says_which_session_is_due(
    day: int, clock: str, said: str
) -> None:
    scene = Scene()
    scene.clock.set(clock, date(2026, 8, day))

    check = await CalendarProbe(scene.market)()

    assert check.state is State.HEALTHY
    assert check.detail == said


async def test_the_older_of_two_venues_counts() -> None:
    scene = Scene()
    await scene.market.seen(ALL)
    scene.quotes.fails["sweep NXT"] = BROKEN
    scene.clock.advance(600)
    await scene.market.seen(ALL)

    check = await FrameProbe(scene.market)()

    assert (check.state, check.since) == (State.DEGRADED, at("10:30"))
    assert check.detail.startswith("2026-08-20 시세 6/6건, 600초 전. 마지막 수집 실패")


async def test_a_sweep_that_succeeds_again_is_well() -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await scene.market.seen(ALL)
    scene.quotes.fails.clear()
    await scene.market.seen(ALL)

    assert (await FrameProbe(scene.market)()).state is State.HEALTHY
