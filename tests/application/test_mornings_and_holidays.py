"""Before the open, and on days that do not trade as the calendar said."""

from datetime import date

import pytest

from domain.errors import MarketDataUnavailableError
from domain.listing import Venue
from domain.session import EXAM_DAY_HOURS
from tests.application.scene import (
    ALL,
    BROKEN,
    KRX,
    NXT,
    Scene,
    settled,
)
from tests.builders import BEFORE, SESSION, witness
from tests.fakes import FakeCalendar

FRIDAY, SATURDAY, MONDAY = date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 24)


# -- before the open ---------------------------------------------------------------


@pytest.mark.parametrize("clock", ["00:10", "08:30", "08:59:59"])
async def test_before_the_open_the_kept_final_frame_answers(clock: str) -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.clock.set(clock)

    sighting = await scene.market.seen(ALL)
    await settled()

    assert (sighting.frame.session, sighting.frame.is_final) == (BEFORE, True)
    assert not sighting.stale
    assert not scene.quotes.calls


async def test_before_the_open_nothing_kept_is_an_error_naming_the_opening() -> None:
    scene = Scene()
    scene.clock.set("08:30")

    with pytest.raises(MarketDataUnavailableError, match="09:00에 열리고") as caught:
        await scene.market.seen(ALL)

    assert caught.value.retry_after == 30 * 60
    assert not scene.quotes.calls


async def test_on_a_late_day_the_error_names_the_late_opening() -> None:
    scene = Scene(calendar=FakeCalendar(hours={SESSION: EXAM_DAY_HOURS}))
    scene.clock.set("09:30")

    with pytest.raises(MarketDataUnavailableError, match="10:00에 열리고") as caught:
        await scene.market.seen(KRX)

    assert caught.value.retry_after == 30 * 60
    assert not scene.quotes.calls


async def test_nextrade_opens_an_hour_earlier() -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.clock.set("08:01")

    nxt = await scene.market.seen(NXT)
    both = await scene.market.seen(ALL)

    assert (nxt.frame.session, both.frame.session) == (SESSION, BEFORE)
    assert not both.stale
    assert scene.sweeps == {"NXT": 1}


async def test_before_the_open_a_provisional_frame_is_said_to_be_one() -> None:
    scene = Scene()
    await scene.final_of_before(clock="15:00")
    scene.clock.set("08:30")

    sighting = await scene.market.seen(KRX)

    assert sighting.stale
    assert "잠정" in sighting.reason
    assert not scene.quotes.calls


async def test_at_the_open_the_new_session_replaces_the_old() -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.clock.set("09:00:01")

    sighting = await scene.market.seen(ALL)

    assert sighting.frame.session == SESSION
    assert not sighting.stale


# -- days without trading ----------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "closed"), [(SATURDAY, ()), (FRIDAY, (FRIDAY,))], ids=["weekend", "holiday"]
)
async def test_on_a_day_without_trading_one_sweep_is_enough(
    day: date, closed: tuple[date, ...]
) -> None:
    last = SESSION if closed else FRIDAY
    scene = Scene(calendar=FakeCalendar(closed=closed))
    scene.quotes.day = last
    for clock in ("00:30", "08:30", "10:30", "23:59"):
        scene.clock.set(clock, day)
        sighting = await scene.market.seen(ALL)
        assert (sighting.frame.session, sighting.stale) == (last, False)
        assert sighting.frame.is_final

    assert scene.sweeps == {"KRX": 1, "NXT": 1}


async def test_only_the_venue_that_still_traded_is_swept_on_the_weekend() -> None:
    scene = Scene()
    scene.quotes.day = FRIDAY
    scene.clock.set("19:00", FRIDAY)
    assert not (await scene.market.seen(ALL)).frame.is_final
    for clock in ("10:00", "12:00"):
        scene.clock.set(clock, SATURDAY)
        assert (await scene.market.seen(ALL)).frame.is_final

    assert scene.sweeps == {"KRX": 1, "NXT": 2}  # KRX was final at 18:10


async def test_on_an_unlisted_holiday_the_last_session_answers_marked() -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.quotes.day = BEFORE  # the witnesses name the day before

    sighting = await scene.market.seen(ALL)

    assert (sighting.frame.session, sighting.frame.is_final) == (BEFORE, True)
    assert sighting.stale
    assert sighting.reason.startswith(f"{SESSION} 시세가 아직 없어")
    assert scene.sweeps == {}


async def test_an_unlisted_holiday_with_nothing_kept_costs_one_sweep() -> None:
    scene = Scene()
    scene.quotes.day = BEFORE

    for _ in range(3):
        sighting = await scene.market.seen(ALL)

    assert (sighting.frame.session, sighting.frame.is_final) == (BEFORE, True)
    assert sighting.stale
    assert scene.sweeps == {"KRX": 1, "NXT": 1}


async def test_a_late_reset_of_one_market_leaves_the_last_session_marked() -> None:
    scene = Scene()
    await scene.final_of_before()
    for code in ("086520", "196170"):
        scene.quotes.bars[code, Venue.KRX] = witness(code, session=BEFORE)

    sighting = await scene.market.seen(KRX)

    assert sighting.frame.session == BEFORE
    assert sighting.stale
    assert "새 거래일" in sighting.reason
    assert scene.sweeps == {}
    scene.quotes.bars.clear()
    assert (await scene.market.seen(KRX)).frame.session == SESSION


async def test_venues_of_two_sessions_are_never_added() -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.quotes.fails["sweep NXT"] = BROKEN

    sighting = await scene.market.seen(ALL)

    assert sighting.frame.session == BEFORE
    assert sighting.stale
    assert (await scene.market.seen(KRX)).frame.session == SESSION
