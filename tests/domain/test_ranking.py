"""The total order, its cuts, pages and places."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.frame import MarketFrame
from domain.listing import Listing, Venue
from domain.ranking import (
    Measure,
    RankedQuote,
    cut,
    order,
    order_by,
    page,
    places,
    ranks,
    rows_of,
)
from domain.screening import Screen, Universe
from tests.builders import Figures, frame, row
from tests.domain.markets import frames, quoted, screens, universes

MEASURES = st.sampled_from([Measure.TRADING_VALUE, Measure.VOLUME])
STOCKS = Universe(venue=Venue.KRX)


def ranked(
    seen: MarketFrame, universe: Universe, screen: Screen, by: Measure
) -> tuple[RankedQuote, ...]:
    ordered = order(seen, universe=universe, screen=screen, by=by)
    return page(seen, ordered, offset=0, count=len(seen.listings) + 1).rows


def plain(
    seen: MarketFrame, universe: Universe, screen: Screen, by: Measure
) -> list[str]:
    """The same ranking by Python's own sort over tuples."""
    figures = seen.trading_value if by is Measure.TRADING_VALUE else seen.volume
    rows = universe.rows(seen) & screen.apply(seen)
    keys = [
        (-int(figures[place]), item.ticker)
        for place, item in enumerate(seen.listings)
        if rows[place]
    ]
    return [ticker for _, ticker in sorted(keys)]


def test_ties_are_broken_by_code() -> None:
    seen = frame({"005930": 5, "00104K": 9, "000660": 5, "Q53003": 0, "035720": 5})

    rows = ranked(seen, STOCKS, Screen(), Measure.TRADING_VALUE)

    assert [(x.rank, x.quote.listing.ticker) for x in rows] == [
        (1, "00104K"),
        (2, "000660"),
        (3, "005930"),
        (4, "035720"),
        (5, "Q53003"),
    ]


def test_volume_ranks_by_shares() -> None:
    seen = frame({"000660": row(9, volume=1), "005930": row(1, volume=9)})

    rows = ranked(seen, STOCKS, Screen(), Measure.VOLUME)

    assert [x.quote.listing.ticker for x in rows] == ["005930", "000660"]


@given(frames(), universes(), screens(), MEASURES)
def test_the_order_is_total(
    seen: MarketFrame, universe: Universe, screen: Screen, by: Measure
) -> None:
    rows = ranked(seen, universe, screen, by)

    assert [x.quote.listing.ticker for x in rows] == plain(seen, universe, screen, by)
    assert [x.rank for x in rows] == list(range(1, len(rows) + 1))
    for above, below in pairwise(x.quote for x in rows):
        more = {
            Measure.TRADING_VALUE: above.trading_value - below.trading_value,
            Measure.VOLUME: above.volume - below.volume,
        }[by]
        assert more > 0 or (more == 0 and above.listing.ticker < below.listing.ticker)


@given(quoted(), universes(), MEASURES, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_arrival(
    quotes: dict[Listing, Figures],
    universe: Universe,
    by: Measure,
    chance: random.Random,
) -> None:
    shuffled = list(quotes.items())
    chance.shuffle(shuffled)

    assert ranked(frame(quotes), universe, Screen(), by) == ranked(
        frame(dict(shuffled)), universe, Screen(), by
    )


@given(frames(), universes(), screens(), MEASURES, st.integers(1, 5))
def test_pages_tile_the_whole_ranking_exactly_once(
    seen: MarketFrame, universe: Universe, screen: Screen, by: Measure, count: int
) -> None:
    ordered = order(seen, universe=universe, screen=screen, by=by)
    read: list[RankedQuote] = []
    offset: int | None = 0
    while offset is not None:
        cut = page(seen, ordered, offset=offset, count=count)
        assert cut.total == len(ordered)
        assert len(cut.rows) <= count
        read += cut.rows
        offset = cut.next_offset

    assert tuple(read) == ranked(seen, universe, screen, by)


@pytest.mark.parametrize(
    ("offset", "count", "ranks", "next_offset"),
    [
        (0, 2, [1, 2], 2),
        (2, 1, [3], None),
        (1, 2, [2, 3], None),
        (1, 1, [2], 2),
        (3, 5, [], None),
        (99, 5, [], None),
    ],
)
def test_a_page_says_where_the_next_begins(
    offset: int, count: int, ranks: list[int], next_offset: int | None
) -> None:
    seen = frame({"000020": 3, "000660": 2, "005930": 1})
    ordered = order(seen, universe=STOCKS, screen=Screen(), by=Measure.TRADING_VALUE)

    cut = page(seen, ordered, offset=offset, count=count)

    assert [x.rank for x in cut.rows] == ranks
    assert (cut.total, cut.next_offset) == (3, next_offset)


@given(frames(), universes(), screens(), MEASURES, st.data())
def test_places_are_positions_in_the_full_order(
    seen: MarketFrame,
    universe: Universe,
    screen: Screen,
    by: Measure,
    data: st.DataObject,
) -> None:
    codes = [*(item.ticker for item in seen.listings), "999999"]
    asked = data.draw(st.lists(st.sampled_from(codes)))
    ordered = order(seen, universe=universe, screen=screen, by=by)

    found = places(seen, ordered, tuple(asked))

    whole = plain(seen, universe, screen, by)
    assert [(x.rank, x.quote.listing.ticker) for x in found] == [
        (place, ticker)
        for place, ticker in enumerate(whole, start=1)
        if ticker in asked
    ]


def test_a_turnover_rate_is_no_column_of_a_frame() -> None:
    with pytest.raises(ValueError, match="needs listed shares"):
        Measure.TURNOVER_RATE.of(frame({}))


# -- an order of rows --------------------------------------------------------------

EVERY = np.ones(5, dtype=bool)


def test_rows_are_ordered_by_a_measure_and_equal_ones_by_code() -> None:
    measure = np.array([0.5, -1.0, 2.0, 0.5, -1.0])

    assert order_by(EVERY, measure).tolist() == [2, 0, 3, 1, 4]
    assert order_by(EVERY, measure, ascending=True).tolist() == [1, 4, 0, 3, 2]


def test_what_has_no_measure_is_last_from_either_end() -> None:
    measure = np.array([np.nan, 1.0, np.nan, 3.0, -np.inf])

    assert order_by(EVERY, measure).tolist() == [3, 1, 4, 0, 2]
    assert order_by(EVERY, measure, ascending=True).tolist() == [4, 1, 3, 0, 2]


def test_only_qualifying_rows_are_ordered() -> None:
    qualifying = np.array([True, False, True, False, True])

    assert order_by(qualifying, np.array([1, 9, 3, 9, 2])).tolist() == [2, 4, 0]
    assert order_by(~EVERY, np.arange(5)).tolist() == []


def test_a_row_outside_the_order_has_no_rank() -> None:
    assert ranks(np.array([3, 0, 4]), 5).tolist() == [2, 0, 0, 1, 3]
    assert ranks(np.array([], dtype=np.int64), 2).tolist() == [0, 0]


def test_codes_that_a_frame_does_not_list_have_no_row() -> None:
    seen = frame({"000660": 1, "000020": 2, "005930": 3})

    assert rows_of(seen, ["005930", "999999", "000020", "005930"]) == {0, 2}
    assert rows_of(seen, []) == frozenset()


def test_named_rows_keep_their_rank_in_the_whole() -> None:
    ordered = np.array([40, 10, 30, 20, 50])

    found = cut(ordered, offset=0, count=2, only=frozenset({20, 50, 10, 99}))

    assert found.places == ((2, 10), (4, 20))
    assert (found.total, found.next_offset) == (3, 2)
    rest = cut(ordered, offset=2, count=2, only=frozenset({20, 50, 10, 99}))
    assert (rest.places, rest.total, rest.next_offset) == (((5, 50),), 3, None)


def test_nothing_named_is_nothing_found() -> None:
    found = cut(np.array([1, 2]), offset=0, count=5, only=frozenset())

    assert (found.places, found.total, found.next_offset) == ((), 0, None)


ORDERS = st.permutations(range(12)).flatmap(
    lambda rows: st.integers(0, 12).map(lambda size: np.array(rows[:size], np.int64))
)
NAMED = st.one_of(st.none(), st.frozensets(st.integers(0, 14)))


@given(ORDERS, NAMED, st.integers(1, 5))
def test_cuts_tile_the_order_and_every_row_keeps_its_rank(
    ordered: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    only: frozenset[int] | None,
    count: int,
) -> None:
    read: list[tuple[int, int]] = []
    offset: int | None = 0
    while offset is not None:
        part = cut(ordered, offset=offset, count=count, only=only)
        assert len(part.places) <= count
        read += part.places
        offset = part.next_offset

    whole = list(enumerate(ordered.tolist(), start=1))
    assert read == [(rank, row) for rank, row in whole if only is None or row in only]
    assert part.total == len(read)
    placed = ranks(ordered, 15)
    assert all(placed[row] == rank for rank, row in read)
