"""Places gained since the session before."""

from application.rank_by_trading_value import RankingQuery, TradingValueRanking
from domain.listing import Market, Venue, Won
from domain.ranking import Measure
from domain.screening import Screen, Universe
from tests.application.question_scene import PastScene
from tests.application.scene import ALL, KRX
from tests.builders import BEFORE

Moves = dict[str, tuple[int | None, int | None]]


def moves(answer: TradingValueRanking) -> Moves:
    return {
        x.quote.listing.ticker: (x.previous_rank, x.rank_change) for x in answer.rows
    }


async def test_while_open_ranks_are_compared_by_this_time() -> None:
    scene = PastScene()
    by_now = {"005930": 300, "000660": 500, "086520": 100, "196170": 600}
    scene.archived(by_now, clock="10:30")
    scene.archived({"005930": 250, "086520": 0}, venue=Venue.NXT, clock="10:30")
    await scene.market.seen(ALL)

    answer = await scene.rank(RankingQuery())

    # then 196170 600, 005930 550 of both venues, 000660 500, 086520 100
    assert moves(answer) == {
        "005930": (2, 1),
        "000660": (3, 1),
        "086520": (4, 1),
        "196170": (1, -3),
    }
    assert answer.knows_previous


async def test_after_the_close_ranks_are_compared_with_the_final_ones() -> None:
    scene = PastScene()
    scene.archived({"196170": 9}, clock="10:30")
    scene.whole_days({"005930": 1, "000660": 2, "196170": 3}, BEFORE)
    scene.clock.set("20:30")
    await scene.market.seen(ALL)

    answer = await scene.rank(RankingQuery())

    assert moves(answer) == {
        "005930": (3, 2),
        "000660": (2, 0),
        "086520": (None, None),  # not listed then
        "196170": (1, -3),
    }


async def test_the_earlier_ranking_is_of_the_same_question() -> None:
    scene = PastScene()
    scene.archived(
        {"005930": 400, "000660": 500, "086520": 7, "196170": 8}, clock="10:30"
    )
    await scene.market.seen(ALL)
    kosdaq = Universe(market=Market.KOSDAQ, venue=Venue.KRX)
    above = Screen(min_trading_value=Won(450))

    of_kosdaq = await scene.rank(RankingQuery(universe=kosdaq))
    screened = await scene.rank(RankingQuery(universe=KRX, screen=above))
    by_turnover = await scene.rank(RankingQuery(universe=KRX, by=Measure.TURNOVER_RATE))

    assert moves(of_kosdaq) == {"086520": (2, 1), "196170": (1, -1)}
    assert moves(screened)["000660"] == (1, -1)
    assert moves(screened)["005930"] == (None, None)
    assert moves(by_turnover)["005930"] == (None, None)


async def test_without_yesterday_there_is_no_movement_and_a_note() -> None:
    scene = PastScene()
    await scene.market.seen(ALL)

    answer = await scene.rank(RankingQuery())

    assert not answer.knows_previous
    assert any("직전 거래일(2026-08-19)" in note for note in answer.as_of.notes)


async def test_a_warm_question_reads_nothing_of_the_archive() -> None:
    scene = PastScene()
    scene.archived({"000660": 5}, clock="10:30")
    await scene.market.seen(ALL)
    await scene.rank(RankingQuery(universe=KRX))
    scene.archive.reads.clear()

    await scene.rank(RankingQuery(universe=KRX))

    assert not scene.archive.reads
