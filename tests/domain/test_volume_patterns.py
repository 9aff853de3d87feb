"""How an unusual volume came about, by hand: multiples of what was usual before."""

import math

import numpy as np
import pytest

from domain.volume_patterns import PATTERNS, Pattern, patterns

USUAL = [1.0] * 20
NOT = math.nan


def pattern_of(*last: float, before: list[float] | None = None) -> Pattern | None:
    """The last five sessions and today, after twenty usual ones."""
    *past, today = [*(before or USUAL), *last]
    found = patterns(np.log([past]), np.log([today]))
    told: Pattern | None = PATTERNS[int(found[0])]
    return told


@pytest.mark.parametrize(
    ("last", "pattern"),
    [
        ((1, 1, 1, 1, 1, 5), Pattern.SPIKE),
        ((1, 1, 1.1, 0.9, 1, 2.1), Pattern.SPIKE),
        ((1, 1, 1, 1, 1, 1.9), None),  # not twice the usual
        ((1, 5, 1, 1, 1, 5), Pattern.SPIKE),  # one of four sessions ago is no matter
        ((1, 1, 2, 1, 1, 3), None),  # 3 is not 1.8 × 2
        ((1, 1, 1, 1.5, 2.2, 3.3), Pattern.RAMP),
        ((1, 1, 1, 1, 1.3, 5), Pattern.SPIKE),  # nearly all of the rise at once
        ((1, 1, 1, 1.5, 3.3, 3.2), None),  # the last step falls
        ((1, 1, 1, 3, 3, 3), Pattern.LEVEL_SHIFT),
        ((1, 1, 1, 3, 5, 2.1), Pattern.LEVEL_SHIFT),  # 5 ÷ 2.1 is below 2.5
        ((1, 1, 1, 3, 5.5, 2.1), None),
        ((1, 1, 1, 1, 3, 3), None),  # two sessions are not yet a level
        ((3, 3, 3, 3, 3, 1), None),  # over
    ],
)
def test_a_pattern_is_told_by_the_last_sessions(
    last: tuple[float, ...], pattern: Pattern | None
) -> None:
    assert pattern_of(*last) is pattern


def test_a_session_that_is_not_known_fits_nothing_that_asks_for_it() -> None:
    assert pattern_of(1, 1, 1, 1, NOT, 5) is None
    assert pattern_of(NOT, NOT, 1, 1, 1, 5) is Pattern.SPIKE


def test_a_stock_that_has_not_traded_today_has_no_pattern() -> None:
    assert pattern_of(1, 1, 1, 1, 1, NOT) is None


@pytest.mark.parametrize(("known", "pattern"), [(10, Pattern.SPIKE), (9, None)])
def test_what_was_usual_asks_for_ten_sessions(
    known: int, pattern: Pattern | None
) -> None:
    before = [NOT] * (20 - known) + [1.0] * known

    assert pattern_of(1, 1, 1, 1, 1, 5, before=before) is pattern


def test_a_past_of_fewer_sessions_has_no_pattern() -> None:
    assert pattern_of(1, 1, 1, 1, 1, 5, before=[1.0] * 9) is None
