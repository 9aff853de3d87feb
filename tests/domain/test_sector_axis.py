"""Which industry each listing is in, at either end of its codes."""

import pytest

from domain.listing import Listings, Market
from domain.sector_axis import axis_of
from tests.builders import listing

ITEMS = (
    listing("000020", sectors=("0027", "0009")),
    listing("000040"),
    listing("000660", sectors=("0027",)),
    listing("005930", sectors=("0027", "0013", "0099")),
    listing("035720", sectors=("0027", "0009"), market=Market.KOSDAQ),
)
KOSPI, KOSDAQ = Market.KOSPI, Market.KOSDAQ


def keys(level: int) -> list[tuple[Market, str]]:
    axis = axis_of(ITEMS, level)
    return [axis.keys[place] for place in axis.of_row]


def test_the_finest_is_the_last_code() -> None:
    assert keys(-1) == [
        (KOSPI, "0009"),
        (KOSPI, ""),
        (KOSPI, "0027"),
        (KOSPI, "0099"),
        (KOSDAQ, "0009"),
    ]


def test_the_coarsest_is_the_first_code() -> None:
    large = (KOSPI, "0027")

    assert keys(0) == [large, (KOSPI, ""), large, large, (KOSDAQ, "0027")]
    assert len(axis_of(ITEMS, 0).keys) == 3


def test_parents_are_the_keys_with_finer_ones_under_them() -> None:
    # 0013 has a finer one too, but no stock of its own; KOSDAQ's 0027 neither
    assert axis_of(ITEMS, -1).parents == {(KOSPI, "0027")}
    assert axis_of(ITEMS, 0).parents == set()


def test_nothing_listed_is_in_no_industry() -> None:
    axis = axis_of((), -1)

    assert axis.keys == ()
    assert axis.of_row.tolist() == []


def test_listings_find_their_industries_once() -> None:
    listings = Listings.of(ITEMS)

    assert listings.leaf_sectors is listings.leaf_sectors
    assert listings.leaf_sectors.parents == {(KOSPI, "0027")}
    assert listings.large_sectors.parents == set()
    with pytest.raises(ValueError, match="read-only"):
        listings.leaf_sectors.of_row[0] = 1
