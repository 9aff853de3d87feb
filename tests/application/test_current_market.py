"""One frame per venue and pool: when it is swept, shared and served."""

import asyncio
from datetime import date

import pytest

from domain.errors import MarketDataUnavailableError
from domain.listing import Kind
from domain.screening import Universe
from tests.application.scene import (
    ALL,
    FUNDS,
    IMPATIENT,
    KRX,
    Scene,
    settled,
    values,
)
from tests.builders import SESSION, at

FRIDAY, SATURDAY, MONDAY = date(2026, 8, 21), date(2026, 8, 22), date(2026, 8, 24)


# -- one sweep, however many ask ---------------------------------------------------


async def test_a_hundred_callers_cost_one_sweep() -> None:
    scene = Scene()

    seen = await asyncio.gather(*(scene.market.seen(ALL) for _ in range(100)))

    assert scene.sweeps == {"KRX": 1, "NXT": 1}
    assert scene.quotes.calls["newest_bar KRX"] == 4
    assert all(sighting.frame is seen[0].frame for sighting in seen)


async def test_a_cancelled_caller_kills_no_sweep() -> None:
    scene = Scene()
    scene.quotes.gates["sweep"] = asyncio.Event()
    leaving = asyncio.create_task(scene.market.seen(KRX))
    staying = asyncio.create_task(scene.market.seen(KRX))
    await settled()

    leaving.cancel()
    await asyncio.wait([leaving])
    scene.quotes.gates["sweep"].set()

    assert values((await staying).frame)["005930"] == 900_000
    assert leaving.cancelled()
    assert scene.sweeps == {"KRX": 1}


async def test_closing_ends_what_is_swept_behind() -> None:
    scene = Scene()
    scene.quotes.gates["sweep"] = asyncio.Event()
    with pytest.raises(MarketDataUnavailableError):
        await scene.market.seen(KRX, patience=IMPATIENT)

    await scene.market.close()
    scene.quotes.gates["sweep"].set()
    await settled()

    assert scene.market.newest(KRX) == (None,)


# -- age ---------------------------------------------------------------------------


async def test_a_fresh_frame_is_served_without_a_call() -> None:
    scene = Scene()
    first = await scene.market.seen(ALL)
    scene.quotes.calls.clear()
    scene.clock.advance(60)

    again = await scene.market.seen(ALL)
    await settled()

    assert again.frame is first.frame
    assert not scene.quotes.calls


@pytest.mark.parametrize("seconds", [60.5, 300])
async def test_an_older_frame_is_served_and_refreshed_behind(seconds: float) -> None:
    scene = Scene()
    await scene.market.seen(KRX)
    scene.moves(k005930=950_000)
    scene.clock.advance(seconds)

    served = await scene.market.seen(KRX)
    await settled()
    refreshed = await scene.market.seen(KRX)

    assert values(served.frame)["005930"] == 900_000
    assert not served.stale
    assert values(refreshed.frame)["005930"] == 950_000
    assert scene.sweeps == {"KRX": 2}


async def test_a_frame_older_than_five_minutes_is_waited_for() -> None:
    scene = Scene()
    await scene.market.seen(KRX)
    scene.moves(k005930=950_000)
    scene.clock.advance(300.5)

    sighting = await scene.market.seen(KRX)

    assert values(sighting.frame)["005930"] == 950_000
    assert not sighting.stale


async def test_a_phase_edge_makes_the_next_caller_wait() -> None:
    scene = Scene()
    scene.clock.set("15:29:59")
    await scene.market.seen(KRX)
    scene.clock.set("15:30:01")

    sighting = await scene.market.seen(KRX)

    assert sighting.frame.as_of == at("15:30:01")
    assert scene.sweeps == {"KRX": 2}


async def test_only_what_is_not_held_is_swept() -> None:
    scene = Scene()
    await scene.market.seen(KRX)

    seen = await scene.market.seen(ALL)

    assert scene.sweeps == {"KRX": 1, "NXT": 1}
    assert values(seen.frame)["005930"] == 1_000_000


async def test_funds_are_a_pool_of_their_own_even_where_nxt_has_none() -> None:
    scene = Scene()

    alone = await scene.market.seen(FUNDS)
    every = await scene.market.seen(Universe(kinds=frozenset(Kind)))

    assert values(alone.frame) == {"069500": 200_000}
    assert set(values(every.frame)) == {
        "000660",
        "005930",
        "069500",
        "086520",
        "196170",
    }
    assert scene.sweeps == {"KRX": 2, "NXT": 2}


# -- between processes and sessions ------------------------------------------------


async def test_every_published_frame_is_kept_and_recalled() -> None:
    scene = Scene()
    first = await scene.market.seen(ALL)
    scene.quotes.calls.clear()

    recalled = await scene.restarted().seen(ALL)

    assert recalled.frame == first.frame
    assert values(recalled.frame) == values(first.frame)
    assert not scene.quotes.calls


async def test_days_follow_each_other() -> None:
    scene = Scene()
    sessions = []
    for day in (SESSION, FRIDAY, MONDAY):
        scene.clock.set("10:30", day)
        scene.quotes.day = day
        sessions.append((await scene.market.seen(KRX)).frame.session)

    newest = scene.market.newest(KRX)[0]
    assert sessions == [SESSION, FRIDAY, MONDAY]
    assert newest is not None
    assert newest.session == MONDAY


async def test_what_is_held_is_known_before_the_question() -> None:
    scene = Scene()
    assert not await scene.market.holds(KRX)
    await scene.market.seen(KRX)

    assert await scene.market.holds(KRX)
    assert not await scene.market.holds(ALL)
    scene.clock.set("08:00", FRIDAY)
    assert await scene.market.holds(ALL)  # nothing newer is to come before the open
    scene.clock.set("09:00", FRIDAY)
    assert not await scene.market.holds(KRX)
