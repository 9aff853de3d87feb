"""Today against the own past, in plain figures: by hand."""

import math

import numpy as np
import pytest

from domain.unusual_volume import (
    LOWEST_MEDIAN,
    Judgement,
    Level,
    NotJudged,
    Past,
    Sensitivity,
    judge,
    level_of,
)
from tests.past_builders import Figures, past

M = 1_000_000
TEN_AND_TEN = [100 * M, 400 * M] * 10
"""Median 250M; of the logs the mean is that of 200M, half of them ln 2 on each side."""

SPREAD = math.log(2) * math.sqrt(20 / 19)


def judged(
    past_: Past,
    *values: int,
    volumes: tuple[int, ...] | None = None,
    inside: tuple[int, ...] | None = None,
    halted: tuple[int, ...] = (),
    min_history: int = 20,
) -> Judgement:
    """Today's won per stock; the volume is the same number."""
    rows = range(len(values))
    return judge(
        volume=np.array(values if volumes is None else volumes),
        trading_value=np.array(values),
        inside=np.array([inside is None or row in inside for row in rows]),
        halted=np.array([row in halted for row in rows]),
        past=past_,
        min_history=min_history,
    )


def rows_of(found: Judgement) -> dict[NotJudged, list[int]]:
    return {
        cause: np.flatnonzero(rows).tolist() for cause, rows in found.causes.items()
    }


# -- levels ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (-4.0, None),
        (1.49, None),
        (1.5, Level.NOTABLE),
        (1.99, Level.NOTABLE),
        (2.0, Level.STRONG),
        (2.99, Level.STRONG),
        (3.0, Level.EXTREME),
        (9.0, Level.EXTREME),
        (math.nan, None),
    ],
)
def test_a_level_is_the_highest_that_the_score_reaches(
    score: float, level: Level | None
) -> None:
    assert level_of(score) is level


def test_a_sensitivity_is_a_least_score() -> None:
    assert Sensitivity.STRICT.least_score == 3.0
    assert Sensitivity.NORMAL.least_score == 2.0
    assert Sensitivity.WIDE.least_score == 1.5


# -- figures -----------------------------------------------------------------------


def test_expected_is_the_median_and_the_score_is_of_the_log() -> None:
    found = judged(past([TEN_AND_TEN]), 800 * M)

    assert found.judged.tolist() == [True]
    assert found.expected[0] == pytest.approx(250 * M)
    assert found.times_expected[0] == pytest.approx(3.2)
    assert found.z_score[0] == pytest.approx(math.log(4) / SPREAD)
    assert found.market_factor == pytest.approx(3.2)


def test_a_fall_scores_below_zero() -> None:
    found = judged(past([TEN_AND_TEN]), 50 * M)

    assert found.z_score[0] == pytest.approx(-math.log(4) / SPREAD)


def test_an_odd_number_of_known_days_has_its_middle_as_median() -> None:
    values: Figures = [200 * M] * 10 + [300 * M] + [400 * M] * 10

    # .8 × the median of the last twenty + .2 × that of all one and twenty
    assert judged(past([values]), 1).expected[0] == pytest.approx(
        0.8 * 350 * M + 0.2 * 300 * M
    )


def test_a_fifth_of_what_is_expected_is_the_median_of_sixty() -> None:
    slow = [1_000 * M] * 20 + [2_000 * M] * 20 + TEN_AND_TEN
    forgotten = [90_000 * M] * 40

    for values in (slow, forgotten + slow):
        expected = judged(past([values]), 1).expected[0]
        assert expected == pytest.approx(0.8 * 250 * M + 0.2 * 1_000 * M)


def test_a_longer_history_asked_for_changes_no_figure() -> None:
    held = past([[1_000 * M] * 40 + TEN_AND_TEN])

    short, long = judged(held, 800 * M), judged(held, 800 * M, min_history=60)

    assert long.expected.tolist() == short.expected.tolist()
    assert long.average_volume.tolist() == short.average_volume.tolist()
    assert long.z_score.tolist() == short.z_score.tolist()


def test_the_average_and_the_band_are_of_twenty_sessions_of_shares() -> None:
    older = [9_000 * M] * 5
    volumes: Figures = [*older, *[150, 250] * 10]

    found = judged(past([older + TEN_AND_TEN], [volumes]), 800 * M, volumes=(500,))

    # (n − 1) of twenty, each 50 from the mean
    spread = 50 * math.sqrt(20 / 19)
    assert found.average_volume[0] == pytest.approx(200)
    assert found.volume_ratio[0] == pytest.approx(2.5)
    assert found.upper_band[0] == pytest.approx(200 + 2 * spread)
    assert found.lower_band[0] == pytest.approx(200 - 2 * spread)


def test_a_band_does_not_reach_below_zero() -> None:
    volumes: Figures = [100, 300] * 10

    found = judged(past([TEN_AND_TEN], [volumes]), 1)

    assert found.lower_band[0] == 0.0
    assert found.upper_band[0] == pytest.approx(200 + 200 * math.sqrt(20 / 19))


def test_a_score_is_of_twenty_sessions() -> None:
    found = judged(past([[9_000 * M] * 40 + TEN_AND_TEN]), 800 * M)

    assert found.z_score[0] == pytest.approx(math.log(4) / SPREAD)


def test_days_without_a_trade_count_in_the_average_and_not_in_the_score() -> None:
    values = [0] * 4 + [100 * M, 400 * M] * 8
    volumes: Figures = [0] * 4 + [100] * 16

    found = judged(past([values], [volumes]), 800 * M, volumes=(80,))

    # of twenty the tenth and eleventh are 100M; sixteen logs have a spread of their own
    assert found.expected[0] == pytest.approx(100 * M)
    assert found.average_volume[0] == pytest.approx(80)
    assert found.volume_ratio[0] == pytest.approx(1.0)
    assert found.z_score[0] == pytest.approx(
        math.log(4) / (math.log(2) * math.sqrt(16 / 15))
    )


def test_a_stock_that_has_not_traded_today_has_no_score() -> None:
    found = judged(past([TEN_AND_TEN]), 0)

    assert found.judged.tolist() == [True]
    assert math.isnan(found.z_score[0])
    assert (found.times_expected[0], found.volume_ratio[0]) == (0.0, 0.0)


@pytest.mark.parametrize("value", [300 * M, 123_456_789, 999_999_999])
def test_against_a_flat_past_there_is_no_score(value: int) -> None:
    # the logs' mean differs from each of them by rounding alone
    found = judged(past([[value] * 20]), 2 * value)

    assert found.judged.tolist() == [True]
    assert math.isnan(found.z_score[0])
    assert found.times_expected[0] == pytest.approx(2.0)


def test_the_market_factor_is_the_median_of_the_judged() -> None:
    three = past([TEN_AND_TEN] * 4)

    found = judged(three, 250 * M, 500 * M, 2_500 * M, 9_000 * M, halted=(3,))

    assert found.market_factor == pytest.approx(2.0)


# -- who is judged -----------------------------------------------------------------


def test_who_is_not_judged_is_counted_by_the_first_cause_that_holds() -> None:
    short: Figures = [None, *TEN_AND_TEN[1:]]
    little = [M] * 20
    stocks = past([TEN_AND_TEN, TEN_AND_TEN, short, short, little, little, little])

    found = judged(stocks, *[M] * 7, inside=(0, 1, 2, 3, 4, 5), halted=(1, 3, 5))

    assert found.judged.tolist() == [True] + [False] * 6
    assert rows_of(found) == {
        NotJudged.HALTED: [1, 3, 5],
        NotJudged.TOO_SHORT_HISTORY: [2],
        NotJudged.TOO_LITTLE_TRADED: [4],
    }


def test_the_least_median_is_judged_and_a_won_less_is_not() -> None:
    at, below = [LOWEST_MEDIAN] * 20, [LOWEST_MEDIAN - 1] * 20

    assert judged(past([at, below]), M, M).judged.tolist() == [True, False]


def test_little_traded_is_the_median_of_twenty_sessions() -> None:
    fallen = [900 * M] * 40 + [M] * 20
    risen = [M] * 40 + [900 * M] * 20

    assert judged(past([fallen, risen]), M, M).judged.tolist() == [False, True]


@pytest.mark.parametrize(("min_history", "enough"), [(20, 3), (30, 2), (60, 1)])
def test_history_is_counted_in_known_sessions(min_history: int, enough: int) -> None:
    stocks: list[Figures] = [
        [*[None] * gap, *[200 * M, 300 * M] * 30][:60] for gap in (0, 30, 40, 41)
    ]

    found = judged(past(stocks), *[M] * 4, min_history=min_history)

    assert found.judged.tolist() == [True] * enough + [False] * (4 - enough)


def test_sessions_before_the_least_history_do_not_fill_its_gaps() -> None:
    gap = [200 * M] * 40 + [None] + [200 * M] * 19

    assert judged(past([gap]), M).judged.tolist() == [False]
    assert judged(past([gap]), M, min_history=59).judged.tolist() == [False]


def test_without_a_past_nobody_is_judged() -> None:
    nothing = Past(
        trading_value=np.zeros((0, 2), np.int64),
        volume=np.zeros((0, 2)),
        known=np.zeros((0, 2), bool),
    )

    found = judged(nothing, M, M)

    assert rows_of(found)[NotJudged.TOO_SHORT_HISTORY] == [0, 1]
    assert found.market_factor is None
