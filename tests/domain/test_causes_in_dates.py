"""What a day is to a stock; expiry days are from a printed calendar."""

from datetime import date

import pytest

from domain.causes import Cause
from domain.causes_in_dates import Dates, expires_on, reasons_of_the_day
from domain.listing import Market
from domain.marks import NO_MARKS, Mark
from tests.builders import at


def found(
    *,
    market: Market = Market.KOSPI,
    marks: Mark = NO_MARKS,
    listed: int | None = None,
    idle: int | None = None,
    rank: int | None = None,
) -> list[tuple[Cause, float | None]]:
    dates = Dates(
        at=at("10:00"),
        market=market,
        marks=marks,
        listed_sessions=listed,
        idle_sessions=idle,
        is_expiry=rank is not None,
        size_rank=rank,
    )
    return [(x.cause, x.confidence) for x in reasons_of_the_day(dates)]


@pytest.mark.parametrize(
    "marks", [Mark.EX_RIGHTS, Mark.PAR_CHANGE, Mark.REDUCTION | Mark.REBASED]
)
def test_the_exchange_marks_a_corporate_action(marks: Mark) -> None:
    assert found(marks=marks) == [(Cause.CORPORATE_ACTION, 0.8)]


@pytest.mark.parametrize("marks", [Mark.EX_DIVIDEND, Mark.UNTRADED, Mark.REBASED])
def test_a_dividend_is_none(marks: Mark) -> None:
    assert found(marks=marks) == []


def test_a_listing_is_new_for_five_sessions() -> None:
    assert found(listed=1) == [(Cause.NEW_LISTING, 0.95)]
    assert found(listed=5) == [(Cause.NEW_LISTING, 0.7)]
    assert found(listed=6) == []


def test_a_longer_halt_is_surer() -> None:
    assert found(idle=0) == []
    assert found(idle=1) == [(Cause.TRADING_RESUMPTION, 0.6)]
    assert found(idle=2) == [(Cause.TRADING_RESUMPTION, 0.9)]


@pytest.mark.parametrize(
    ("market", "last"), [(Market.KOSPI, 200), (Market.KOSDAQ, 150)]
)
def test_expiry_moves_the_indices_members(market: Market, last: int) -> None:
    assert found(market=market, rank=last) == [(Cause.INDEX_EXPIRY, 0.35)]
    assert found(market=market, rank=last + 1) == []


@pytest.mark.parametrize(
    ("day", "closed", "expires"),
    [
        (date(2026, 11, 12), (), True),
        (date(2026, 11, 5), (), False),
        (date(2026, 11, 19), (), False),
        (date(2026, 10, 8), (), True),  # the month begins on a Thursday
        (date(2026, 11, 11), (date(2026, 11, 12),), True),
        (date(2026, 11, 12), (date(2026, 11, 11),), True),
    ],
)
def test_contracts_expire_on_the_second_thursday_or_the_session_before(
    day: date, closed: tuple[date, ...], expires: bool
) -> None:
    def is_session(one: date) -> bool:
        return one not in closed

    assert expires_on(day, is_session) is expires
