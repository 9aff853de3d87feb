"""Histories, pasts, profiles and flows with defaults: a test names what matters."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from domain.history import History
from domain.investors import FLOW_COLUMNS, Flow, Investor, InvestorFlows
from domain.listing import Listing, Listings, Shares, Ticker, Venue, Won
from domain.profile import Profile
from domain.unusual_volume import Past, Today
from tests.builders import SESSION, at, listing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Mask = NDArray[np.bool_]

Figures = Sequence[int | None]
"""One stock's figures, oldest first; None: that session is not known."""


def days(count: int, before: date = SESSION) -> tuple[date, ...]:
    """So many days before a session, oldest first."""
    return tuple(before - timedelta(days=back) for back in range(count, 0, -1))


def table(stocks: Sequence[Figures]) -> "tuple[Whole, Mask]":
    """Figures per stock as ``[session, stock]``, and which are known."""
    by_session = list(zip(*stocks, strict=True))
    values = [[one or 0 for one in figures] for figures in by_session]
    known = [[one is not None for one in figures] for figures in by_session]
    shape = (len(by_session), len(stocks))
    return (
        np.array(values, dtype=np.int64).reshape(shape),
        np.array(known, dtype=bool).reshape(shape),
    )


def history(
    listings: Listings | None = None,
    *,
    venue: Venue = Venue.KRX,
    sessions: Sequence[date] | None = None,
    **columns: Mapping[str, Figures],
) -> History:
    """Sessions before today's; a column is figures by code.

    ``history(price={"005930": [1000, None]})``: the first column says what is known.
    """
    first = next(iter(columns.values()))
    axis = listings or Listings.of(listing(code) for code in first)
    tables = {
        name: table([figures[item.ticker] for item in axis])
        for name, figures in columns.items()
    }
    known = next(iter(tables.values()))[1]
    return History(
        listings=axis,
        venue=venue,
        sessions=days(len(known)) if sessions is None else tuple(sessions),
        columns={name: values for name, (values, _) in tables.items()},
        known=known,
    )


def past(values: Sequence[Figures], volumes: Sequence[Figures] | None = None) -> Past:
    """Won per stock, oldest first; as many shares where nothing else is said."""
    traded, known = table(values)
    shares = traded if volumes is None else table(volumes)[0]
    return Past(trading_value=traded, volume=shares.astype(np.float64), known=known)


def today(
    *values: int, volumes: Sequence[int] | None = None, groups: Sequence[int] = ()
) -> Today:
    """Won per stock, all of one market; as many shares where nothing else is said."""
    return Today(
        volume=np.array(values if volumes is None else volumes, dtype=np.int64),
        trading_value=np.array(values, dtype=np.int64),
        quoted=np.ones(len(values), dtype=bool),
        groups=np.array(groups or [0] * len(values), dtype=np.int64),
    )


def profile(  # noqa: PLR0913 - one argument per figure of the inquiry
    ticker: str = "005930",
    *,
    read_at: datetime | None = None,
    listed_shares: int | None = None,
    eps: float | None = None,
    bps: float | None = None,
    foreign_holding: int | None = None,
    high_52_weeks: int | None = None,
    low_52_weeks: int | None = None,
) -> Profile:
    """What one inquiry says, on the session's morning."""
    return Profile(
        ticker=Ticker(ticker),
        read_at=read_at or at("08:40"),
        listed_shares=None if listed_shares is None else Shares(listed_shares),
        eps=eps,
        bps=bps,
        foreign_holding=None if foreign_holding is None else Shares(foreign_holding),
        high_52_weeks=None if high_52_weeks is None else Won(high_52_weeks),
        low_52_weeks=None if low_52_weeks is None else Won(low_52_weeks),
    )


def flow(buy: int = 0, sell: int = 0, bought: int = 0, sold: int = 0) -> Flow:
    """Won bought and sold, then shares."""
    return Flow(
        buy_amount=Won(buy),
        sell_amount=Won(sell),
        buy_volume=Shares(bought),
        sell_volume=Shares(sold),
    )


def flows(
    by_stock: Mapping[str, Flow | None] | Mapping[Listing, Flow | None],
    *,
    investor: Investor = Investor.FOREIGN,
    venue: Venue = Venue.KRX,
) -> InvestorFlows:
    """One investor's flows at one venue; None: listed there, but not known."""
    found = {
        (item := key if isinstance(key, Listing) else listing(key)).ticker: (item, it)
        for key, it in by_stock.items()
    }
    listings = Listings.of(item for item, _ in found.values())
    told = [found[item.ticker][1] for item in listings]
    columns = {
        name: np.array([getattr(x, name) if x else 0 for x in told], dtype=np.int64)
        for name in FLOW_COLUMNS
    }
    return InvestorFlows(
        listings=listings,
        venue=venue,
        session=SESSION,
        columns={investor: columns},
        known={investor: np.array([x is not None for x in told], dtype=bool)},
        as_of=at("15:50"),
    )
