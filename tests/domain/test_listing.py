"""Codes, listings and their flags."""

from datetime import date

import pytest

from domain.errors import InvalidTickerError
from domain.listing import NO_FLAGS, Flag, Kind, Listings, Ticker, Venue
from tests.builders import listing


@pytest.mark.parametrize(
    "code", ["005930", "00104K", "0126Z0", "Q530036", "Q0A0B0C", "QQQQQQ"]
)
def test_a_code_has_six_characters_and_a_note_a_q_before(code: str) -> None:
    assert Ticker(code) == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "5930",
        "05930",
        "0059300",
        "A005930",
        "Q5300360",
        "00593k",
        "005 30",
        " 005930",
        "005930 ",
        "005930\n",
        "00593０",
        "삼성전자00",
    ],
)
def test_anything_else_is_no_code(code: str) -> None:
    with pytest.raises(InvalidTickerError) as caught:
        Ticker(code)

    assert caught.value.code == code
    assert caught.value.parameter == "stocks"
    assert repr(code) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_listings_stand_in_code_order_and_the_first_of_two_stands() -> None:
    first, second = listing("00104K", name="하나"), listing("00104K", name="둘")

    listings = Listings.of(
        [listing("Q530036"), first, second, listing("000660")], dated=date(2026, 8, 20)
    )

    assert [item.ticker for item in listings] == ["000660", "00104K", "Q530036"]
    assert listings[1] is first
    assert listings.row_of == {"000660": 0, "00104K": 1, "Q530036": 2}
    assert len(listings) == 3


def test_parts_of_the_listings_keep_their_order_and_date() -> None:
    fund = listing("069500", kind=Kind.ETF)
    both = listing("005930", on_nxt=True)
    alone = listing("000020")
    listings = Listings.of([fund, both, alone], dated=date(2026, 8, 20))

    stocks = listings.of_kinds({Kind.STOCK})

    assert stocks.items == (alone, both)
    assert stocks.on_venue(Venue.NXT).items == (both,)
    assert stocks.on_venue(Venue.KRX) is stocks
    assert stocks.on_venue(Venue.ALL) is stocks
    assert stocks.dated == stocks.on_venue(Venue.NXT).dated == date(2026, 8, 20)


def test_flags_are_a_set_and_none_is_the_rule() -> None:
    assert listing("005930").flags == NO_FLAGS
    both = Flag.HALTED | Flag.ADMINISTRATIVE
    assert Flag.HALTED in both
    assert not both & Flag.CAUTION
    assert [flag.name for flag in Flag] == [
        "PREFERRED",
        "SPAC",
        "REIT",
        "ADMINISTRATIVE",
        "HALTED",
        "DELISTING",
        "CAUTION",
        "WARNING",
        "RISK",
        "ATTENTION",
        "OVERHEATED",
        "UNFAITHFUL_DISCLOSURE",
    ]
