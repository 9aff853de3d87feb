"""What the archive's tests keep, with defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from domain.bars import MARKED_COLUMNS, StockBars
from domain.frame import COLUMNS, MarketFrame
from domain.investors import FLOW_COLUMNS, Investor, InvestorFlows
from domain.listing import Flag, Kind, Listing, Listings, Market, Shares, Ticker, Venue
from domain.marks import Mark
from tests.builders import SESSION, at, frame, listing, row, totals

STOCKS = frozenset({Kind.STOCK})
PRODUCTS = frozenset({Kind.ETF, Kind.ETN})


def full_frame(session: date = SESSION, venue: Venue = Venue.KRX) -> MarketFrame:
    """Every column differs, every fact is set somewhere, one code is unknown."""
    first = replace(
        listing("005930", name="삼성전자", flags=Flag.WARNING | Flag.SPAC, on_nxt=True),
        sectors=("0027", "0013"),
        shares_thousands=5_969_782,
        listed_on=date(1975, 6, 11),
    )
    swept = frame(
        {
            first: row(
                1_221_686_345_500,
                price=82_600,
                base=82_100,
                open=82_300,
                high=83_000,
                low=81_900,
                volume=14_820_123,
            ),
            listing("00104K", name='가나|다 "라"', market=Market.KOSDAQ): row(5),
            listing("0126Z0", name="없음"): None,
        },
        venue=venue,
        session=session,
        as_of=at("20:10:07.123456", session),
        official=totals(12_345_000_000),
        carried=frozenset({"00104K"}),
        suspect=frozenset({"005930"}),
        is_final=True,
    )
    dated = Listings(items=swept.listings.items, dated=session)
    marks = np.array([int(Mark.EX_RIGHTS), 0, int(Mark.UNTRADED)], dtype=np.int64)
    return replace(swept, listings=dated, marks=marks)


def assert_same(read: MarketFrame | None, kept: MarketFrame) -> None:
    """The same frame, column by column and listing by listing."""
    assert read is not None
    assert read.key == kept.key
    for name in (*COLUMNS, "known", "carried", "suspect"):
        written, array = getattr(kept, name), getattr(read, name)
        assert (array.dtype, array.tolist()) == (written.dtype, written.tolist()), name
    assert (read.marks is None) == (kept.marks is None)
    if read.marks is not None and kept.marks is not None:
        assert read.marks.tolist() == kept.marks.tolist()
    assert read.listings == kept.listings
    assert (read.official, read.is_final) == (kept.official, kept.is_final)


def bars(
    ticker: str,
    values: Mapping[date, int],
    *,
    venue: Venue = Venue.KRX,
    listed_shares: int | None = None,
) -> StockBars:
    """Bars whose columns are the value, the value + 1, and so on."""
    figures = np.array(list(values.values()), dtype=np.int64)
    columns = {name: figures + n for n, name in enumerate(MARKED_COLUMNS)}
    return StockBars(
        ticker=Ticker(ticker),
        venue=venue,
        sessions=tuple(values),
        listed_shares=None if listed_shares is None else Shares(listed_shares),
        **columns,
    )


def flows(
    bought: Mapping[Investor, Sequence[int | None]],
    *,
    codes: Sequence[str] = ("000660", "005930"),
    as_of: datetime | None = None,
    is_final: bool = False,
    venue: Venue = Venue.KRX,
) -> InvestorFlows:
    """What each bought of each code, won; sold and volumes follow from it."""
    listings = Listings.of(listing(code) for code in codes)
    columns, known = {}, {}
    for investor, amounts in bought.items():
        known[investor] = np.array([amount is not None for amount in amounts])
        figures = np.array([amount or 0 for amount in amounts], dtype=np.int64)
        columns[investor] = {
            name: figures * (n + 1) for n, name in enumerate(FLOW_COLUMNS)
        }
    return InvestorFlows(
        listings=listings,
        venue=venue,
        session=SESSION,
        columns=columns,
        known=known,
        as_of=as_of or at("15:45"),
        is_final=is_final,
    )


def listings_of(*codes: str) -> Listings:
    """Stocks by code, in the order of codes."""
    found: list[Listing] = [listing(code) for code in codes]
    return Listings.of(found)
