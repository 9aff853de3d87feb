"""Listings, frames and witnesses with defaults: a test names only what matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from domain.audit import Witness
from domain.frame import NO_TOTALS, MarketFrame, OfficialTotals
from domain.listing import (
    NO_FLAGS,
    Flag,
    Kind,
    Listing,
    Listings,
    Market,
    Shares,
    Ticker,
    Venue,
    Won,
)
from domain.session import KST

SESSION = date(2026, 8, 20)
"""A Thursday like any other."""

BEFORE = date(2026, 8, 19)
"""The session before."""


def at(clock: str, day: date = SESSION) -> datetime:
    """An instant in Seoul: ``at("10:30")``."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=KST)


def listing(  # noqa: PLR0913 - one argument per column of the master
    ticker: str,
    *,
    name: str | None = None,
    market: Market = Market.KOSPI,
    kind: Kind = Kind.STOCK,
    flags: Flag = NO_FLAGS,
    on_nxt: bool = False,
    base_price: int | None = None,
    previous_volume: int | None = None,
    sectors: tuple[str, ...] = (),
    shares_thousands: int | None = None,
    listed_on: date | None = None,
) -> Listing:
    """A stock of KOSPI on KRX alone, called after its code."""
    return Listing(
        ticker=Ticker(ticker),
        name=f"종목{ticker}" if name is None else name,
        market=market,
        kind=kind,
        flags=flags,
        on_nxt=on_nxt,
        base_price=None if base_price is None else Won(base_price),
        previous_volume=None if previous_volume is None else Shares(previous_volume),
        sectors=sectors,
        shares_thousands=shares_thousands,
        listed_on=listed_on,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One quote's figures; made by `row`."""

    price: int
    base_price: int
    open: int
    high: int
    low: int
    volume: int
    trading_value: int


def row(  # noqa: PLR0913 - one argument per column of the frame
    trading_value: int = 0,
    *,
    price: int = 1000,
    base: int | None = None,
    volume: int | None = None,
    open: int | None = None,  # noqa: A002 - the column's name
    high: int | None = None,
    low: int | None = None,
) -> Row:
    """A quote that moved nowhere; its volume is the value over the price."""
    return Row(
        price=price,
        base_price=price if base is None else base,
        open=price if open is None else open,
        high=price if high is None else high,
        low=price if low is None else low,
        volume=trading_value // price if volume is None else volume,
        trading_value=trading_value,
    )


Figures = Row | tuple[int, int, int, int] | int | None
"""A `row`, (price, base, volume, value), the value alone, or None: no quote came."""


def _as_row(figures: Figures) -> Row:
    match figures:
        case None:
            return _NO_QUOTE
        case Row():
            return figures
        case int():
            return row(figures)
        case (price, base, volume, value):
            return row(value, price=price, base=base, volume=volume)


_NO_QUOTE = Row(price=0, base_price=0, open=0, high=0, low=0, volume=0, trading_value=0)


def frame(  # noqa: PLR0913 - a frame says this much of itself
    quotes: Mapping[str, Figures] | Mapping[Listing, Figures],
    *,
    venue: Venue = Venue.KRX,
    session: date = SESSION,
    as_of: datetime | None = None,
    as_of_from: datetime | None = None,
    kinds: frozenset[Kind] | None = None,
    official: OfficialTotals = NO_TOTALS,
    carried: frozenset[str] = frozenset(),
    suspect: frozenset[str] = frozenset(),
    is_final: bool = False,
) -> MarketFrame:
    """One sweep, at 10:30 and for eight seconds; keys are codes or listings.

    ``kinds`` are those of the listings.
    """
    by_ticker = {
        (item := key if isinstance(key, Listing) else listing(key)).ticker: (item, it)
        for key, it in quotes.items()
    }
    listings = Listings.of(item for item, _ in by_ticker.values())
    figures = [by_ticker[item.ticker][1] for item in listings]
    rows = [_as_row(one) for one in figures]
    end = as_of or at("10:30", session)

    def column(name: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return np.array([getattr(one, name) for one in rows], dtype=np.int64)

    def mask(marked: frozenset[str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        return np.array([item.ticker in marked for item in listings], dtype=bool)

    return MarketFrame(
        listings=listings,
        venue=venue,
        kinds=frozenset(item.kind for item in listings) if kinds is None else kinds,
        session=session,
        as_of_from=as_of_from or end - timedelta(seconds=8),
        as_of=end,
        price=column("price"),
        base_price=column("base_price"),
        open=column("open"),
        high=column("high"),
        low=column("low"),
        volume=column("volume"),
        trading_value=column("trading_value"),
        known=np.array([one is not None for one in figures], dtype=bool),
        carried=mask(carried),
        suspect=mask(suspect),
        official=official,
        is_final=is_final,
    )


def witness(
    ticker: str = "005930",
    *,
    session: date = SESSION,
    open: int = 1000,  # noqa: A002 - the bar's own word
    volume: int = 0,
) -> Witness:
    """A daily bar."""
    return Witness(
        ticker=ticker, session=session, open=Won(open), volume=Shares(volume)
    )


def totals(kospi: int | None = None, kosdaq: int | None = None) -> OfficialTotals:
    """The exchange's own sums."""
    return OfficialTotals(
        kospi=None if kospi is None else Won(kospi),
        kosdaq=None if kosdaq is None else Won(kosdaq),
    )
