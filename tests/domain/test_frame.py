"""Frames and their quotes, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from domain.frame import MarketFrame, Quote
from domain.frame_joining import add_venues
from domain.listing import Kind, Venue
from tests.builders import BEFORE, at, frame, listing

BOTH = listing("005930", on_nxt=True)
ALONE = listing("000020")


def quote_of(seen: MarketFrame, ticker: str) -> Quote:
    return seen.quote(seen.listings.row_of[ticker])


# -- one frame ---------------------------------------------------------------------


def test_a_column_of_another_length_is_refused() -> None:
    seen = frame({"005930": 1})

    with pytest.raises(ValueError, match=r"volume: \(2,\), listings: \(1,\)"):
        replace(seen, volume=np.zeros(2, dtype=np.int64))


def test_nobody_writes_into_a_published_frame() -> None:
    seen = add_venues(frame({BOTH: 5}), frame({BOTH: 3}, venue=Venue.NXT))

    for column in (seen.trading_value, seen.known, seen.parts[Venue.NXT]):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


def test_frames_are_equal_when_their_keys_are() -> None:
    seen = frame({"005930": 1})

    assert seen == frame({"005930": 2})
    assert hash(seen) == hash(frame({"005930": 2}))
    assert seen != frame({"005930": 1}, as_of=at("10:31"))
    assert seen != frame({"005930": 1}, venue=Venue.NXT)
    assert seen != frame({"005930": 1}, session=BEFORE)
    assert seen != frame({"005930": 1}, kinds=frozenset({Kind.ETF}))
    assert seen != "005930"


def test_codes_without_a_quote_are_missing() -> None:
    assert frame({"000660": None, "005930": 0, "000020": None}).missing == (
        "000020",
        "000660",
    )


# -- one quote ---------------------------------------------------------------------


def test_change_is_against_the_base_price() -> None:
    quote = quote_of(frame({"005930": (950, 1000, 2, 1900)}), "005930")

    assert quote.change == -50
    assert quote.change_rate == -0.05


def test_without_a_base_price_there_is_no_rate() -> None:
    assert quote_of(frame({"005930": (950, 0, 2, 1900)}), "005930").change_rate is None


def test_nxt_share_is_its_part_of_both() -> None:
    seen = add_venues(frame({BOTH: 300}), frame({BOTH: 100}, venue=Venue.NXT))

    quote = quote_of(seen, "005930")

    assert (quote.krx_trading_value, quote.nxt_trading_value) == (300, 100)
    assert quote.nxt_share == 0.25


def test_a_stock_not_on_nxt_has_a_share_of_zero_under_all() -> None:
    seen = add_venues(frame({ALONE: 0}), frame({}, venue=Venue.NXT))

    assert quote_of(seen, "000020").nxt_share == 0.0
    assert quote_of(seen, "000020").nxt_trading_value == 0


def test_a_stock_that_nobody_traded_has_no_nxt_share() -> None:
    seen = add_venues(frame({BOTH: 0}), frame({BOTH: 0}, venue=Venue.NXT))

    assert quote_of(seen, "005930").nxt_share is None


def test_one_venue_knows_nothing_of_the_other() -> None:
    krx = quote_of(frame({BOTH: 300}), "005930")
    nxt = quote_of(frame({BOTH: 100}, venue=Venue.NXT), "005930")

    assert (krx.krx_trading_value, krx.nxt_trading_value) == (300, None)
    assert (nxt.krx_trading_value, nxt.nxt_trading_value) == (None, 100)
    assert krx.nxt_share is None
    assert nxt.nxt_share is None
