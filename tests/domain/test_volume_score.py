"""Score, p-value and the day's discoveries: by hand."""

import math

import numpy as np
import pytest

from domain.volume_score import discoveries, p_values, score_day

PAST = np.tile([[10.0], [10.5]], (30, 1))
"""One stock, at 10 and 10.5 in turn."""

UP_OR_DOWN = 0.25
"""Of it, about the median of 10.25."""


def spread_of_past() -> float:
    """In turn up and down: what is above .4 counts as .4, so that nothing is cut."""
    weights = [0.22 * 0.7**lag for lag in range(5)]
    counted = (UP_OR_DOWN, -UP_OR_DOWN)
    left = UP_OR_DOWN + sum(w * counted[lag % 2] for lag, w in enumerate(weights))
    return 1.4826 * left


def echo_of_past() -> float:
    """The newest was up."""
    weights = [0.22 * 0.7**lag for lag in range(5)]
    return UP_OR_DOWN * sum(w * (1, -1)[lag % 2] for lag, w in enumerate(weights))


def score(today: float, pace: float | None = None) -> float:
    """Of one stock, without a market."""
    uncertain = None if pace is None else np.array([pace])
    found = score_day(PAST, np.array([today]), np.zeros(1, int), uncertain)
    return float(found.score[0])


def test_a_score_is_the_surprise_in_tamed_spreads() -> None:
    surprise = 12 - 10.25 - echo_of_past()

    assert score(12) == pytest.approx(0.85 * surprise / spread_of_past() ** 0.6)


def test_an_uncertain_pace_widens_the_spread() -> None:
    surprise = 12 - 10.25 - echo_of_past()
    spread = math.sqrt(spread_of_past() ** 2 + 0.4**2)

    assert score(12, pace=0.4) == pytest.approx(0.85 * surprise / spread**0.6)
    assert score(12, pace=0.0) == pytest.approx(score(12))


def test_expected_is_in_won() -> None:
    found = score_day(PAST, np.array([12.0]), np.zeros(1, int))

    assert found.expected[0] == pytest.approx(math.exp(10.25))


def test_without_a_trade_today_there_is_no_score() -> None:
    found = score_day(PAST, np.array([math.nan]), np.zeros(1, int))

    assert math.isnan(found.score[0])
    assert math.isnan(found.p_value[0])
    assert not found.discovered[0]


def test_a_p_value_is_the_upper_tail_of_a_normal_distribution() -> None:
    found = p_values(np.array([0.0, 1.6448536, -1.6448536, 3.0902323, math.nan]))

    # from a table of the normal distribution
    assert found.tolist() == pytest.approx(
        [0.5, 0.05, 0.95, 0.001, math.nan], nan_ok=True
    )


def test_discoveries_are_those_up_to_the_last_that_is_small_enough() -> None:
    # of ten: .005, .01, .015, ... are allowed; the third is too large, the fourth not
    chances = np.array([0.9, 0.004, 0.0155, 0.0155, 0.019, 0.03, 0.5, 0.6, 0.7, 0.8])

    found = discoveries(chances, np.zeros(10, int))

    assert np.flatnonzero(found).tolist() == [1, 2, 3, 4]


def test_discoveries_are_made_market_by_market() -> None:
    chances = np.array([0.04, 0.04, 0.9])

    assert discoveries(chances, np.array([0, 0, 1])).tolist() == [True, True, False]
    assert not discoveries(chances, np.zeros(3, int)).any()


@pytest.mark.parametrize("chances", [[], [math.nan, math.nan], [0.9, 0.8]])
def test_there_may_be_none(chances: list[float]) -> None:
    found = discoveries(np.array(chances), np.zeros(len(chances), int))

    assert not found.any()
