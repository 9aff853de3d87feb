"""One investor's flows in a frame's rows: venues added, nets alone, sides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.flow_table import nets_table, sides_table, table_of
from domain.frame_joining import add_venues
from domain.investors import Flow, Investor
from domain.listing import Listings, Venue
from tests.builders import frame, listing
from tests.past_builders import flow, flows

BOTH = listing("005930", on_nxt=True)
ALONE = listing("000020")
AXIS = Listings.of([ALONE, BOTH, listing("035720", on_nxt=True)])
TOLD = flow(buy=500, sell=700, bought=5, sold=2)
FOREIGN = Investor.FOREIGN


def test_flows_of_one_venue_stand_in_the_listings_rows() -> None:
    seen = table_of(AXIS, [flows({"005930": TOLD, "999999": flow(1)})], FOREIGN)

    assert seen.known.tolist() == [False, True, False]
    assert seen.flow(1) == TOLD
    assert seen.net_amount.tolist() == [0, -200, 0]
    assert seen.net_volume.tolist() == [0, 3, 0]
    assert seen.has_sides
    assert not seen.krx_only


def test_venues_are_added_and_who_trades_on_one_alone_is_whole() -> None:
    krx = flows({"000020": flow(10, 20, 1, 2), "005930": TOLD})
    nxt = flows({"005930": flow(50, 30, 4, 3)}, venue=Venue.NXT)

    seen = table_of(AXIS, [krx, nxt], FOREIGN)

    assert seen.known.tolist() == [True, True, False]
    assert seen.flow(0) == flow(10, 20, 1, 2)
    assert seen.flow(1) == flow(550, 730, 9, 5)


@pytest.mark.parametrize(("here", "there"), [(None, TOLD), (TOLD, None), (None, None)])
def test_half_a_sum_is_not_known(here: Flow | None, there: Flow | None) -> None:
    parts = [flows({"005930": here}), flows({"005930": there}, venue=Venue.NXT)]

    assert not table_of(AXIS, parts, FOREIGN).known.any()


def test_each_investor_has_a_table_of_its_own() -> None:
    seen = flows({"005930": TOLD}, investor=Investor.PROGRAM)

    assert table_of(AXIS, [seen], Investor.PROGRAM).flow(1) == TOLD


def test_nothing_told_is_nothing_known() -> None:
    assert not table_of(AXIS, [], FOREIGN).known.any()
    assert not table_of(AXIS, [flows({})], FOREIGN).known.any()


def test_nets_alone_have_no_sides() -> None:
    seen = nets_table(AXIS, {1: (-200, 3), 0: (70, -1)}, krx_only=True)

    assert seen.net_amount.tolist() == [70, -200, 0]
    assert seen.net_volume.tolist() == [-1, 3, 0]
    assert seen.known.tolist() == [True, True, False]
    assert seen.flow(1) is None
    assert (seen.has_sides, seen.krx_only) == (False, True)


def test_sides_by_row_are_kept_apart() -> None:
    seen = sides_table(AXIS, {1: TOLD})

    assert seen.flow(1) == TOLD
    assert seen.known.tolist() == [False, True, False]
    assert seen.has_sides


def test_flows_of_krx_are_a_part_of_its_own_trading_value() -> None:
    krx = frame({ALONE: 50, BOTH: 300})
    both = add_venues(krx, frame({BOTH: 100}, venue=Venue.NXT))

    nets = nets_table(both.listings, {}, krx_only=True)
    whole = nets_table(both.listings, {}, krx_only=False)

    assert nets.trading_value_of(both).tolist() == [50, 300]
    assert whole.trading_value_of(both).tolist() == [50, 400]
    assert nets.trading_value_of(krx).tolist() == [50, 300]


WON = st.integers(0, 10**13)
FLOWS = st.lists(
    st.one_of(st.none(), st.builds(flow, WON, WON, WON, WON)), min_size=3, max_size=3
)


@given(FLOWS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_sum_is_that_of_its_rows(told: list[Flow | None], chosen: list[bool]) -> None:
    by_row = {row: one for row, one in enumerate(told) if one is not None}
    seen = sides_table(AXIS, by_row)

    summed = seen.sum_of(np.array(chosen) & seen.known)

    mine = [one for row, one in by_row.items() if chosen[row]]
    assert summed.buy_amount == sum(one.buy_amount for one in mine)
    assert summed.sell_amount == sum(one.sell_amount for one in mine)
    assert summed.buy_volume == sum(one.buy_volume for one in mine)
    assert summed.sell_volume == sum(one.sell_volume for one in mine)
    assert summed.net_amount == sum(one.net_amount for one in mine)


@given(FLOWS, FLOWS)
def test_a_known_row_is_the_sum_of_the_venues_and_its_net_bought_less_sold(
    here: list[Flow | None], there: list[Flow | None]
) -> None:
    tickers = [str(item.ticker) for item in AXIS]
    krx = flows(dict(zip(tickers, here, strict=True)))
    nxt = flows(
        dict(zip(tickers[1:], there[1:], strict=True)), venue=Venue.NXT
    )  # the first is not traded there

    seen = table_of(AXIS, [krx, nxt], FOREIGN)

    for row, (one, other) in enumerate(zip(here, [flow(), *there[1:]], strict=True)):
        assert seen.known[row] == (one is not None and other is not None)
        if one is None or other is None:
            continue
        read = seen.flow(row)
        assert read is not None
        assert read.net_amount == one.net_amount + other.net_amount
        assert seen.net_amount[row] == read.buy_amount - read.sell_amount
        assert seen.net_volume[row] == one.net_volume + other.net_volume
