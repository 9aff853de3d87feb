"""Profiles in columns: what was read, what the master says, what nobody knows."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listing import Listings
from domain.profile import Profile, Profiles, profiles_of
from tests.builders import BEFORE, SESSION, at, listing
from tests.past_builders import profile

CODE = "005930"


def over(*read: Profile, thousands: int | None = None) -> Profiles:
    """Two stocks; only the second one's thousands are in the master."""
    axis = Listings.of([listing("000020"), listing(CODE, shares_thousands=thousands)])
    return profiles_of(axis, {one.ticker: one for one in read}, SESSION)


def test_what_was_read_stands_in_the_stocks_row() -> None:
    found = over(
        profile(
            listed_shares=5_969_782_550,
            eps=-12.5,
            bps=55_000.0,
            foreign_holding=3_000_000_000,
            high_52_weeks=90_000,
            low_52_weeks=50_000,
        )
    )

    assert found.listed_shares.tolist() == [-1, 5_969_782_550]
    assert found.exact.tolist() == [False, True]
    assert found.eps[1] == -12.5
    assert found.bps[1] == 55_000.0
    assert found.foreign_holding.tolist() == [-1, 3_000_000_000]
    assert found.high_52_weeks.tolist() == [-1, 90_000]
    assert found.low_52_weeks.tolist() == [-1, 50_000]
    assert np.isnan(found.eps[0])
    assert found.session == SESSION


def test_the_rate_of_exhaustion_is_kept_as_it_is() -> None:
    read = replace(profile(), foreign_limit_exhaustion_rate=0.512)

    assert over(read).foreign_limit_exhaustion_rate[1] == 0.512


def test_what_a_profile_does_not_give_is_not_known() -> None:
    found = over(profile())

    assert found.known.tolist() == [False, True]
    assert np.isnan(found.eps).all()
    assert np.isnan(found.bps).all()
    assert np.isnan(found.foreign_limit_exhaustion_rate).all()
    assert found.foreign_holding.tolist() == [-1, -1]
    assert found.listed_shares.tolist() == [-1, -1]


def test_zeros_are_figures() -> None:
    found = over(profile(eps=0.0, foreign_holding=0))

    assert (found.eps[1], found.foreign_holding[1]) == (0.0, 0)


def test_the_day_of_reading_is_kept() -> None:
    found = over(profile(read_at=at("23:59", BEFORE)))

    assert found.read_on.tolist() == [-1, date(2026, 8, 19).toordinal()]


def test_without_a_profile_the_masters_thousands_stand() -> None:
    found = over(thousands=5_969_782)

    assert found.listed_shares.tolist() == [-1, 5_969_782_000]
    assert found.exact.tolist() == [False, False]
    assert not found.known.any()


@pytest.mark.parametrize(
    ("said", "shares", "is_exact"),
    [
        (1_999, 1_999, True),
        (1_000, 1_000, True),
        (999, 1_000, False),
        (2_000, 1_000, False),
        (None, 1_000, False),
    ],
)
def test_shares_that_the_master_no_longer_confirms_are_not_taken(
    said: int | None, shares: int, is_exact: bool
) -> None:
    # the master cuts to thousands
    found = over(profile(listed_shares=said, eps=7.0), thousands=1)

    assert found.listed_shares[1] == shares
    assert bool(found.exact[1]) is is_exact
    assert found.eps[1] == 7.0


def test_a_profile_of_other_shares_is_none_the_day_after() -> None:
    # one for ten overnight: yesterday's EPS is not that of today's price
    read = profile(
        read_at=at("16:00", BEFORE),
        listed_shares=1_999,
        eps=70.0,
        bps=90.0,
        foreign_holding=900,
    )

    split, same = over(read, thousands=19), over(read, thousands=1)

    assert np.isnan([split.eps[1], split.bps[1]]).all()
    assert split.foreign_holding[1] == -1
    assert not split.known[1]
    assert split.listed_shares[1] == 19_000
    assert (same.eps[1], same.listed_shares[1], bool(same.known[1])) == (
        70,
        1_999,
        True,
    )


@given(st.integers(1, 10**11))
def test_the_masters_thousands_are_never_more_than_a_thousand_off(exact: int) -> None:
    cut = over(thousands=exact // 1_000).listed_shares[1]
    told = over(profile(listed_shares=exact), thousands=exact // 1_000)

    assert 0 <= exact - cut < 1_000
    assert told.listed_shares[1] == exact
    assert told.exact[1]


def test_profiles_of_nothing_are_empty() -> None:
    found = profiles_of(Listings.of([]), {CODE: profile()}, SESSION)

    assert found.known.tolist() == []


def test_nobody_writes_into_profiles_and_shapes_agree() -> None:
    found = over(profile(eps=1.0))

    with pytest.raises(ValueError, match="read-only"):
        found.eps[1] = 2.0
    with pytest.raises(ValueError, match=r"bps: \(1,\)"):
        replace(found, bps=np.zeros(1))
