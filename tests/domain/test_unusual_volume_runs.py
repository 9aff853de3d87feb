"""Sessions in a row of unusual volume, today included."""

import math

import numpy as np
import pytest

from domain.unusual_volume import Past, consecutive_days
from tests.past_builders import Figures, past


@pytest.mark.parametrize(
    ("values", "run"),
    [
        ([9, 9, 9], 4),
        ([9, 1, 9], 2),
        ([9, 9, 1], 1),
        ([9, None, 9], 2),
        ([9, 9, None], 1),
        ([6, 6, 6], 4),
        ([6, 5, 6], 2),
        ([], 1),
    ],
)
def test_days_in_a_row_are_counted_back_from_today(values: Figures, run: int) -> None:
    # expected 3, so that twice of it is 6
    found = consecutive_days(past([values]), np.array([3.0]), np.array([2.0]), 2.0)

    assert found.tolist() == [run]


def test_a_day_that_is_not_known_ends_the_row_whatever_stands_there() -> None:
    held = Past(
        trading_value=np.full((3, 1), 9),
        volume=np.full((3, 1), 9.0),
        known=np.array([[True], [False], [True]]),
    )

    assert consecutive_days(held, np.array([3.0]), np.array([2.0]), 2.0).tolist() == [2]


def test_without_today_there_is_no_row_of_days() -> None:
    stocks = past([[9, 9], [9, 9]])

    runs = consecutive_days(
        stocks, np.array([3.0, math.nan]), np.array([1.99, math.nan]), 2.0
    )

    assert runs.tolist() == [0, 0]
