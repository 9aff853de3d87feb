"""Flows by investor, of one stock and in columns."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.investors import OWNERS, Investor
from tests.past_builders import flow, flows

WON = st.integers(0, 10**13)


def test_a_net_is_bought_less_sold() -> None:
    seen = flow(buy=500, sell=700, bought=5, sold=2)

    assert (seen.net_amount, seen.net_volume) == (-200, 3)


def test_owners_are_all_but_programs() -> None:
    assert set(OWNERS) == set(Investor) - {Investor.PROGRAM}


def test_a_stocks_flow_is_read_from_its_row() -> None:
    told = flow(buy=500, sell=700, bought=5, sold=2)
    seen = flows({"000020": flow(buy=1), "005930": told, "035720": None})

    assert seen.flow(Investor.FOREIGN, 1) == told
    assert seen.flow(Investor.FOREIGN, 2) is None


def test_each_investor_has_columns_of_its_own() -> None:
    one = flows({"005930": flow(buy=7)})
    other = flows({"005930": flow(sell=9)}, investor=Investor.INDIVIDUAL)

    both = replace(
        one,
        columns={**one.columns, **other.columns},
        known={**one.known, **other.known},
    )

    assert both.flow(Investor.FOREIGN, 0) == flow(buy=7)
    assert both.flow(Investor.INDIVIDUAL, 0) == flow(sell=9)
    assert both.net_amount(Investor.INDIVIDUAL).tolist() == [-9]


@given(st.lists(st.builds(flow, WON, WON, WON, WON), max_size=9))
def test_nets_in_columns_are_those_of_each_flow(drawn: list[object]) -> None:
    by_stock = {f"{row:06d}": one for row, one in enumerate(drawn)}
    seen = flows(by_stock)  # type: ignore[arg-type]

    nets = seen.net_amount(Investor.FOREIGN)

    for row in range(len(drawn)):
        read = seen.flow(Investor.FOREIGN, row)
        assert read is not None
        assert read.net_amount == read.buy_amount - read.sell_amount == nets[row]
        assert read.net_volume == read.buy_volume - read.sell_volume
