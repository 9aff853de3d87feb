"""Caps, weights and multiples: by hand, and as laws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listing import Listings, Market
from domain.market_cap import (
    foreign_ratios,
    market_caps,
    multiple,
    price_book,
    price_earnings,
    sum_of,
    turnover_rates,
    weights,
)
from domain.profile import profiles_of
from tests.builders import SESSION, listing
from tests.past_builders import profile

KOSPI, KOSDAQ = int(Market.KOSPI), int(Market.KOSDAQ)
EVERY = np.ones(4, dtype=bool)


def plain(figures: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[object]:
    """NaN as None."""
    return [None if np.isnan(one) else float(one) for one in figures]


def test_a_cap_is_price_times_listed_shares() -> None:
    price, shares = np.array([70_000, 500]), np.array([5_969_782_550, 3])

    caps = market_caps(price, shares, EVERY[:2])

    assert caps.tolist() == [417_884_778_500_000, 1_500]


def test_without_a_price_or_shares_no_cap_is_known() -> None:
    price, shares = np.array([10, 0, 10, 10]), np.array([5, 5, -1, 0])

    assert market_caps(price, shares, EVERY).tolist() == [50, -1, -1, -1]
    assert market_caps(price, shares, ~EVERY).tolist() == [-1, -1, -1, -1]


def test_a_weight_is_a_part_of_its_own_market() -> None:
    caps = np.array([30, 5, 70, 45])
    market = np.array([KOSPI, KOSDAQ, KOSPI, KOSDAQ], dtype=np.int8)

    assert weights(caps, market, EVERY).tolist() == [0.3, 0.1, 0.7, 0.9]


def test_what_is_outside_or_not_known_has_no_weight() -> None:
    caps = np.array([30, -1, 70, 900])
    market = np.zeros(4, dtype=np.int8)
    inside = np.array([True, True, True, False])

    assert plain(weights(caps, market, inside)) == [0.3, None, 0.7, None]
    assert plain(weights(caps, market, ~EVERY)) == [None] * 4


def test_a_multiple_needs_a_price_and_earnings_above_zero() -> None:
    price = np.array([1000, 1000, 1000, 1000, 0])
    figures = np.array([50.0, -50.0, 0.0, np.nan, 50.0])

    assert plain(price_earnings(price, figures)) == [20.0, None, None, None, None]
    assert plain(price_book(price, figures)) == [20.0, None, None, None, None]


def test_an_average_multiple_is_caps_over_earnings_of_those_who_earn() -> None:
    # 100 at 10 times and 300 at 15 times: 400 over 10 + 20, not the mean of 12.5
    caps, price = np.array([100, 300, 800, -1]), np.array([10, 30, 8, 5])
    eps = np.array([1.0, 2.0, -4.0, 1.0])

    found = multiple(caps, price, eps, EVERY)

    assert found.average == pytest.approx(400 / 30)
    assert (found.counted, found.negative) == (2, 1)


def test_only_the_rows_asked_for_make_an_average() -> None:
    caps, price = np.array([100, 300, 800, 60]), np.array([10, 30, 8, 0])
    figures = np.array([1.0, 2.0, -4.0, 1.0])

    alone = multiple(caps, price, figures, np.array([True, False, False, True]))

    assert alone.average == pytest.approx(10.0)
    assert (alone.counted, alone.negative) == (1, 0)


def test_where_nobody_earns_there_is_no_average() -> None:
    caps = np.array([100, 300, 800, 60])
    figures = np.array([-1.0, 0.0, np.nan, -2.0])

    found = multiple(caps, caps, figures, EVERY)

    assert found.average is None
    assert (found.counted, found.negative) == (0, 2)


def test_ratios_are_fractions_of_the_listed_shares() -> None:
    listings = Listings.of(listing(code) for code in ("000020", "000660", "005930"))
    read = {
        "000020": profile("000020", listed_shares=1000, foreign_holding=250),
        "000660": profile("000660", foreign_holding=250),
        "005930": profile("005930", listed_shares=1000),
    }
    profiles = profiles_of(listings, read, SESSION)

    assert plain(foreign_ratios(profiles)) == [0.25, None, None]
    volume = np.array([20, 20, 0])
    assert plain(turnover_rates(volume, profiles.listed_shares)) == [0.02, None, 0.0]


def test_a_sum_takes_the_known_caps_of_its_rows() -> None:
    caps = np.array([30, -1, 70, 900])

    assert sum_of(caps, np.array([True, True, True, False])) == 100
    assert sum_of(caps, ~EVERY) == 0


CAPS = st.lists(
    st.tuples(
        st.one_of(st.just(-1), st.integers(1, 10**14)),
        st.sampled_from([KOSPI, KOSDAQ]),
        st.booleans(),
    ),
    min_size=1,
    max_size=30,
)


@given(CAPS)
def test_weights_sum_to_one_in_each_market(
    rows: list[tuple[int, int, bool]],
) -> None:
    caps, market, inside = (np.array(column) for column in zip(*rows, strict=True))

    found = weights(caps, market, inside)

    counted = [cap >= 0 and within for cap, _, within in rows]
    assert (~np.isnan(found)).tolist() == counted
    for one in {place for _, place, _ in rows}:
        mine = found[(market == one) & np.array(counted)]
        assert not mine.size or float(mine.sum()) == pytest.approx(1.0)


COMPANIES = st.lists(
    st.tuples(
        st.integers(1, 10**6), st.integers(1, 10**9), st.integers(-(10**4), 10**4)
    ),
    min_size=1,
    max_size=30,
)


@given(COMPANIES)
def test_an_average_per_is_the_sum_of_caps_over_the_sum_of_earnings(
    companies: list[tuple[int, int, int]],
) -> None:
    price, shares, eps = (np.array(column) for column in zip(*companies, strict=True))
    every = np.ones(len(companies), dtype=bool)

    found = multiple(
        market_caps(price, shares, every), price, eps.astype(np.float64), every
    )

    earners = [company for company in companies if company[2] > 0]
    assert found.counted == len(earners)
    assert found.negative == sum(earned < 0 for _, _, earned in companies)
    if earners:
        cap = sum(cost * count for cost, count, _ in earners)
        earnings = sum(count * earned for _, count, earned in earners)
        assert found.average == pytest.approx(float(Fraction(cap, earnings)), rel=1e-9)
    else:
        assert found.average is None
