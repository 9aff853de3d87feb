"""Frames that must not be served as what they look like."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.rank_by_trading_value import RankingQuery
from domain.errors import MarketDataUnavailableError, SessionUncertainError
from domain.listing import Venue
from domain.provenance import Basis
from tests.application.scene import ALL, BROKEN, FUNDS, KRX, Scene, settled, values
from tests.builders import BEFORE, SESSION, witness


async def test_a_final_sweep_that_lost_a_quote_is_not_final() -> None:
    scene = Scene()
    await scene.market.seen(KRX)
    scene.clock.set("20:30")
    scene.quotes.lost = {"000660"}

    kept = (await scene.market.seen(KRX)).frame
    scene.quotes.lost = set()
    scene.moves(k000660=2_000_000)
    scene.clock.advance(301)
    asked_again = (await scene.market.seen(KRX)).frame

    assert (kept.is_final, values(kept)["000660"]) == (False, 700_000)
    assert (asked_again.is_final, values(asked_again)["000660"]) == (True, 2_000_000)


async def test_a_frame_kept_by_a_rehearsal_of_a_later_day_is_not_served() -> None:
    scene = Scene()
    later = SESSION + timedelta(days=138)
    scene.clock.set("21:00", later)
    scene.quotes.day = later
    rehearsal = scene.restarted()
    await rehearsal.seen(KRX)
    await rehearsal.close()
    scene.clock.set("10:30", SESSION)
    scene.quotes.day = SESSION

    sighting = await scene.market.seen(KRX)

    assert sighting.frame.session == SESSION


async def test_a_clock_set_back_makes_a_frame_worthless() -> None:
    scene = Scene()
    scene.clock.set("11:30")
    await scene.market.seen(KRX)
    scene.clock.set("10:31")

    assert (await scene.market.seen(KRX)).frame.as_of == scene.clock.now()


async def test_funds_of_both_venues_answer_on_an_unlisted_holiday() -> None:
    scene = Scene()
    scene.quotes.day = BEFORE

    sighting = await scene.market.seen(replace(FUNDS, venue=Venue.ALL))

    assert (sighting.frame.session, sighting.stale) == (BEFORE, True)


async def test_leaders_whose_nxt_quotes_are_of_the_day_before_are_refused() -> None:
    scene = Scene()
    scene.quotes.bars["005930", Venue.NXT] = witness("005930", open=999, volume=1)

    with pytest.raises(SessionUncertainError):
        await scene.rank(RankingQuery())


async def test_an_old_frame_gives_way_to_leaders() -> None:
    scene = Scene()
    await scene.market.seen(ALL)
    scene.clock.advance(600)
    scene.quotes.gates["sweep"] = asyncio.Event()

    answer = await scene.rank(RankingQuery())

    assert answer.as_of.coverage is not None
    assert answer.as_of.coverage.basis is Basis.LEADERS


async def test_a_lead_that_just_failed_is_not_tried_again_at_once() -> None:
    scene = Scene()
    scene.market.timeliness = replace(
        scene.timeliness,
        freshness=replace(scene.freshness, retry=timedelta(seconds=60)),
    )
    scene.quotes.fails |= {"leaders": BROKEN, "sweep": BROKEN}
    for _ in range(3):
        with pytest.raises(MarketDataUnavailableError):
            await scene.rank(RankingQuery())
        await settled()

    assert scene.quotes.calls["leaders ALL"] == 1


async def test_a_remembered_failure_does_not_grow() -> None:
    scene = Scene()
    scene.market.timeliness = replace(
        scene.timeliness,
        freshness=replace(scene.freshness, retry=timedelta(seconds=60)),
    )
    scene.quotes.fails["sweep"] = BROKEN
    depths = []
    for _ in range(20):
        with pytest.raises(MarketDataUnavailableError) as caught:
            await scene.market.seen(KRX)
        depths.append(len(caught.traceback))

    assert depths[-1] <= depths[1]
