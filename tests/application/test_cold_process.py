"""The ranking of a process that holds nothing yet."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.cold_notes import COLD_DETAILS
from application.rank_by_trading_value import (
    RankingQuery,
    TradingValueRanking,
)
from application.timeliness import Freshness
from domain.errors import (
    MarketDataRefusedError,
    MarketDataUnavailableError,
)
from domain.listing import Kind, Market, Venue, Won
from domain.provenance import Basis
from domain.ranking import Measure
from domain.screening import Screen, Universe
from tests.application.scene import (
    BROKEN,
    FUNDS,
    IMPATIENT,
    KRX,
    Scene,
    crowd,
    settled,
)
from tests.builders import totals


def ranks(answer: TradingValueRanking) -> list[tuple[int, str]]:
    return [(x.rank, x.quote.listing.ticker) for x in answer.rows]


async def test_a_cold_process_answers_with_what_is_certain() -> None:
    scene = crowd()
    scene.quotes.official = totals(3_000_000_000, 2_000_000_000)

    answer = await scene.rank(RankingQuery(universe=KRX))

    assert ranks(answer) == [(n + 1, f"{n:06d}") for n in range(20)]
    assert (answer.total, answer.next_offset) == (None, None)
    assert (answer.totals.total, answer.totals.kospi) == (None, None)
    assert (answer.totals.kosdaq, answer.totals.herfindahl) == (None, None)
    # 100 + 99 + 98 + 97 + 96 million of five billion
    assert answer.totals.top5 == pytest.approx(0.098)
    said = answer.as_of
    assert said.coverage is not None
    assert said.coverage.basis is Basis.LEADERS
    assert (said.coverage.listed, said.coverage.quoted) == (40, 30)
    assert not said.stale
    assert "보통 10초 뒤" in said.notes[0]
    assert "확실한" in said.notes[0]
    assert COLD_DETAILS in said.notes


async def test_the_row_at_the_bound_is_left_out_and_said_so() -> None:
    answer = await crowd().rank(RankingQuery(universe=KRX, count=100))

    assert len(answer.rows) == 29
    assert "요청한 100종목 중 29종목입니다" in answer.as_of.notes[0]


async def test_one_market_counts_its_own_quotes_only() -> None:
    kosdaq = Universe(venue=Venue.KRX, market=Market.KOSDAQ)

    answer = await crowd().rank(RankingQuery(universe=kosdaq))

    assert answer.rows[0].quote.listing.ticker == "000001"
    assert answer.as_of.coverage is not None
    assert (answer.as_of.coverage.listed, answer.as_of.coverage.quoted) == (20, 20)


async def test_leaders_by_volume_are_asked_for_by_volume() -> None:
    answer = await crowd().rank(RankingQuery(universe=KRX, by=Measure.VOLUME))

    assert ranks(answer)[:2] == [(1, "000000"), (2, "000001")]
    assert answer.totals.top5 is None


async def test_leaders_are_shared_and_reused_for_seconds_while_the_sweep_runs() -> None:
    scene = crowd()
    query = RankingQuery(universe=KRX)

    await asyncio.gather(*(scene.rank(query) for _ in range(100)))
    scene.clock.advance(14)
    await scene.rank(query)
    assert scene.quotes.calls["leaders KRX"] == 1

    scene.clock.advance(1)
    await scene.rank(query)
    assert scene.quotes.calls["leaders KRX"] == 2
    assert scene.sweeps == {"KRX": 1}


async def test_once_swept_the_whole_market_answers() -> None:
    scene = crowd()
    await scene.rank(RankingQuery(universe=KRX))
    scene.quotes.gates["sweep"].set()
    await settled()

    answer = await scene.rank(RankingQuery(universe=KRX))

    assert answer.total == 40
    assert scene.quotes.calls["leaders KRX"] == 1


@pytest.mark.parametrize(
    "query",
    [
        RankingQuery(offset=1),
        RankingQuery(stocks=("005930",)),
        RankingQuery(screen=Screen(min_price=Won(1))),
        RankingQuery(universe=FUNDS),
        RankingQuery(universe=Universe(kinds=frozenset({Kind.STOCK, Kind.ETF}))),
    ],
)
async def test_what_the_broker_cannot_rank_waits_for_the_sweep(
    query: RankingQuery,
) -> None:
    scene = Scene()

    answer = await scene.rank(query)

    assert answer.total is not None
    assert "leaders ALL" not in scene.quotes.calls


async def test_when_leaders_fail_the_whole_market_is_waited_for() -> None:
    scene = Scene()
    scene.quotes.fails["leaders"] = BROKEN

    answer = await scene.rank(RankingQuery())

    assert answer.total == 4
    assert answer.as_of.coverage is not None
    assert answer.as_of.coverage.basis is Basis.FULL_MARKET
    assert scene.sweeps == {"KRX": 1, "NXT": 1}


async def test_when_nothing_is_certain_the_whole_market_is_waited_for() -> None:
    scene = Scene()
    scene.quotes.list_length = 1
    scene.quotes.gates["sweep"] = asyncio.Event()
    asked = asyncio.create_task(scene.rank(RankingQuery(count=3)))
    await settled()
    assert not asked.done()

    scene.quotes.gates["sweep"].set()

    assert (await asked).total == 4


async def test_a_market_swept_before_its_leaders_came_answers_whole() -> None:
    scene = Scene()
    scene.quotes.gates["leaders"] = asyncio.Event()
    asked = asyncio.create_task(scene.rank(RankingQuery(count=1)))
    await settled()

    scene.quotes.gates["leaders"].set()

    assert (await asked).total == 4


async def test_leaders_that_never_come_cost_no_more_than_the_patience() -> None:
    scene = Scene(freshness=Freshness(patience=timedelta(seconds=0.4)))
    scene.quotes.gates["leaders"] = asyncio.Event()
    scene.quotes.gates["sweep"] = asyncio.Event()
    began = asyncio.get_running_loop().time()

    with pytest.raises(MarketDataUnavailableError, match="모으는 중") as caught:
        await scene.rank(RankingQuery())

    assert caught.value.retry_after == 10
    assert asyncio.get_running_loop().time() - began < 0.7  # not twice 0.4
    await scene.market.close()


async def test_a_whole_market_that_came_meanwhile_answers_at_the_deadline() -> None:
    scene = Scene(freshness=Freshness(patience=IMPATIENT))
    scene.quotes.gates["leaders"] = asyncio.Event()

    answer = await scene.rank(RankingQuery())

    assert answer.total == 4
    await scene.market.close()


async def test_a_refusal_is_told_at_once() -> None:
    scene = crowd()
    scene.quotes.fails["leaders"] = MarketDataRefusedError("키가 틀립니다.", code="E1")

    with pytest.raises(MarketDataRefusedError) as caught:
        await scene.rank(RankingQuery(universe=KRX))

    assert caught.value.code == "E1"


async def test_a_cancelled_cold_caller_kills_nobodys_leaders() -> None:
    scene = crowd()
    scene.quotes.gates["leaders"] = asyncio.Event()
    query = RankingQuery(universe=KRX)
    leaving = asyncio.create_task(scene.rank(query))
    staying = asyncio.create_task(scene.rank(query))
    await settled()

    leaving.cancel()
    await asyncio.wait([leaving])
    scene.quotes.gates["leaders"].set()

    assert len((await staying).rows) == 20
    assert leaving.cancelled()
    assert scene.quotes.calls["leaders KRX"] == 1


async def test_leading_sweeps_only_what_is_not_held() -> None:
    scene = Scene()
    await scene.market.seen(KRX)

    await scene.rank(RankingQuery())
    await settled()

    assert scene.sweeps == {"KRX": 1, "NXT": 1}


async def test_leading_does_not_repeat_a_sweep_that_just_failed() -> None:
    scene = Scene(freshness=Freshness(retry=timedelta(seconds=60)))
    scene.quotes.fails["sweep"] = BROKEN
    for _ in range(3):
        await scene.rank(RankingQuery())
        await settled()
        scene.clock.advance(16)

    assert scene.sweeps == {"KRX": 1, "NXT": 1}


async def test_where_a_sweep_takes_no_time_nobody_leads() -> None:
    scene = Scene()
    rank = replace(scene.rank, leads_when_cold=False)

    assert (await rank(RankingQuery())).total == 4
    assert "leaders ALL" not in scene.quotes.calls
