"""The universe and the screen over it."""

import pytest
from hypothesis import given

from domain.errors import InvalidRequestError
from domain.frame import MarketFrame
from domain.listing import Flag, Kind, Market, Won
from domain.screening import Screen, Universe
from tests.builders import frame, listing, row
from tests.domain.markets import frames, screens, universes

MARKET = frame(
    {
        listing("000020", flags=Flag.SPAC): row(100, price=10),
        listing("000660", flags=Flag.HALTED | Flag.CAUTION): row(200, price=20),
        listing("005930", market=Market.KOSDAQ): row(300, price=30),
        listing("069500", kind=Kind.ETF): row(400, price=40),
        listing("100000"): None,
    }
)


def passing(screen: Screen) -> list[str]:
    rows = Universe(kinds=frozenset(Kind)).rows(MARKET) & screen.apply(MARKET)
    return [MARKET.listings[row].ticker for row in range(5) if rows[row]]


def test_bounds_are_inclusive() -> None:
    assert passing(Screen(min_price=Won(20))) == ["000660", "005930", "069500"]
    assert passing(Screen(min_price=Won(21))) == ["005930", "069500"]
    assert passing(Screen(max_price=Won(20))) == ["000020", "000660"]
    assert passing(Screen(max_price=Won(19))) == ["000020"]
    assert passing(Screen(min_price=Won(20), max_price=Won(20))) == ["000660"]
    assert passing(Screen(min_trading_value=Won(300))) == ["005930", "069500"]
    assert passing(Screen(min_trading_value=Won(301))) == ["069500"]


def test_any_of_the_excluded_flags_is_enough() -> None:
    assert passing(Screen(exclude=Flag.SPAC)) == ["000660", "005930", "069500"]
    assert passing(Screen(exclude=Flag.CAUTION | Flag.REIT)) == [
        "000020",
        "005930",
        "069500",
    ]


def test_crossed_bounds_are_refused_by_name() -> None:
    with pytest.raises(InvalidRequestError, match="min_price 2,000원이") as caught:
        Screen(min_price=Won(2000), max_price=Won(1999))

    assert caught.value.parameter == "min_price"


def test_a_universe_without_kinds_is_refused_by_name() -> None:
    with pytest.raises(InvalidRequestError, match="kinds: 하나 이상") as caught:
        Universe(kinds=frozenset())

    assert caught.value.parameter == "kinds"


def test_a_universe_is_a_market_and_kinds_and_knows_its_gaps() -> None:
    kospi = Universe(market=Market.KOSPI)

    assert kospi.listed(MARKET).tolist() == [True, True, False, False, True]
    assert kospi.rows(MARKET).tolist() == [True, True, False, False, False]


def test_only_the_empty_screen_passes_all() -> None:
    assert Screen().passes_all
    assert not Screen(min_price=Won(0)).passes_all
    assert not Screen(exclude=Flag.SPAC).passes_all


@given(frames(), universes(), screens())
def test_screening_never_adds(
    seen: MarketFrame, universe: Universe, screen: Screen
) -> None:
    kept = universe.rows(seen) & screen.apply(seen)

    assert not (kept & ~universe.rows(seen)).any()
    assert not (universe.rows(seen) & ~seen.known).any()
    assert Screen().apply(seen).all()


@given(frames(), screens(), screens())
def test_screening_is_monotone(seen: MarketFrame, one: Screen, other: Screen) -> None:
    lows = [x.min_price for x in (one, other) if x.min_price is not None]
    highs = [x.max_price for x in (one, other) if x.max_price is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low > high:
        return  # nothing is left, and such a screen is refused
    stricter = Screen(
        min_price=low,
        max_price=high,
        min_trading_value=max(one.min_trading_value, other.min_trading_value),
        exclude=one.exclude | other.exclude,
    )

    both = one.apply(seen) & other.apply(seen)
    assert (stricter.apply(seen) == both).all()
