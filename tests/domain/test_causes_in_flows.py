"""Nets against the stock's trading value."""

import pytest

from domain.causes import Cause
from domain.causes_in_flows import NetFlow, reasons_in_flows
from domain.investors import Investor
from domain.listing import Won
from tests.builders import at


def found(
    investor: Investor, net: int, value: int = 1_000, *, estimate: bool = False
) -> list[tuple[Cause, float | None]]:
    flow = NetFlow(
        investor=investor,
        at=at("10:00"),
        net_amount=Won(net),
        trading_value=Won(value),
        is_estimate=estimate,
    )
    return [(x.cause, x.confidence) for x in reasons_in_flows([flow])]


@pytest.mark.parametrize(
    ("investor", "cause"),
    [
        (Investor.FOREIGN, Cause.FOREIGN_BUYING),
        (Investor.INSTITUTION, Cause.INSTITUTION_BUYING),
        (Investor.PROGRAM, Cause.PROGRAM_TRADING),
    ],
)
def test_a_tenth_of_the_trading_value_is_a_reason(
    investor: Investor, cause: Cause
) -> None:
    assert found(investor, 100) == [(cause, 0.5)]
    assert found(investor, 99) == []


def test_selling_counts_of_programs_alone() -> None:
    assert found(Investor.FOREIGN, -500) == []
    assert found(Investor.PROGRAM, -200) == [(Cause.PROGRAM_TRADING, 0.6)]


def test_estimates_are_believed_less() -> None:
    assert found(Investor.FOREIGN, 900) == [(Cause.FOREIGN_BUYING, 0.8)]
    assert found(Investor.FOREIGN, 900, estimate=True) == [(Cause.FOREIGN_BUYING, 0.7)]


def test_individuals_and_untraded_stocks_give_none() -> None:
    assert found(Investor.INDIVIDUAL, 900) == []
    assert found(Investor.FOREIGN, 900, 0) == []
