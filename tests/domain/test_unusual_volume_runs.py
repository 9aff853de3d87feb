"""Sessions in a row of unusual volume, today included."""

import numpy as np
import pytest

from domain.unusual_volume import Past, consecutive_days, judge
from tests.past_builders import Figures, past, today

M = 1_000_000


def run(*last: int | None, now: int = 600, least: float = 2.0) -> int:
    """After sixty sessions of 200 million, the last in millions, and today."""
    values: Figures = [
        *[200 * M] * 60,
        *[None if one is None else one * M for one in last],
    ]
    held = past([values])
    found = judge(today(now * M), held, min_history=20)
    return int(consecutive_days(held, found, least)[0])


@pytest.mark.parametrize(
    ("last", "days"),
    [
        ((200, 900, 900, 900), 4),
        ((900, 200, 900), 2),
        ((900, 900, 200), 1),
        ((400, 400), 3),
        ((399, 400), 2),
        ((), 1),
    ],
)
def test_days_in_a_row_are_counted_back_from_today(
    last: tuple[int, ...], days: int
) -> None:
    assert run(*last) == days


def test_without_today_there_is_no_row_of_days() -> None:
    assert run(900, 900, now=399) == 0
    assert run(900, 900, now=400) == 3


def test_a_day_that_is_not_known_ends_the_row_whatever_stands_there() -> None:
    values = np.full((62, 1), 200 * M)
    values[-3:] = 900 * M
    known = np.ones((62, 1), dtype=bool)
    held = Past(trading_value=values, volume=values / 1.0, known=known)
    found = judge(today(900 * M), held)
    gap = Past(trading_value=values, volume=values / 1.0, known=known.copy())
    gap.known[-2] = False

    assert consecutive_days(held, found, 2.0).tolist() == [4]
    assert consecutive_days(gap, found, 2.0).tolist() == [2]
