"""The ranking before the open, just after it, and on unlisted holidays."""

import asyncio

import pytest

from application.rank_by_trading_value import (
    RankingQuery,
)
from domain.errors import (
    MarketDataUnavailableError,
)
from domain.listing import Venue
from tests.application.scene import (
    KRX,
    Scene,
    crowd,
)
from tests.builders import BEFORE, SESSION, witness


async def test_before_the_open_a_cold_process_calls_nobody() -> None:
    scene = Scene()
    scene.clock.set("08:30")

    with pytest.raises(MarketDataUnavailableError, match="09:00에 열리고"):
        await scene.rank(RankingQuery())

    assert not scene.quotes.calls


async def test_just_after_the_open_leaders_are_of_the_new_session() -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.clock.set("09:00:30")
    scene.quotes.gates["sweep"] = asyncio.Event()

    answer = await scene.rank(RankingQuery())

    assert (answer.as_of.session, answer.total) == (SESSION, None)
    assert not answer.as_of.stale


async def test_on_an_unlisted_holiday_the_whole_last_session_answers_marked() -> None:
    scene = Scene()
    await scene.final_of_before()
    scene.quotes.day = BEFORE

    for _ in range(2):
        answer = await scene.rank(RankingQuery())
        assert (answer.as_of.session, answer.total) == (BEFORE, 4)
        assert (answer.as_of.stale, answer.as_of.is_final) == (True, True)
        assert answer.as_of.notes[0].startswith(f"{SESSION} 시세가 아직 없어")

    assert scene.sweeps == {}


async def test_a_cold_process_on_an_unlisted_holiday_marks_its_leaders() -> None:
    scene = crowd()
    scene.quotes.day = BEFORE

    answer = await scene.rank(RankingQuery(universe=KRX))

    assert (answer.as_of.session, answer.total) == (BEFORE, None)
    assert answer.as_of.stale
    assert answer.as_of.notes[0].startswith(f"{SESSION} 시세가 아직 없어")


async def test_a_late_reset_leaves_the_last_session_marked() -> None:
    scene = Scene()
    await scene.final_of_before()
    for code in ("086520", "196170"):
        scene.quotes.bars[code, Venue.KRX] = witness(code, session=BEFORE)

    said = (await scene.rank(RankingQuery())).as_of

    assert (said.session, said.stale) == (BEFORE, True)
    assert "새 거래일" in said.notes[0]
