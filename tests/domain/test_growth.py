"""Growth against past sessions: by hand, and as laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.growth import Period, baseline, growth_rates, value_between
from tests.past_builders import Figures, table

WON = st.integers(0, 10**13)
SOME = st.integers(1, 10**13)


def rate(today: int, past: Figures) -> float:
    """One stock's."""
    rates = growth_rates(np.array([today]), baseline(*table([past])))
    return float(rates[0])


def test_a_period_is_a_number_of_sessions() -> None:
    assert [period.sessions for period in Period] == [1, 5, 20]


def test_growth_is_today_over_the_mean_of_the_sessions() -> None:
    assert rate(300, [200]) == pytest.approx(0.5)
    assert rate(150, [100, 200, 300]) == pytest.approx(-0.25)
    assert rate(0, [7]) == -1.0
    assert rate(7, [7, 7, 7, 7, 7]) == 0.0


def test_each_stock_has_its_own_baseline() -> None:
    base = baseline(*table([[100, 300], [10, 30]]))

    assert base.total.tolist() == [400, 40]
    assert base.mean.tolist() == [200, 20]
    assert growth_rates(np.array([400, 10]), base).tolist() == [1.0, -0.5]


@pytest.mark.parametrize(
    ("past", "mean"),
    [([10, 11], 11), ([10, 10, 11], 10), ([10, 11, 11], 11), ([1], 1), ([0, 0], 0)],
)
def test_a_mean_is_rounded_half_up(past: list[int], mean: int) -> None:
    # 10.5, 10.33, 10.67, 1, 0
    assert baseline(*table([past])).mean.tolist() == [mean]


def test_growth_is_over_the_unrounded_mean() -> None:
    # 3 over 1.5, which is shown as 2
    assert rate(3, [1, 2]) == 1.0


def test_a_day_without_a_trade_counts_as_the_zero_it_was() -> None:
    assert rate(30, [0, 30]) == 1.0


def test_a_session_that_is_not_known_leaves_the_history_too_short() -> None:
    base = baseline(*table([[None, 100], [100, None], [100, 100]]))

    assert base.known.tolist() == [False, False, True]
    assert base.total.tolist() == [100, 100, 200]
    rates = growth_rates(np.array([100, 100, 100]), base)
    assert np.isnan(rates).tolist() == [True, True, False]


def test_a_figure_that_is_not_known_is_not_counted() -> None:
    base = baseline(np.array([[100], [7]]), np.array([[True], [False]]))

    assert base.total.tolist() == [100]


def test_nothing_grows_out_of_nothing() -> None:
    assert baseline(*table([[0, 0]])).known.all()
    assert np.isnan(rate(5, [0, 0]))


def test_without_sessions_nothing_is_known() -> None:
    base = baseline(np.zeros((0, 2), np.int64), np.zeros((0, 2), bool))

    assert base.known.tolist() == [False, False]
    assert base.mean.tolist() == [0, 0]
    assert np.isnan(growth_rates(np.array([1, 2]), base)).all()


@given(WON, st.lists(SOME, min_size=1, max_size=20), st.integers(1, 9_000))
def test_growth_is_free_of_scale(today: int, past: list[int], scale: int) -> None:
    scaled = rate(today * scale, [value * scale for value in past])

    assert scaled == pytest.approx(rate(today, past), rel=1e-12, abs=1e-12)


@given(st.integers(0, 10**12), st.lists(SOME, min_size=1, max_size=20))
def test_today_is_never_in_its_own_baseline(today: int, past: list[int]) -> None:
    # else twice the value would be less than twice the baseline's multiple
    once, twice = rate(today, past), rate(2 * today, past)

    assert 1 + twice == pytest.approx(2 * (1 + once), rel=1e-9, abs=1e-12)


@given(SOME, st.lists(SOME, min_size=1, max_size=20))
def test_no_session_weighs_more_than_another(today: int, past: list[int]) -> None:
    assert rate(today, past) == rate(today, past[::-1])


# -- between two instants ----------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "values"),
    [
        (1000, [100, 0]),
        (1100, [200, 3]),
        (1150, [250, 5]),
        (1300, [400, 10]),
        (900, [100, 0]),
        (1400, [400, 10]),
    ],
)
def test_values_lie_on_the_straight_line_cut_to_won(
    at: float, values: list[int]
) -> None:
    # a third, a half and all of the way; before and after there is no line
    found = value_between(at, (1000, np.array([100, 0])), (1300, np.array([400, 10])))

    assert found.tolist() == values
    assert found.dtype == np.int64


def test_at_one_instant_the_values_are_its_own() -> None:
    same = (1000.0, np.array([7]))

    assert value_between(1000, same, same).tolist() == [7]


@given(WON, WON, st.floats(0, 600), st.floats(0, 600))
def test_cumulative_values_never_fall_with_time(
    low: int, more: int, one: float, other: float
) -> None:
    before, after = (0.0, np.array([low])), (600.0, np.array([low + more]))
    earlier, later = (
        int(value_between(at, before, after)[0]) for at in sorted((one, other))
    )

    assert low <= earlier <= later <= low + more
