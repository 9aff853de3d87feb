"""Growth by this time of day where no instants are archived: dated minute bars."""

from collections import Counter
from datetime import time

from application.rank_by_growth import GrowthQuery, GrowthRanking
from domain.growth import Period, TimeBasis
from domain.listing import Venue
from domain.provenance import Basis
from domain.screening import Universe
from tests.application.question_scene import PastScene
from tests.application.scene import KRX
from tests.builders import BEFORE, listing

FOUR = {"005930": 400_000, "000660": 500_000, "086520": 100_000, "196170": 600_000}


def growth(answer: GrowthRanking) -> dict[str, float]:
    return {x.quote.listing.ticker: round(x.growth_rate, 9) for x in answer.rows}


def notes(answer: GrowthRanking) -> str:
    return "\n".join(answer.as_of.notes)


def with_bars(scene: PastScene) -> None:
    scene.bars.by = {
        (Venue.KRX, "005930"): 150_000,
        (Venue.NXT, "005930"): 50_000,
        (Venue.KRX, "000660"): 350_000,
        (Venue.KRX, "086520"): 250_000,
        (Venue.NXT, "086520"): 30_000,
        (Venue.KRX, "196170"): 100_000,
    }


async def test_without_instants_minute_bars_are_asked_once_per_stock_and_day() -> None:
    scene = PastScene()
    with_bars(scene)

    answer = await scene.growth(GrowthQuery())

    assert answer.basis is TimeBasis.SAME_TIME
    # 1,000 of 200, 300 of 100, 700 of 350, 560 of 280 thousand; ties by code
    assert [*growth(answer).items()] == [
        ("005930", 4.0),
        ("196170", 2.0),
        ("000660", 1.0),
        ("086520", 1.0),
    ]
    calls = [(*stock, BEFORE, time(10, 29, 59)) for stock in scene.bars.by]
    assert Counter(scene.bars.times) == Counter(calls)
    assert "오늘 거래대금이 큰 후보 4종목만" in answer.as_of.notes[0]
    assert answer.as_of.coverage is not None
    assert answer.as_of.coverage.basis is Basis.CANDIDATES


async def test_bars_of_one_minute_serve_every_frame_of_it() -> None:
    scene = PastScene()
    with_bars(scene)
    await scene.growth(GrowthQuery())
    scene.clock.advance(20)
    await scene.market.refresh(Universe())

    await scene.growth(GrowthQuery())

    assert len(scene.bars.times) == 6


async def test_no_more_calls_are_made_than_a_question_may_wait_for() -> None:
    crowd = {listing(f"{n:06d}", base_price=1000): 1_000 + n for n in range(100)}
    scene = PastScene(krx=crowd, nxt={})
    scene.bars.by = {(Venue.KRX, item.ticker): 1_000 for item in crowd}

    answer = await scene.growth(GrowthQuery(universe=KRX))

    assert len(scene.bars.times) == 90
    assert answer.ranked == 90  # the heaviest: nothing tells who has grown
    assert "000009" not in {code for _, code, _, _ in scene.bars.times}


async def test_the_likeliest_are_asked_first_where_whole_days_are_known() -> None:
    crowd = {listing(f"{n:06d}", base_price=1000): 1_000 for n in range(100)}
    scene = PastScene(krx=crowd, nxt={})
    scene.bars.by = {(Venue.KRX, item.ticker): 1_000 for item in crowd}
    scene.archived({item.ticker: 10_000 - int(item.ticker) for item in crowd})

    await scene.growth(GrowthQuery(universe=KRX))

    asked = {code for _, code, _, _ in scene.bars.times}
    assert asked == {f"{n:06d}" for n in range(10, 100)}


async def test_twenty_sessions_are_too_many_bars_for_a_ranking() -> None:
    crowd = {listing(f"{n:06d}", base_price=1000): 1_000 for n in range(30)}
    scene = PastScene(krx=crowd, nxt={})
    scene.whole_days({x.ticker: 500 for x in crowd}, *scene.sessions_before(20))

    answer = await scene.growth(GrowthQuery(universe=KRX, period=Period.TWENTY))

    assert not scene.bars.times
    assert answer.basis is TimeBasis.FULL_DAY
    assert "실제보다 작게" in notes(answer)


async def test_a_named_stock_has_its_twenty_bars_and_a_rank_among_others() -> None:
    scene = PastScene()
    with_bars(scene)
    query = GrowthQuery(period=Period.TWENTY, stocks=("000660",))

    answer = await scene.growth(query)

    assert growth(answer) == {"000660": 1.0}
    assert answer.rows[0].rank == 2  # among the others that could be looked at
    assert len([x for x in scene.bars.times if x[1] == "000660"]) == 20


async def test_bars_that_come_too_late_are_said_and_are_no_short_history() -> None:
    scene = PastScene()
    with_bars(scene)
    scene.whole_days(FOUR, BEFORE)
    scene.bars.lost = {"005930"}

    answer = await scene.growth(GrowthQuery())

    assert set(growth(answer)) == {"000660", "086520", "196170"}
    assert "후보 1종목은 1분봉을 제때 받지 못해" in notes(answer)
    assert answer.too_short_history == 0


async def test_when_no_bar_comes_whole_days_are_compared() -> None:
    scene = PastScene()
    scene.bars.broken = True
    scene.whole_days(FOUR, BEFORE)

    answer = await scene.growth(GrowthQuery())

    assert answer.basis is TimeBasis.FULL_DAY
    assert growth(answer)["005930"] == 1.5  # 1,000 of 400 thousand


async def test_minute_bars_answer_while_the_archive_is_lost() -> None:
    scene = PastScene()
    with_bars(scene)
    scene.archive.is_lost = True

    answer = await scene.growth(GrowthQuery())

    assert answer.basis is TimeBasis.SAME_TIME
    assert answer.ranked == 4
