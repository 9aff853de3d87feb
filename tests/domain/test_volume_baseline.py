"""What a stock is expected to trade: by hand, in natural logarithms."""

import math

import numpy as np
import pytest

from domain.volume_baseline import (
    ECHO,
    LEAST_MARKET,
    LEAST_SPREAD,
    Baseline,
    baseline,
    median,
)

NOT = math.nan


def of(*stocks: list[float], groups: list[int] | None = None) -> Baseline:
    """Each stock's logs, oldest first."""
    return baseline(
        np.array(stocks, dtype=np.float64).T, np.array(groups or [0] * len(stocks))
    )


def about(level: float, spread: float, sessions: int = 60) -> list[float]:
    """As often ``spread`` above as below."""
    return [level + spread * (-1) ** day for day in range(sessions)]


# -- medians -----------------------------------------------------------------------


def test_a_median_is_of_what_is_known() -> None:
    values = np.array([[3, NOT, 1, 2], [4, 1, 2, 9], [NOT] * 4, [NOT, 7, NOT, NOT]])

    assert median(values).tolist() == pytest.approx([2, 3, NOT, 7], nan_ok=True)


# -- expected ----------------------------------------------------------------------


def test_expected_is_mostly_of_twenty_sessions_and_partly_of_sixty() -> None:
    found = of([10.0] * 40 + [20.0] * 20)

    # the median of 20 is 20, of 60 is 10
    assert found.expected[0] == pytest.approx(0.8 * 20 + 0.2 * 10)


def test_what_lies_before_sixty_sessions_is_not_looked_at() -> None:
    assert (
        of([99.0] * 30 + about(10, 1)).expected.tolist()
        == of(about(10, 1)).expected.tolist()
    )


def test_a_short_past_is_taken_as_it_is() -> None:
    assert of([10.0] * 5 + [12.0] * 20).expected[0] == pytest.approx(12.0)


# -- market ------------------------------------------------------------------------


def test_a_session_of_the_whole_market_is_taken_out_of_the_past() -> None:
    quiet = [10.0] * 60
    surged = [*quiet[:50], 11.0, *quiet[51:]]
    others = [surged] * LEAST_MARKET

    found = of(*others, quiet)

    # the market moved by 1 once: Σ f² is 1, and the prior of the slope weighs 3
    assert found.slope.tolist() == pytest.approx([1.0] * LEAST_MARKET + [0.75])
    assert found.adjusted[0].tolist() == pytest.approx(quiet)
    assert found.adjusted[-1, 50] == pytest.approx(10 - 0.75)


def test_fewer_stocks_are_no_market() -> None:
    surged = [10.0] * 50 + [11.0] + [10.0] * 9

    found = of(*[surged] * (LEAST_MARKET - 1))

    assert set(found.slope) == {1.0}
    assert found.adjusted[0].tolist() == surged


def test_markets_are_told_apart() -> None:
    surged = [10.0] * 50 + [11.0] + [10.0] * 9
    both = [0] * LEAST_MARKET + [1] * LEAST_MARKET

    found = of(*[surged] * LEAST_MARKET, *[[10.0] * 60] * LEAST_MARKET, groups=both)

    assert found.adjusted == pytest.approx(np.full((40, 60), 10.0))


@pytest.mark.parametrize(("size", "slope"), [(9.0, 1.6), (-9.0, 0.4)])
def test_a_slope_has_bounds(size: float, slope: float) -> None:
    market, own = [10.0] * 60, [10.0] * 60
    market[50], own[50] = 15.0, 10.0 + size

    assert of(*[market] * LEAST_MARKET, own).slope[-1] == pytest.approx(slope)


def test_today_the_market_is_what_the_others_do() -> None:
    stocks = [about(10, 0.5)] * 21
    found = of(*stocks)
    today = np.array([10.0] + [11.0] * 10 + [12.0] * 10)

    left = found.without_market(today, np.zeros(21, dtype=int))

    # of the others of the first the middle is between 11 and 12; of one of the
    # twelves' it is 11; of one of the elevens' 12, and its own is no part of it
    assert left[0] == pytest.approx(10 - 1.5)
    assert left[1] == pytest.approx(11 - 1.5)
    assert left[20] == pytest.approx(12 - 1.0)


@pytest.mark.parametrize(
    ("stocks", "row", "others"),
    [(21, 3, 10.5), (21, 10, 10.0), (21, 17, 9.5), (22, 10, 11), (22, 11, 10)],
)
def test_nobody_is_part_of_the_market_that_is_taken_out(
    stocks: int, row: int, others: float
) -> None:
    # excesses of 0, 1, 2, …: without its own, the middle one or the middle two
    found = of(*[about(10, 0.5)] * stocks)
    today = np.arange(10.0, 10.0 + stocks, dtype=np.float64)

    left = found.without_market(today, np.zeros(stocks, dtype=int))

    assert left[row] == pytest.approx(today[row] - others)


def test_today_twenty_others_are_a_market_and_who_has_not_traded_is_not_one() -> None:
    found = of(*[about(10, 0.5)] * 21)
    groups = np.zeros(21, dtype=int)

    enough = found.without_market(np.full(21, 11.0), groups)
    few = found.without_market(np.array([NOT] + [11.0] * 20), groups)

    assert enough.tolist() == [10.0] * 21
    assert few.tolist() == pytest.approx([NOT] + [11.0] * 20, nan_ok=True)


# -- echo --------------------------------------------------------------------------


def test_an_excess_is_expected_on_and_fades() -> None:
    past = [10.0] * 60
    past[-3] = 10.2

    assert list(ECHO) == pytest.approx([0.22, 0.154, 0.1078, 0.07546, 0.052822])
    assert of(past).echo[0] == pytest.approx(0.2 * 0.1078)


@pytest.mark.parametrize(("excess", "counted"), [(9.0, 0.4), (-9.0, -1.0)])
def test_an_excess_counts_only_so_far(excess: float, counted: float) -> None:
    past = [10.0] * 59 + [10.0 + excess]

    assert of(past).echo[0] == pytest.approx(0.22 * counted)


def test_a_session_that_is_not_known_has_no_echo() -> None:
    assert of([10.0] * 59 + [NOT]).echo[0] == 0.0


# -- spread ------------------------------------------------------------------------


def test_a_spread_is_shrunken_to_its_markets() -> None:
    found = of(*[about(10, 0.5)] * 3, about(10, 1.0))

    # Up and down in turn, so that one is followed by the echo of the other. Up counts
    # at most 0.4; the last 55 of 60 sessions are 27 ups and 28 downs, of which the 28th
    # by size is the middle one: the larger of the two, for downs are larger here.
    def down(size: float) -> float:
        counted = (0.4, -size)
        return size + sum(w * counted[lag % 2] for lag, w in enumerate(ECHO))

    usual, own = 1.4826 * down(0.5), 1.4826 * down(1.0)
    assert found.spread[0] == pytest.approx(usual)
    assert found.spread[3] == pytest.approx((55 * own + 60 * usual) / 115)


def test_a_flat_past_has_the_least_spread() -> None:
    assert of([10.0] * 60).spread[0] == LEAST_SPREAD


def test_a_stock_without_a_spread_of_its_own_has_its_markets() -> None:
    found = of(*[about(10, 0.5)] * 3, [NOT] * 59 + [10.0])

    assert found.spread[3] == pytest.approx((1 * 0.0 + 60 * found.spread[0]) / 61)
