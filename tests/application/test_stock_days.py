"""What a session is to a stock, from kept days and profiles."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from application.stock_days import StockDays
from application.timeliness import Timeliness
from domain.history import History
from domain.listing import Flag, Listing, Won
from domain.profile import Profile, profiles_of
from tests.builders import SESSION, at, frame, listing, row
from tests.fakes import FakeCalendar, FakeClock

CODE = "000010"
TIMES = Timeliness(clock=FakeClock(), calendar=FakeCalendar())
DAYS = TIMES.sessions_before(SESSION, 30)


def days(
    item: Listing | None = None,
    *,
    volumes: list[int] | None = None,
    profile: Profile | None = None,
    closes: int = 1_000,
    today: int = 1_000,
) -> StockDays:
    """One stock with thirty sessions behind it."""
    item = item or listing(CODE)
    shown = frame({item: row(1_000_000, price=today, base=today)})
    volume = np.array([volumes or [100] * 30], dtype=np.int64).T
    price = np.full((30, 1), closes, dtype=np.int64)
    history = History(
        listings=shown.listings,
        venue=shown.venue,
        sessions=DAYS,
        columns={
            "price": price.copy(),
            "base_price": price.copy(),
            "volume": volume,
            "trading_value": volume * closes,
        },
        known=np.ones((30, 1), dtype=bool),
    )
    found = {} if profile is None else {CODE: profile}
    return StockDays(
        frame=shown,
        history=history,
        profiles=profiles_of(shown.listings, found, SESSION),
        timeliness=TIMES,
    )


def read(at: datetime, high: int = 1_500, low: int = 800) -> Profile:
    return Profile(
        ticker=listing(CODE).ticker,
        read_at=at,
        high_52_weeks=Won(high),
        low_52_weeks=Won(low),
    )


@pytest.mark.parametrize(
    ("idle", "before", "expected"),
    [(0, 30, 0), (1, 29, 1), (3, 27, 3), (2, 15, 2), (2, 14, None)],
)
def test_a_halt_is_told_from_a_stock_that_seldom_trades(
    idle: int, before: int, expected: int | None
) -> None:
    traded = [100] * before + [0] * idle
    volumes = [0] * (30 - len(traded)) + traded
    assert days(volumes=volumes).dates(0).idle_sessions == expected


@pytest.mark.parametrize(
    ("listed_on", "expected"),
    [
        (SESSION, 1),
        (date(2026, 8, 19), 2),
        (date(2026, 8, 14), 5),  # a Friday, with a weekend between
        (date(2026, 8, 13), None),
        (None, None),
    ],
)
def test_a_new_listing_counts_its_sessions(
    listed_on: date | None, expected: int | None
) -> None:
    item = listing(CODE, listed_on=listed_on)
    assert days(item).dates(0).listed_sessions == expected


def test_limits_hold_neither_on_a_first_day_nor_in_a_clearance_sale() -> None:
    assert days().prices(0).has_limits
    assert not days(listing(CODE, listed_on=SESSION)).prices(0).has_limits
    assert not days(listing(CODE, flags=Flag.DELISTING)).prices(0).has_limits


@pytest.mark.parametrize(
    ("changes", "year"),
    [
        ({"profile": read(at("09:30"))}, (1_500, 800)),
        ({"profile": read(at("09:30", DAYS[-2])), "closes": 1_000}, (1_500, 800)),
        (
            {"profile": read(at("09:30", DAYS[-2])), "closes": 1_700, "today": 1_700},
            (1_700, 800),
        ),
        # Today's base price is half the close before: the older year is of others.
        ({"profile": read(at("09:30", DAYS[-2])), "today": 500}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_an_older_year_takes_in_the_closes_since(
    changes: dict[str, Any], year: tuple[int | None, int | None]
) -> None:
    prices = days(**changes).prices(0)
    assert (prices.high_year, prices.low_year) == year


def test_only_expiry_days_rank_by_size() -> None:
    dates = days().dates(0)
    assert (dates.is_expiry, dates.size_rank) == (False, None)
