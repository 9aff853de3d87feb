"""What is served when sweeps fail, come late or run back."""

import asyncio
from datetime import date, timedelta

import pytest

from application.timeliness import Freshness
from domain.errors import MarketDataUnavailableError
from tests.application.scene import (
    ALL,
    BROKEN,
    IMPATIENT,
    KRX,
    Scene,
    settled,
    values,
)

FRIDAY, SATURDAY, MONDAY = date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 24)


# -- failures ----------------------------------------------------------------------


async def test_a_failed_sweep_leaves_the_last_frame_with_the_reason() -> None:
    scene = Scene()
    first = await scene.market.seen(KRX)
    scene.quotes.fails["sweep"] = BROKEN
    scene.clock.advance(301)

    sighting = await scene.market.seen(KRX)

    assert sighting.frame is first.frame
    assert sighting.stale
    assert str(BROKEN) in sighting.reason
    assert scene.market.failure(KRX) is BROKEN


async def test_after_a_success_the_failure_is_forgotten() -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = BROKEN
    with pytest.raises(MarketDataUnavailableError):
        await scene.market.seen(KRX)
    scene.quotes.fails.clear()

    sighting = await scene.market.seen(KRX)

    assert (sighting.stale, sighting.reason) == (False, "")
    assert scene.market.failure(KRX) is None


async def test_a_failed_refresh_behind_marks_what_is_served() -> None:
    scene = Scene()
    await scene.market.seen(KRX)
    scene.quotes.fails["sweep"] = BROKEN
    scene.clock.advance(61)

    assert not (await scene.market.seen(KRX)).stale
    await settled()
    sighting = await scene.market.seen(KRX)

    assert sighting.stale
    assert str(BROKEN) in sighting.reason
    assert scene.market.failure(KRX) is BROKEN


async def test_with_nothing_held_the_failure_is_the_answer() -> None:
    scene = Scene()
    scene.quotes.fails["sweep NXT"] = BROKEN

    with pytest.raises(MarketDataUnavailableError) as caught:
        await scene.market.seen(ALL)

    assert caught.value is BROKEN
    assert caught.value.retry_after == 7


async def test_what_just_failed_is_not_tried_again_at_once() -> None:
    scene = Scene(freshness=Freshness(retry=timedelta(seconds=60)))
    scene.quotes.fails["sweep"] = BROKEN

    for _ in range(3):
        with pytest.raises(MarketDataUnavailableError):
            await scene.market.seen(KRX)

    assert scene.sweeps == {"KRX": 1}


async def test_past_its_patience_a_caller_is_told_when_to_come_again() -> None:
    scene = Scene()
    scene.quotes.gates["sweep"] = asyncio.Event()

    with pytest.raises(MarketDataUnavailableError, match="모으는 중") as caught:
        await scene.market.seen(KRX, patience=IMPATIENT)

    assert caught.value.retry_after == 10
    scene.quotes.gates["sweep"].set()
    await settled()
    assert not (await scene.market.seen(KRX)).stale
    assert scene.sweeps == {"KRX": 1}


async def test_past_its_patience_the_last_frame_goes_out_and_work_goes_on() -> None:
    scene = Scene()
    await scene.market.seen(KRX)
    scene.quotes.gates["sweep"] = asyncio.Event()
    scene.clock.advance(301)

    sighting = await scene.market.seen(KRX, patience=IMPATIENT)
    scene.quotes.gates["sweep"].set()
    await settled()

    assert sighting.stale
    assert "모으는 중" in sighting.reason
    assert not (await scene.market.seen(KRX)).stale
    assert scene.sweeps == {"KRX": 2}


async def test_a_sweep_that_runs_back_never_replaces_a_frame() -> None:
    scene = Scene()
    first = await scene.market.seen(KRX)
    scene.moves(k000660=1_000, k196170=1_000)
    scene.clock.advance(301)

    sighting = await scene.market.seen(KRX)

    assert sighting.frame is first.frame
    assert sighting.stale


async def test_a_lost_code_keeps_its_last_value_of_the_session() -> None:
    scene = Scene()
    await scene.market.seen(KRX)
    scene.quotes.lost = {"000660"}
    scene.clock.advance(301)

    sighting = await scene.market.seen(KRX)

    assert values(sighting.frame)["000660"] == 700_000
    assert sighting.frame.carried.sum() == 1
