"""Unusual volume: against the own past, by this time of day or by whole days."""

import pytest

from application.find_unusual_volume import UnusualVolume, UnusualVolumeQuery
from domain.errors import InvalidRequestError, MarketDataUnavailableError
from domain.growth import TimeBasis
from domain.listing import Flag, Listing, Won
from domain.screening import Screen
from domain.unusual_volume import Level, NotJudged, Sensitivity
from domain.volume_patterns import Pattern
from tests.application.question_scene import PastScene
from tests.application.scene import ALL, KRX
from tests.builders import Figures, listing

MILLION = 1_000_000
SURGE, CALM, HALTED = (
    listing("000010", name="급증", base_price=1000),
    listing("000020", name="보통", base_price=1000),
    listing("000030", name="정지", flags=Flag.HALTED, base_price=1000),
)
SMALL, NEW = listing("000040", base_price=1000), listing("000050", base_price=1000)
TODAY: dict[Listing, Figures] = {
    SURGE: 900 * MILLION,
    CALM: 210 * MILLION,
    HALTED: 900 * MILLION,
    SMALL: 900 * MILLION,
    NEW: 900 * MILLION,
}


def market(sessions: int = 20, clock: str | None = None) -> PastScene:
    """Days of 190 and 210 million in turn; the small one's are a thousandth."""
    scene = PastScene(krx=TODAY, nxt={})
    put(scene, sessions, clock)
    return scene


def put(scene: PastScene, sessions: int, clock: str | None = None) -> None:
    for nth, day in enumerate(scene.sessions_before(sessions)):
        value = (190 + 20 * (nth % 2)) * MILLION
        values = dict.fromkeys(["000010", "000020", "000030"], value)
        scene.archived(values | {"000040": value // 1000}, day=day, clock=clock)


def codes(answer: UnusualVolume) -> list[str]:
    return [x.quote.listing.ticker for x in answer.rows]


async def after_the_close(scene: PastScene) -> PastScene:
    scene.clock.set("20:30")
    await scene.market.seen(ALL)
    return scene


async def test_after_the_close_whole_days_are_compared() -> None:
    answer = await (await after_the_close(market())).unusual(UnusualVolumeQuery())

    (row,) = answer.rows
    assert row.quote.listing == SURGE
    assert row.average_volume == 200_000
    assert row.volume_ratio == pytest.approx(4.5)
    # the geometric mean of the middle two, 190 and 210 million
    assert row.expected == round((190 * 210) ** 0.5 * MILLION)
    assert row.level is Level.EXTREME
    assert answer.basis is TimeBasis.FULL_DAY


async def test_who_is_not_judged_is_counted_by_cause() -> None:
    answer = await (await after_the_close(market())).unusual(UnusualVolumeQuery())

    assert (answer.scanned, answer.detected) == (5, 1)
    assert answer.not_judged == {
        NotJudged.HALTED: 1,
        NotJudged.CALL_AUCTION_ONLY: 0,
        NotJudged.TOO_EARLY: 0,
        NotJudged.TOO_SHORT_HISTORY: 1,
        NotJudged.TOO_LITTLE_TRADED: 1,
    }


async def test_while_open_past_sessions_are_compared_by_this_time() -> None:
    scene = market()
    put(scene, 20, clock="10:30")

    answer = await scene.unusual(UnusualVolumeQuery())

    assert codes(answer) == ["000010"]
    assert answer.basis is TimeBasis.SAME_TIME


async def test_few_instants_are_no_short_history_of_the_stocks() -> None:
    scene = market()
    put(scene, 6, clock="10:30")

    answer = await scene.unusual(UnusualVolumeQuery())

    assert codes(answer) == ["000010"]
    assert answer.basis is TimeBasis.SAME_TIME
    assert answer.not_judged[NotJudged.TOO_SHORT_HISTORY] == 1
    assert answer.as_of.notes[0].startswith(
        "거래량 비율은 같은 시각 시세가 있는 지난 6거래일"
    )


async def test_a_long_history_is_asked_of_whole_days_while_open() -> None:
    scene = market(25)
    put(scene, 20, clock="10:30")

    fewer = await scene.unusual(UnusualVolumeQuery(min_history=25))

    assert codes(fewer) == ["000010"]
    with pytest.raises(MarketDataUnavailableError, match="25일이라 26거래일"):
        await scene.unusual(UnusualVolumeQuery(min_history=26))


async def test_with_too_few_instants_whole_days_stand_and_say_so() -> None:
    scene = market()
    put(scene, 4, clock="10:30")

    answer = await scene.unusual(UnusualVolumeQuery())

    assert answer.basis is TimeBasis.FULL_DAY
    assert "하루 전체 평균과 비교했습니다" in answer.as_of.notes[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (UnusualVolumeQuery(threshold=4.5), ["000010"]),
        (UnusualVolumeQuery(threshold=4.51), []),
        (UnusualVolumeQuery(threshold=1.0), ["000010"]),
        (UnusualVolumeQuery(threshold=1.0, sensitivity=Sensitivity.WIDE), ["000010"]),
    ],
)
async def test_threshold_and_sensitivity_both_must_hold(
    query: UnusualVolumeQuery, found: list[str]
) -> None:
    scene = await after_the_close(market())

    # the calm one has 1.05 times its average, and a score of about one
    assert codes(await scene.unusual(query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (UnusualVolumeQuery(pattern=Pattern.SPIKE), ["000010"]),
        (UnusualVolumeQuery(pattern=Pattern.RAMP), []),
        (UnusualVolumeQuery(level=Level.EXTREME), ["000010"]),
    ],
)
async def test_only_a_pattern_or_a_level_may_be_asked_for(
    query: UnusualVolumeQuery, found: list[str]
) -> None:
    assert codes(await (await after_the_close(market())).unusual(query)) == found


async def test_a_screen_changes_no_verdict() -> None:
    scene = await after_the_close(market())
    asked = UnusualVolumeQuery(screen=Screen(min_trading_value=Won(300 * MILLION)))

    (row,) = (await scene.unusual(asked)).rows

    assert row == (await scene.unusual(UnusualVolumeQuery())).rows[0]


@pytest.mark.parametrize(("now", "too_early"), [("09:29:40", 4), ("09:30:20", 0)])
async def test_before_half_past_nine_nobody_is_judged(now: str, too_early: int) -> None:
    scene = market()
    scene.clock.set(now)

    answer = await scene.unusual(UnusualVolumeQuery())

    assert answer.not_judged[NotJudged.TOO_EARLY] == too_early
    assert any("30분이 지나야" in note for note in answer.as_of.notes) == (
        too_early > 0
    )


async def test_named_stocks_keep_their_rank_and_others_are_told_absent() -> None:
    scene = await after_the_close(market())

    answer = await scene.unusual(UnusualVolumeQuery(stocks=("급증", "보통")))

    assert [x.rank for x in answer.rows] == [1]
    assert any("보통(000020)" in note for note in answer.as_of.notes)


async def test_without_a_past_nothing_is_judged() -> None:
    with pytest.raises(MarketDataUnavailableError, match="backfill"):
        await market(0).unusual(UnusualVolumeQuery())


async def test_a_frame_is_judged_once_however_many_ask() -> None:
    scene = await after_the_close(market())
    await scene.unusual(UnusualVolumeQuery(universe=KRX))
    scene.archive.reads.clear()

    await scene.unusual(UnusualVolumeQuery(universe=KRX, count=1, threshold=3.0))

    assert not scene.archive.reads


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (UnusualVolumeQuery(threshold=0.99), "threshold"),
        (UnusualVolumeQuery(threshold=10.1), "threshold"),
        (UnusualVolumeQuery(min_history=19), "min_history"),
        (UnusualVolumeQuery(min_history=61), "min_history"),
    ],
)
async def test_parameters_have_bounds(
    query: UnusualVolumeQuery, parameter: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        await market(1).unusual(query)

    assert caught.value.parameter == parameter
