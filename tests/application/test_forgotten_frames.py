"""Frames that an operator lets go."""

import asyncio

from domain.listing import Venue
from domain.ranking import Measure
from tests.application.question_scene import PastScene
from tests.application.scene import ALL, KRX, Scene, values
from tests.builders import BEFORE


async def test_the_next_question_sweeps_anew() -> None:
    scene = Scene()
    await scene.market.seen(ALL)
    scene.moves(k005930=7)

    await scene.kept.forget()
    scene.market.forget()
    seen = await scene.market.seen(KRX)

    assert values(seen.frame)["005930"] == 7
    assert not seen.stale
    assert scene.sweeps == {"KRX": 2, "NXT": 1}


async def test_who_hears_late_takes_what_was_published_since() -> None:
    scene = Scene()
    other = scene.restarted()
    await scene.market.seen(ALL)
    await other.seen(ALL)
    await scene.kept.forget()
    scene.market.forget()
    scene.clock.advance(1)
    await scene.market.seen(ALL)

    other.forget()
    seen = await other.seen(ALL)

    assert scene.sweeps == {"KRX": 2, "NXT": 2}
    assert seen.frame.as_of == scene.clock.now()


async def test_another_process_publishes_for_all_again() -> None:
    scene = Scene()
    other = scene.restarted()
    await scene.market.seen(KRX)
    await scene.kept.forget()
    scene.market.forget()
    scene.clock.advance(1)
    await other.seen(KRX)

    seen = await scene.market.seen(KRX)

    assert scene.sweeps == {"KRX": 2}
    assert seen.frame.as_of == scene.clock.now()


async def test_those_who_lead_are_asked_for_again() -> None:
    scene = Scene()
    scene.quotes.gates["sweep"] = asyncio.Event()
    await scene.market.led(KRX, Measure.TRADING_VALUE)

    await scene.kept.forget()
    scene.market.forget()
    await scene.market.led(KRX, Measure.TRADING_VALUE)

    assert scene.quotes.calls["leaders KRX"] == 2
    await scene.market.close()


async def test_final_figures_still_come_from_the_archive() -> None:
    """At seven in the morning, when nothing can be swept."""
    scene = PastScene()
    scene.archived({"005930": 41}, venue=Venue.KRX)
    await scene.final_of_before()
    scene.clock.set("07:00")
    await scene.market.seen(KRX)

    await scene.kept.forget()
    scene.market.forget()
    seen = await scene.view.seen(KRX)

    assert seen.frame.session == BEFORE
    assert values(seen.frame) == {"005930": 41}
