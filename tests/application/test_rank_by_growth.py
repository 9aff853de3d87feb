"""Growth against past sessions: by this time of day, by minute bars, by whole days."""

from datetime import timedelta

import pytest

from application.rank_by_growth import GrowthQuery, GrowthRanking
from domain.errors import MarketDataUnavailableError
from domain.growth import Period, TimeBasis
from domain.listing import Market, Venue, Won
from domain.screening import Screen, Universe
from domain.session import SessionHours
from tests.application.question_scene import PastScene
from tests.application.scene import KRX
from tests.builders import BEFORE
from tests.fakes import FakeCalendar

FOUR = {"005930": 400_000, "000660": 500_000, "086520": 100_000, "196170": 600_000}
ON_NXT = {"005930": 100_000, "086520": 40_000}
"""BEFORE's by 10:30: 500, 500, 140 and 600 thousand in all."""


def by_half_past_ten(scene: PastScene, clock: str = "10:30") -> None:
    scene.archived(FOUR, clock=clock)
    scene.archived(ON_NXT, venue=Venue.NXT, clock=clock)


def growth(answer: GrowthRanking) -> dict[str, float]:
    return {x.quote.listing.ticker: round(x.growth_rate, 9) for x in answer.rows}


def notes(answer: GrowthRanking) -> str:
    return "\n".join(answer.as_of.notes)


# -- by archived instants ----------------------------------------------------------


async def test_while_open_yesterday_is_compared_by_this_time() -> None:
    scene = PastScene()
    by_half_past_ten(scene)

    answer = await scene.growth(GrowthQuery())

    # 560 of 140, 1,000 of 500, 700 of 500, 300 of 600 thousand
    assert growth(answer) == {
        "086520": 3.0,
        "005930": 1.0,
        "000660": 0.4,
        "196170": -0.5,
    }
    assert [x.rank for x in answer.rows] == [1, 2, 3, 4]
    assert [x.baseline for x in answer.rows] == [140_000, 500_000, 500_000, 600_000]
    assert answer.basis is TimeBasis.SAME_TIME
    assert (answer.ranked, answer.too_short_history) == (4, 0)
    assert not scene.bars.times


async def test_between_two_instants_values_lie_on_the_line() -> None:
    scene = PastScene()
    scene.archived({"000660": 400_000}, clock="10:29")
    scene.archived({"000660": 520_000}, clock="10:32")

    (row,) = (await scene.growth(GrowthQuery(universe=KRX))).rows

    assert row.baseline == 440_000  # a third of the way


async def test_instants_more_than_ten_minutes_apart_say_nothing() -> None:
    scene = PastScene()
    scene.archived({"000660": 400_000}, clock="10:25")
    scene.archived({"000660": 500_000}, clock="10:35:01")
    scene.archived({"000660": 2_800_000})

    answer = await scene.growth(GrowthQuery(universe=KRX))

    assert answer.basis is TimeBasis.FULL_DAY
    assert growth(answer) == {"000660": -0.75}
    assert "하루 전체(full_day)와 비교했습니다" in answer.as_of.notes[0]


async def test_a_late_opening_shifts_the_time_with_it() -> None:
    late = SessionHours(opens_late=timedelta(hours=1))
    scene = PastScene(calendar=FakeCalendar(hours={BEFORE: late}))
    scene.archived({"000660": 100_000}, clock="10:30")
    scene.archived({"000660": 350_000}, clock="11:30")  # an hour and a half of both

    answer = await scene.growth(GrowthQuery(universe=KRX))

    assert growth(answer) == {"000660": 1.0}


async def test_a_lost_nxt_quote_then_is_no_baseline_rather_than_half_of_one() -> None:
    scene = PastScene()
    scene.archived(FOUR, clock="10:30")
    scene.archived(ON_NXT | {"005930": None}, venue=Venue.NXT, clock="10:30")

    answer = await scene.growth(GrowthQuery())

    assert "005930" not in growth(answer)
    assert answer.too_short_history == 1


async def test_without_instants_of_nxt_there_is_no_same_time_of_both() -> None:
    scene = PastScene()
    scene.archived(FOUR, clock="10:30")
    scene.whole_days(FOUR, BEFORE)

    answer = await scene.growth(GrowthQuery())

    assert answer.basis is TimeBasis.FULL_DAY


async def test_a_frame_is_compared_once_however_many_ask() -> None:
    scene = PastScene()
    by_half_past_ten(scene)
    await scene.growth(GrowthQuery())
    scene.archive.reads.clear()

    await scene.growth(GrowthQuery(count=1, universe=Universe(market=Market.KOSPI)))

    assert not scene.archive.reads


# -- whole days --------------------------------------------------------------------


async def after_the_close(scene: PastScene) -> PastScene:
    scene.clock.set("20:30")
    await scene.market.seen(Universe())
    return scene


async def test_after_the_close_whole_days_are_compared() -> None:
    scene = PastScene()
    by_half_past_ten(scene)
    scene.whole_days(FOUR, BEFORE)

    answer = await (await after_the_close(scene)).growth(GrowthQuery())

    assert answer.basis is TimeBasis.FULL_DAY
    assert growth(answer)["086520"] == 4.6  # 560 of 100 thousand
    assert answer.as_of.is_final


async def test_the_same_time_of_a_day_that_is_over_is_its_end() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    await after_the_close(scene)

    answer = await scene.growth(GrowthQuery(basis=TimeBasis.SAME_TIME))

    assert answer.basis is TimeBasis.FULL_DAY
    assert "이미 끝난 거래일" in answer.as_of.notes[0]


async def test_the_baseline_is_the_mean_of_the_period() -> None:
    scene = PastScene()
    days = scene.sessions_before(5)
    for value, day in zip([100, 200, 300, 400, 501], days, strict=True):
        scene.whole_days({"000660": value}, day)

    answer = await scene.growth(
        GrowthQuery(universe=KRX, period=Period.FIVE, basis=TimeBasis.FULL_DAY, count=1)
    )

    (row,) = answer.rows
    assert row.baseline == 300  # 1,501 ÷ 5 is 300.2
    assert row.growth_rate == pytest.approx(700_000 / 300.2 - 1)


async def test_histories_that_are_too_short_are_counted_not_guessed() -> None:
    scene = PastScene()
    *older, last = scene.sessions_before(5)
    scene.whole_days(FOUR, last)
    scene.whole_days({x: FOUR[x] for x in FOUR if x != "196170"}, *older)
    query = GrowthQuery(universe=KRX, period=Period.FIVE, basis=TimeBasis.FULL_DAY)

    answer = await scene.growth(query)

    assert "196170" not in growth(answer)
    assert (answer.ranked, answer.too_short_history) == (3, 1)


async def test_a_session_that_is_not_archived_is_named_rather_than_guessed() -> None:
    scene = PastScene()
    scene.bars.broken = True
    older = scene.sessions_before(5)[:-2]
    scene.whole_days(FOUR, *older, BEFORE)

    with pytest.raises(MarketDataUnavailableError, match="2026-08-18") as caught:
        await scene.growth(GrowthQuery(period=Period.FIVE))

    assert "backfill" in str(caught.value)


async def test_krx_alone_is_no_baseline_of_both_venues() -> None:
    scene = PastScene()
    scene.bars.broken = True
    scene.archived(FOUR)

    with pytest.raises(MarketDataUnavailableError, match="ALL 시세"):
        await scene.growth(GrowthQuery())

    krx = GrowthQuery(universe=KRX, basis=TimeBasis.FULL_DAY)
    assert (await scene.growth(krx)).ranked == 4


# -- floors, stocks, pages ---------------------------------------------------------


async def test_tiny_bases_do_not_rule() -> None:
    scene = PastScene()
    by_half_past_ten(scene)

    by_base = await scene.growth(GrowthQuery(min_baseline=Won(140_001)))
    by_value = await scene.growth(
        GrowthQuery(screen=Screen(min_trading_value=Won(600_000)))
    )

    assert [*growth(by_base)] == ["005930", "000660", "196170"]
    assert [*growth(by_value)] == ["005930", "000660"]


async def test_named_stocks_keep_their_rank_and_pages_follow_each_other() -> None:
    scene = PastScene()
    by_half_past_ten(scene)

    named = await scene.growth(GrowthQuery(stocks=("알테오젠", "005930")))
    first = await scene.growth(GrowthQuery(count=3))
    rest = await scene.growth(GrowthQuery(count=3, offset=3))

    assert [x.rank for x in named.rows] == [2, 4]
    assert (named.total, named.ranked) == (2, 4)
    assert (first.next_offset, rest.next_offset) == (3, None)
    assert [x.rank for x in (*first.rows, *rest.rows)] == [1, 2, 3, 4]


async def test_a_past_session_is_compared_with_those_before_it() -> None:
    scene = PastScene()
    first, second = scene.sessions_before(2)
    scene.whole_days({"000660": 100}, first)
    scene.whole_days({"000660": 300}, second)

    answer = await scene.growth(GrowthQuery(session=second))

    assert growth(answer) == {"000660": 2.0}
    assert (answer.as_of.session, answer.as_of.is_final) == (second, True)
    assert not scene.quotes.calls["sweep KRX"]
