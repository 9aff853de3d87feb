"""Rounding against exact fractions, worked out another way than the code does."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.mcp_server.numbers import (
    average_price,
    percent,
    spoken_won,
    two_decimals,
    whole_number,
)

WON = st.integers(min_value=0, max_value=10**15)


def half_up(exact: Fraction, decimals: int = 2) -> float:
    """Half away from zero, in whole numbers alone."""
    scale: int = 10**decimals
    size = abs(exact) * scale
    units = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return -units / scale if exact < 0 else units / scale


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 800, 0.13),  # 0.125 %
        (-1, 800, -0.13),
        (3, 800, 0.38),  # 0.375 %
        (1, 3, 33.33),
        (2, 3, 66.67),
        (-2, 3, -66.67),
        (1, 1, 100.0),
        (0, 7, 0.0),
        (299, 1000, 29.9),
        (-300, 1000, -30.0),
        (1, 20_000, 0.01),  # 0.005 %
        (1, 20_001, 0.0),
        (205, 20_000, 1.03),  # 1.025 %, which binary floats make a little less
    ],
)
def test_percent_rounds_half_up(part: int, whole: int, expected: float) -> None:
    assert percent(part / whole) == expected


@given(
    change=st.integers(min_value=-(10**7), max_value=10**7),
    base=st.integers(min_value=1, max_value=10**7),
)
@example(change=-1, base=800)
@example(change=1, base=20_000)
def test_a_change_rate_rounds_as_the_exact_fraction_does(
    change: int, base: int
) -> None:
    assert percent(change / base) == half_up(Fraction(change * 100, base))


@given(nxt=st.integers(0, 10**10), krx=st.integers(1, 10**10))
def test_a_share_rounds_as_the_exact_fraction_does(nxt: int, krx: int) -> None:
    exact = Fraction(nxt * 100, nxt + krx)
    assert percent(nxt / (nxt + krx)) == half_up(exact)
    assert percent(nxt / (nxt + krx), 1) == half_up(exact, 1)


@given(st.floats(min_value=-1e-4, max_value=1e-4))
@example(-0.0)
@example(-4.9e-5)
@example(-1e-300)
def test_minus_zero_is_never_shown(fraction: float) -> None:
    for shown in (percent(fraction), percent(fraction, 1), two_decimals(fraction)):
        assert shown is not None
        assert shown != 0 or math.copysign(1, shown) == 1


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_points_round_half_up(thousandths: int) -> None:
    expected = half_up(Fraction(thousandths, 1000))
    assert two_decimals(thousandths / 1000) == expected


def test_nothing_stays_nothing() -> None:
    assert percent(None) is None
    assert two_decimals(None) is None


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_nothing(number: float) -> None:
    assert percent(number) is two_decimals(number) is whole_number(number) is None


@pytest.mark.parametrize(
    ("number", "whole"), [(0.5, 1), (1.5, 2), (112.5, 113), (112.49, 112), (0.0, 0)]
)
def test_whole_numbers_round_half_up(number: float, whole: int) -> None:
    assert whole_number(number) == whole


@given(amount=st.integers(0, 10**14), volume=st.integers(1, 10**9))
@example(amount=1, volume=8)
def test_an_average_price_rounds_as_the_exact_fraction_does(
    amount: int, volume: int
) -> None:
    assert average_price(amount, volume) == half_up(Fraction(amount, volume))


def test_nothing_traded_has_no_average_price() -> None:
    assert average_price(0, 0) is average_price(5, 0) is None


@pytest.mark.parametrize(
    ("won", "said"),
    [
        (0, "0원"),
        (1, "1원"),
        (99_999, "10만"),
        (94_999, "94,999원"),
        (100_000, "10만"),
        (12_345_678, "1,235만"),
        (99_994_999, "9,999만"),
        (99_995_000, "1억"),
        (123_450_000, "1억 2,345만"),
        (949_999_999, "9억 5,000만"),
        (950_000_000, "10억"),
        (1_000_000_000, "10억"),
        (1_149_999_999, "11억"),
        (999_949_999_999, "9,999억"),
        (999_950_000_000, "1조"),
        (1_000_000_000_000, "1조"),
        (1_221_686_345_500, "1조 2,217억"),
        (1_000_050_000_000, "1조 1억"),
        (23_456_700_000_000, "23조 4,567억"),
        (1_234_000_000_000_000, "1,234조"),
    ],
)
def test_won_are_said_in_jo_and_eok(won: int, said: str) -> None:
    assert spoken_won(won) == said


@pytest.mark.parametrize(
    ("won", "said"),
    [
        (-1, "-1원"),
        (-300_000, "-30만"),
        (-123_400_000_000, "-1,234억"),
        (-1_221_686_345_500, "-1조 2,217억"),
    ],
)
def test_money_that_left_has_its_minus_in_front(won: int, said: str) -> None:
    assert spoken_won(won) == said


@given(WON)
def test_both_signs_are_said_alike(won: int) -> None:
    assert spoken_won(-won).removeprefix("-") == spoken_won(won)


UNITS = {"조": 10**12, "억": 10**8, "만": 10**4, "원": 1}


def heard(said: str) -> int:
    """Back to won: ``1조 2,217억`` is 1,221,700,000,000."""
    words = said.replace(",", "").split()
    return sum(int(word[:-1]) * UNITS[word[-1]] for word in words)


@given(WON)
def test_what_is_said_is_off_by_less_than_half_of_its_last_unit(won: int) -> None:
    step = UNITS["만"] if won >= 95_000 else 1
    step = UNITS["억"] if won >= 950_000_000 else step
    assert abs(heard(spoken_won(won)) - won) <= step // 2


@given(WON, WON)
def test_more_is_never_said_as_less(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert heard(spoken_won(low)) <= heard(spoken_won(high))
