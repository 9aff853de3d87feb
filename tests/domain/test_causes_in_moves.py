"""The others' medians; numbers by hand."""

import numpy as np
import pytest

from domain.causes import Reason
from domain.causes_in_moves import (
    Pace,
    market_move,
    pace_of,
    sector_move,
    surges_of,
)
from domain.listing import Market
from tests.builders import at, frame, row

MARKET = Pace(times=1.0, change=0.0, count=500)


def sector(
    times: float, change: float, *, count: int = 8, own: float = 0.1
) -> Reason | None:
    others = Pace(times=times, change=change, count=count)
    return sector_move(others, MARKET, own, at=at("10:00"), name="제약")


def confidence(reason: Reason | None) -> float | None:
    return reason.confidence if reason else None


@pytest.mark.parametrize(
    ("times", "change", "expected"),
    [
        (1.8, 0.0, 0.5),
        (1.79, 0.0, None),
        (1.0, 0.025, 0.5),
        (1.0, 0.024, None),
        (1.0, -0.03, None),  # the other way
        (2.0, 0.03, 0.6),
    ],
)
def test_an_industry_moves_together(
    times: float, change: float, expected: float | None
) -> None:
    assert confidence(sector(times, change)) == expected


def test_seven_others_are_too_few() -> None:
    assert sector(9.0, 0.2, count=7) is None


@pytest.mark.parametrize(
    ("factor", "change", "expected"),
    [
        (1.8, 0.0, 0.4),
        (1.7, 0.0, None),
        (None, 0.03, 0.4),
        (None, -0.03, None),
        (2.0, 0.03, 0.5),
        (None, float("nan"), None),
    ],
)
def test_a_whole_market_moves(
    factor: float | None, change: float, expected: float | None
) -> None:
    found = market_move(factor, change, 0.1, at=at("10:00"), market=Market.KOSPI)
    assert confidence(found) == expected


def test_medians_leave_out_what_did_not_trade_or_has_no_past() -> None:
    quotes = {
        "000010": row(200, price=110, base=100),
        "000020": row(400, price=100, base=100),
        "000030": row(0, price=100, base=100),
        "000040": row(900, price=130, base=100),
    }
    usual = np.array([100.0, 100.0, 100.0, np.nan])
    surges = surges_of(frame(quotes), usual, is_whole=True)
    pace = pace_of(surges, np.array([True, True, True, True]))

    assert (pace.times, pace.count) == (3.0, 2)
    assert pace.change == pytest.approx(0.1)
