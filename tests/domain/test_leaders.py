"""Certified leaders are the first of the true ranking, whatever is unseen."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from domain.frame import MarketFrame
from domain.frame_joining import add_venues
from domain.leaders import Leaders
from domain.listing import Kind, Listing, Venue
from domain.ranking import Measure, order
from domain.screening import Screen, Universe
from tests.builders import Figures, frame, listing, row
from tests.domain.markets import CODES, FIGURES

STOCKS = Universe()


@st.composite
def whole_markets(draw: st.DrawFn) -> tuple[dict[Listing, Figures], dict[str, Figures]]:
    """Every stock's quote on KRX, and on NXT for those that trade there."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, min_size=3, max_size=12))
    few = draw(st.sampled_from([st.integers(0, 3), FIGURES]))  # few figures: many ties
    figures = st.builds(row, few, volume=few)
    any_on_nxt = draw(st.booleans())
    krx: dict[Listing, Figures] = {}
    nxt: dict[str, Figures] = {}
    for code in codes:
        item = listing(code, on_nxt=any_on_nxt and draw(st.booleans()))
        krx[item] = draw(figures)
        if item.on_nxt:
            nxt[code] = draw(figures)
    return krx, nxt


def whole(krx: dict[Listing, Figures], nxt: dict[str, Figures]) -> MarketFrame:
    there: dict[Listing, Figures] = {
        item: nxt[item.ticker] for item in krx if item.on_nxt
    }
    return add_venues(frame(krx), frame(there, venue=Venue.NXT))


def measure(figures: Figures, by: Measure) -> int:
    assert not isinstance(figures, int | tuple)
    assert figures is not None
    return figures.trading_value if by is Measure.TRADING_VALUE else figures.volume


def codes_of(
    seen: MarketFrame, by: Measure, known: "NDArray[np.bool_] | None" = None
) -> list[str]:
    ordered = order(seen, universe=STOCKS, screen=Screen(), by=by)
    kept = ordered if known is None else [x for x in ordered if known[x]]
    return [seen.listings[int(x)].ticker for x in kept]


@given(
    whole_markets(),
    st.sampled_from([Measure.TRADING_VALUE, Measure.VOLUME]),
    st.integers(1, 6),
    st.sets(st.sampled_from(CODES), max_size=3),
    st.randoms(use_true_random=False),
)
def test_certified_rows_are_the_first_of_the_true_ranking(
    market: tuple[dict[Listing, Figures], dict[str, Figures]],
    by: Measure,
    length: int,
    witnesses: set[str],
    chance: random.Random,
) -> None:
    krx, nxt = market
    # Each venue's list: the best rows, ties in the broker's own, unknown order.
    lists = []
    for there in ({item.ticker: it for item, it in krx.items()}, nxt):
        keys = [(-measure(it, by), chance.random(), code) for code, it in there.items()]
        lists.append([(-key, code) for key, _, code in sorted(keys)[:length]])
    bound = sum(rows[-1][0] for rows in lists if rows)
    seen = {code for rows in lists for _, code in rows} | witnesses
    leaders = Leaders(
        venues=(),
        frame=whole({item: it for item, it in krx.items() if item.ticker in seen}, nxt),
        by=by,
        unseen_at_most=bound,
    )

    certified = codes_of(leaders.frame, by, leaders.certified())

    assert certified == codes_of(whole(krx, nxt), by)[: len(certified)]


def test_a_row_that_only_equals_the_bound_is_not_certain() -> None:
    leaders = Leaders(
        venues=(),
        frame=frame({"000020": 10, "000660": 5, "005930": 6}),
        by=Measure.TRADING_VALUE,
        unseen_at_most=5,
    )

    assert leaders.certified().tolist() == [True, False, True]


def test_nothing_is_certain_when_a_candidate_has_no_quote() -> None:
    leaders = Leaders(
        venues=(),
        frame=frame({"000020": 10, "000660": None}),
        by=Measure.TRADING_VALUE,
        unseen_at_most=5,
    )

    assert leaders.certified().tolist() == [False, False]


@pytest.mark.parametrize(
    ("by", "certain"), [(Measure.TRADING_VALUE, False), (Measure.VOLUME, True)]
)
def test_certainty_is_of_the_measure_asked_for(by: Measure, certain: bool) -> None:
    seen = frame({listing("069500", kind=Kind.ETF): row(5, volume=9)})

    assert (
        Leaders(venues=(), frame=seen, by=by, unseen_at_most=5).certified()[0]
        == certain
    )
