"""Limits, breakouts and interruptions; expected limits are by hand."""

from dataclasses import replace

import pytest

from domain.causes import Cause
from domain.causes_in_prices import (
    Interruption,
    InterruptionKind,
    Prices,
    at_limits,
    breakout,
    interrupted,
)
from domain.listing import Won
from tests.builders import at

PLAIN = Prices(
    at=at("10:30"),
    price=Won(10_000),
    base_price=Won(10_000),
    high=Won(10_100),
    low=Won(9_950),
    has_limits=True,
    high_year=Won(12_000),
    low_year=Won(8_000),
)


def prices(**changes: int | bool | None) -> Prices:
    return replace(PLAIN, **changes)  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"high": 13_000, "price": 13_000}, [(Cause.UPPER_PRICE_LIMIT, 0.95)]),
        ({"high": 13_000, "price": 12_500}, [(Cause.UPPER_PRICE_LIMIT, 0.7)]),
        ({"high": 12_990, "price": 12_990}, []),
        ({"low": 7_000, "price": 7_000}, [(Cause.LOWER_PRICE_LIMIT, 0.95)]),
        ({"low": 7_010, "price": 7_010}, []),
        ({"high": 13_000, "price": 13_000, "has_limits": False}, []),
        ({"high": 0, "low": 0}, []),
    ],
)
def test_a_limit_is_reached_to_the_won(
    changes: dict[str, int], expected: list[tuple[Cause, float]]
) -> None:
    assert [(x.cause, x.confidence) for x in at_limits(prices(**changes))] == expected


@pytest.mark.parametrize(
    ("changes", "confidence"),
    [
        ({"high": 12_000, "price": 12_000}, 0.7),
        ({"high": 12_000, "price": 11_000}, 0.5),
        ({"high": 11_990, "price": 11_990}, None),
        ({"low": 8_000, "price": 8_000}, 0.7),
        ({"low": 8_010}, None),
        ({"high": 12_000, "high_year": None, "low_year": None}, None),
    ],
)
def test_the_years_extreme_is_reached(
    changes: dict[str, int | None], confidence: float | None
) -> None:
    found = breakout(prices(**changes))
    assert (found.confidence if found else None) == confidence


@pytest.mark.parametrize(
    ("high", "low", "may"),
    [(10_200, 10_000, True), (10_190, 10_000, False), (10_000, 9_800, True)],
)
def test_an_interruption_takes_a_move_of_two_percent(
    high: int, low: int, may: bool
) -> None:
    assert prices(high=high, low=low).may_have_interrupted is may


def test_nothing_traded_is_not_interrupted() -> None:
    assert not prices(high=0, low=0).may_have_interrupted


def test_interruptions_are_shown_newest_first() -> None:
    first = Interruption(at=at("09:10"), kind=None, price=Won(11_000))
    second = Interruption(
        at=at("09:20"), kind=InterruptionKind.STATIC, price=Won(12_000)
    )
    one, two = interrupted([first]), interrupted([first, second])
    assert one is not None
    assert two is not None
    assert (one.confidence, two.confidence) == (0.6, 0.75)
    assert [x.text for x in two.evidence] == [
        "정적 VI 발동 12,000원",
        "VI 발동 11,000원",
    ]
    assert interrupted([]) is None
