from datetime import date

import pytest

from adapters.kis.morning_listings import listings_of
from domain.errors import MarketDataError
from tests.adapters.kis.master_files import FRIDAY, THURSDAY, without_nextrade, zips


def test_listings_bear_the_day_of_their_files() -> None:
    listings = listings_of(zips(THURSDAY))
    assert listings.dated == THURSDAY
    assert [(item.ticker, item.on_nxt) for item in listings] == [
        ("000010", True),
        ("000020", False),
    ]


@pytest.mark.parametrize("name", ["kospi_code", "kosdaq_code", "nxt_kosdaq_code"])
def test_one_file_not_yet_made_anew_dates_them_all(name: str) -> None:
    half_made = zips(FRIDAY) | {name: zips(THURSDAY)[name]}
    assert listings_of(half_made).dated == THURSDAY


def test_before_nextrade_began_its_masters_may_be_empty() -> None:
    day = date(2024, 2, 1)
    listings = listings_of(without_nextrade(day))
    assert (len(listings), listings.dated) == (2, day)


def test_since_nextrade_began_an_empty_master_is_a_failed_one() -> None:
    with pytest.raises(MarketDataError):
        listings_of(without_nextrade(FRIDAY))
