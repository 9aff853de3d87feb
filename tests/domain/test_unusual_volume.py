"""Who is judged, and what a verdict holds: by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from domain.unusual_volume import (
    LEVELS,
    LOWEST_MEDIAN,
    Judgement,
    Level,
    NotJudged,
    Past,
    Sensitivity,
    judge,
)
from domain.volume_patterns import PATTERNS, Pattern
from tests.past_builders import Figures, past, today

M = 1_000_000
USUAL: Figures = [200 * M] * 20
"""Flat: the least spread, .1, whose power .6 is .2512; no market among so few."""


def judged(
    past_: Past,
    *values: int,
    halted: tuple[int, ...] = (),
    missing: tuple[int, ...] = (),
    min_history: int = 20,
) -> Judgement:
    """Today's won per stock; the volume is the same number."""
    rows = range(len(values))
    quoted = np.array([row not in missing for row in rows])
    flagged = np.array([row in halted for row in rows])
    return judge(
        replace(today(*values), quoted=quoted),
        past_,
        refused={NotJudged.HALTED: flagged},
        min_history=min_history,
    )


def rows_of(found: Judgement) -> dict[NotJudged, list[int]]:
    return {
        cause: np.flatnonzero(rows).tolist()
        for cause, rows in found.causes.items()
        if rows.any()
    }


def levels_of(found: Judgement) -> list[Level | None]:
    return [LEVELS[level] for level in found.level]


# -- figures -----------------------------------------------------------------------


def test_a_score_is_of_the_log_of_trading_value() -> None:
    found = judged(past([USUAL]), 800 * M)

    assert found.judged.tolist() == [True]
    assert found.expected_day[0] == pytest.approx(200 * M)
    assert found.times_expected[0] == pytest.approx(4.0)
    assert found.score[0] == pytest.approx(0.85 * math.log(4) / 0.1**0.6)
    assert found.market_factor == pytest.approx(4.0)
    assert PATTERNS[found.pattern[0]] is Pattern.SPIKE


def test_a_fall_scores_below_zero() -> None:
    found = judged(past([USUAL]), 50 * M)

    assert found.score[0] == pytest.approx(-0.85 * math.log(4) / 0.1**0.6)
    assert levels_of(found) == [None]


def test_by_now_what_is_expected_is_a_share_of_the_day() -> None:
    by_now = replace(today(400 * M), share_of_day=np.array([0.5]))

    found, whole = judge(by_now, past([USUAL])), judged(past([USUAL]), 800 * M)

    assert found.expected[0] == pytest.approx(100 * M)
    assert found.expected_day[0] == pytest.approx(200 * M)
    assert found.times_expected[0] == pytest.approx(4.0)
    assert found.score[0] == pytest.approx(whole.score[0])


def test_a_day_that_is_foretold_larger_than_usual_is_expected_as_usual() -> None:
    # half of a usual day, but a quarter of what today foretells: 1,600 million
    by_now = replace(
        today(400 * M), share_of_day=np.array([0.25]), usual_share=np.array([0.5])
    )

    found, whole = judge(by_now, past([USUAL])), judged(past([USUAL]), 1_600 * M)

    assert found.expected[0] == pytest.approx(100 * M)
    assert found.times_expected[0] == pytest.approx(4.0)
    assert found.score[0] == pytest.approx(whole.score[0])


def test_an_uncertain_pace_lowers_a_score() -> None:
    unsure = replace(today(800 * M), pace_spread=np.array([0.4]))

    spread = math.sqrt(0.1**2 + 0.4**2)
    assert judge(unsure, past([USUAL])).score[0] == pytest.approx(
        0.85 * math.log(4) / spread**0.6
    )


def test_plain_figures_may_be_of_another_past() -> None:
    mornings = past([[50 * M] * 20], [[10] * 20])

    found = judge(today(200 * M, volumes=(30,)), past([USUAL]), plain_past=mornings)

    assert found.plain.volume_ratio[0] == pytest.approx(3.0)
    assert found.times_expected[0] == pytest.approx(1.0)


def test_plain_figures_are_of_twenty_sessions() -> None:
    found = judged(past([[9_000 * M] * 40 + list(USUAL)]), 600 * M)

    assert found.plain.volume_ratio[0] == pytest.approx(3.0)


def test_a_stock_that_has_not_traded_today_has_no_score() -> None:
    found = judged(past([USUAL]), 0)

    assert found.judged.tolist() == [True]
    assert math.isnan(found.score[0])
    assert levels_of(found) == [None]
    assert (found.times_expected[0], found.plain.volume_ratio[0]) == (0.0, 0.0)


def test_a_longer_history_asked_for_changes_no_figure() -> None:
    held = past([[100 * M, 300 * M] * 30])

    short, long = judged(held, 800 * M), judged(held, 800 * M, min_history=60)

    assert long.score.tolist() == short.score.tolist()
    assert long.expected.tolist() == short.expected.tolist()


# -- levels ------------------------------------------------------------------------


def test_sensitivities_are_least_scores() -> None:
    assert [each.least_score for each in Sensitivity] == [2.0, 1.5, 1.0]


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (1.49, None),
        (1.51, Level.NOTABLE),
        (1.99, Level.NOTABLE),
        (2.01, Level.EXTREME),
        (9.0, Level.EXTREME),
    ],
)
def test_alone_on_its_market_whoever_is_strong_is_a_discovery(
    score: float, level: Level | None
) -> None:
    times = math.exp(score * 0.1**0.6 / 0.85)

    # the p-value of a score of 2 is .023, and one of one may be .05
    assert levels_of(judged(past([USUAL]), round(200 * M * times))) == [level]


def test_among_others_a_discovery_asks_for_more() -> None:
    strong, wild = (
        round(200 * M * math.exp(score * 0.1**0.6 / 0.85)) for score in (2.2, 4.0)
    )
    calm = [200 * M] * 8

    # of ten .005 is small enough for the first, .01 for the second: 2.2 is .014
    found = judged(past([USUAL] * 10), strong, wild, *calm)

    assert levels_of(found)[:2] == [Level.STRONG, Level.EXTREME]


# -- market ------------------------------------------------------------------------


def test_a_surge_of_the_whole_market_is_nobodys() -> None:
    stocks = past([USUAL] * 30)

    found = judged(stocks, *[600 * M] * 29, 2_400 * M)

    assert found.score[:29].tolist() == pytest.approx([0.0] * 29, abs=1e-9)
    assert found.score[29] == pytest.approx(0.85 * math.log(4) / 0.1**0.6)
    assert found.market_factor == pytest.approx(3.0)


def test_counts_may_be_taken_over_some_rows_and_no_verdict_changes() -> None:
    little: Figures = [M] * 20
    found = judged(past([USUAL, USUAL, little, little]), 400 * M, 800 * M, M, M)

    some = found.within(np.array([True, False, True, False]))

    assert some.judged.tolist() == [True, False, False, False]
    assert rows_of(some) == {NotJudged.TOO_LITTLE_TRADED: [2]}
    assert some.market_factor == pytest.approx(2.0)
    assert some.score.tolist() == pytest.approx(found.score.tolist(), nan_ok=True)


# -- who is judged -----------------------------------------------------------------


def test_who_is_not_judged_is_counted_by_the_first_cause_that_holds() -> None:
    short: Figures = [None, *USUAL[1:]]
    idle: Figures = [0, *USUAL[1:]]
    little: Figures = [0, *[M] * 19]
    stocks = past([USUAL, USUAL, short, short, little, idle, USUAL])

    found = judged(stocks, *[M] * 7, halted=(1, 3), missing=(6,))

    assert found.judged.tolist() == [True] + [False] * 6
    assert rows_of(found) == {
        NotJudged.HALTED: [1, 3, 5],
        NotJudged.TOO_SHORT_HISTORY: [2],
        NotJudged.TOO_LITTLE_TRADED: [4],
    }


def test_a_halt_of_twenty_one_sessions_ago_is_forgotten() -> None:
    stocks = past([[0, *USUAL], [100 * M, 0, *USUAL[1:]]])

    assert judged(stocks, M, M).judged.tolist() == [True, False]


def test_what_is_refused_is_not_judged_and_counted_as_that() -> None:
    everyone = np.array([True, True])

    found = judge(
        today(M, M), past([USUAL] * 2), refused={NotJudged.TOO_EARLY: everyone}
    )

    assert rows_of(found) == {NotJudged.TOO_EARLY: [0, 1]}
    assert found.market_factor is None


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
