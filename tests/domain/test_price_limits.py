"""Price limits and ticks, by the exchange's table."""

import pytest

from domain.listing import Won
from domain.price_limits import price_limits, tick_of


@pytest.mark.parametrize(
    ("price", "tick"),
    [(1_999, 1), (2_000, 5), (4_995, 5), (5_000, 10), (20_000, 50), (500_000, 1_000)],
)
def test_a_tick_changes_at_the_bound_itself(price: int, tick: int) -> None:
    assert tick_of(price) == tick


@pytest.mark.parametrize(
    ("base", "upper", "lower"),
    [
        (78_200, 101_600, 54_800),  # recorded of 005930
        (128_500, 167_000, 90_000),  # recorded of 000660
        (1_001, 1_301, 701),  # 300.3 is cut to 300
        (3_990, 5_180, 2_795),  # 1,197 is cut to 1,195; 5,185 is no tick of 10
    ],
)
def test_thirty_percent_are_cut_to_ticks(base: int, upper: int, lower: int) -> None:
    assert price_limits(Won(base)) == (upper, lower)
