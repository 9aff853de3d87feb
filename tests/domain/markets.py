"""Small markets for laws: few codes, few figures, so that ties and gaps are common."""

from hypothesis import strategies as st

from domain.frame import MarketFrame
from domain.listing import (
    NO_FLAGS,
    Flag,
    Kind,
    Listing,
    Market,
    Venue,
    Won,
)
from domain.screening import Screen, Universe
from tests.builders import Figures, Row, frame, listing, row

CODES = [f"{number:05d}{mark}" for number in range(8) for mark in "0KA"]

FIGURES = st.one_of(st.integers(0, 5), st.integers(0, 10**13))


def rows() -> st.SearchStrategy[Row]:
    return st.builds(
        row,
        FIGURES,
        price=st.integers(0, 6),
        base=st.integers(0, 6),
        volume=FIGURES,
        high=st.integers(0, 6),
        low=st.integers(0, 6),
    )


def listed(
    *, kinds: tuple[Kind, ...] = tuple(Kind), on_nxt: bool | None = None
) -> st.SearchStrategy[list[Listing]]:
    """Listings of different codes, in any order."""
    one = st.builds(
        listing,
        st.sampled_from(CODES),
        market=st.sampled_from(Market),
        kind=st.sampled_from(kinds),
        flags=st.sampled_from([NO_FLAGS, Flag.SPAC, Flag.SPAC | Flag.HALTED]),
        on_nxt=st.booleans() if on_nxt is None else st.just(on_nxt),
    )
    return st.lists(one, unique_by=lambda item: item.ticker, max_size=8)


@st.composite
def quoted(
    draw: st.DrawFn, *, kinds: tuple[Kind, ...] = tuple(Kind)
) -> dict[Listing, Figures]:
    """Listings with a quote each, or with none."""
    items = draw(listed(kinds=kinds))
    return {item: draw(st.one_of(st.none(), rows(), rows())) for item in items}


def frames(*, kinds: tuple[Kind, ...] = tuple(Kind)) -> st.SearchStrategy[MarketFrame]:
    return st.builds(frame, quoted(kinds=kinds))


@st.composite
def both_venues(draw: st.DrawFn) -> tuple[MarketFrame, MarketFrame]:
    """KRX of every listing, and NXT of those that trade there."""
    krx = draw(quoted())
    nxt = {item: draw(st.one_of(st.none(), rows())) for item in krx if item.on_nxt}
    return frame(krx), frame(nxt, venue=Venue.NXT)


def universes() -> st.SearchStrategy[Universe]:
    return st.builds(
        Universe,
        market=st.one_of(st.none(), st.sampled_from(Market)),
        venue=st.just(Venue.KRX),
        kinds=st.frozensets(st.sampled_from(Kind), min_size=1),
    )


@st.composite
def screens(draw: st.DrawFn) -> Screen:
    bound = st.one_of(st.none(), st.integers(0, 6))
    low, high = draw(bound), draw(bound)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Screen(
        min_price=None if low is None else Won(low),
        max_price=None if high is None else Won(high),
        min_trading_value=Won(draw(st.integers(0, 6))),
        exclude=draw(st.sampled_from([NO_FLAGS, Flag.SPAC, Flag.HALTED])),
    )
