"""Past sessions in columns: venues added, splits taken out."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.history import ADDED, History, add_venues, empty, split_factors
from domain.listing import Listings, Venue
from tests.builders import BEFORE, SESSION, listing
from tests.past_builders import Figures, days, history

CODE = "005930"
TWO = Listings.of([listing("000020"), listing(CODE, on_nxt=True)])


def test_days_ascend_and_shapes_agree() -> None:
    with pytest.raises(ValueError, match="not ascending"):
        history(price={CODE: [1, 2]}, sessions=(BEFORE, BEFORE))
    with pytest.raises(ValueError, match=r"price: \(2, 1\), expected \(1, 1\)"):
        history(price={CODE: [1, 2]}, sessions=(BEFORE,))
    with pytest.raises(ValueError, match="known: "):
        History(
            listings=TWO,
            venue=Venue.KRX,
            sessions=(BEFORE,),
            columns={},
            known=np.zeros((1, 1), dtype=bool),
        )


def test_nobody_writes_into_the_past() -> None:
    past = history(price={CODE: [1, 2]})

    with pytest.raises(ValueError, match="read-only"):
        past["price"][0, 0] = 7
    with pytest.raises(ValueError, match="read-only"):
        past.known[0, 0] = False


@pytest.mark.parametrize(
    ("count", "kept"), [(0, []), (1, [3]), (2, [2, 3]), (3, [1, 2, 3]), (4, [1, 2, 3])]
)
def test_the_last_sessions_are_the_newest(count: int, kept: list[int]) -> None:
    past = history(price={CODE: [1, 2, 3]}, volume={CODE: [1, 2, 3]}).last(count)

    assert past["price"][:, 0].tolist() == kept
    assert past["volume"][:, 0].tolist() == kept
    assert past.sessions == days(3)[3 - len(kept) :]
    assert len(past.known) == len(kept)


def test_an_empty_history_knows_nothing() -> None:
    past = empty(TWO, Venue.NXT, days(2), ADDED)

    assert not past.known.any()
    assert past["volume"].tolist() == [[0, 0], [0, 0]]
    assert past["trading_value"].dtype == np.int64
    assert past.venue is Venue.NXT


# -- venues ------------------------------------------------------------------------

LONG_AGO = date(2020, 1, 1)


def krx(*figures: Figures, axis: Listings = TWO) -> History:
    return _of(Venue.KRX, axis, figures)


def nxt(*figures: Figures, axis: Listings = TWO) -> History:
    return _of(Venue.NXT, axis, figures)


def _of(venue: Venue, axis: Listings, figures: tuple[Figures, ...]) -> History:
    by_code = dict(zip((str(item.ticker) for item in axis), figures, strict=True))
    return history(axis, venue=venue, trading_value=by_code, price=by_code)


def test_values_add_up_and_prices_are_those_of_krx() -> None:
    both = add_venues(krx([1, 2], [30, 40]), nxt([None, None], [5, 6]), since=LONG_AGO)

    assert both.venue is Venue.ALL
    assert both["trading_value"].tolist() == [[1, 35], [2, 46]]
    assert both["price"].tolist() == [[1, 30], [2, 40]]
    assert both.known.all()


def test_before_nxt_krx_alone_is_the_whole() -> None:
    past = krx([1, 2, 3], [10, 20, 30])
    newest = past.sessions[2]

    both = add_venues(past, nxt([None, None, 0], [None, None, 7]), since=newest)

    assert both["trading_value"].tolist() == [[1, 10], [2, 20], [3, 37]]
    assert both.known.all()


def test_since_nxt_a_session_without_any_of_it_is_not_known() -> None:
    past = krx([1, 2], [10, 20])

    both = add_venues(past, nxt([None, None], [None, 7]), since=past.sessions[0])

    assert both.known.tolist() == [[False, False], [True, True]]


def test_what_krx_does_not_know_is_not_known() -> None:
    both = add_venues(krx([1], [None]), nxt([None], [7]), since=LONG_AGO)

    assert both.known.tolist() == [[True, False]]


def test_histories_of_different_sessions_or_listings_are_not_added() -> None:
    alike = Listings.of(TWO.items)

    with pytest.raises(ValueError, match="different sessions or listings"):
        add_venues(krx([1], [2]), nxt([1, 1], [2, 2]), since=LONG_AGO)
    with pytest.raises(ValueError, match="different sessions or listings"):
        add_venues(krx([1], [2]), nxt([1], [2], axis=alike), since=LONG_AGO)


KNOWN = st.one_of(st.none(), st.integers(0, 10**13))
SESSIONS = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        *(st.lists(KNOWN, min_size=count, max_size=count) for _ in range(4)),
        st.sampled_from([*days(count), SESSION]),
    )
)


@given(SESSIONS)
def test_a_history_of_both_venues_is_their_sum_or_not_known(
    drawn: tuple[Figures, Figures, Figures, Figures, date],
) -> None:
    a, b, c, d, since = drawn

    both = add_venues(krx(a, b), nxt(c, d), since=since)

    for place, day in enumerate(both.sessions):
        there = day < since or c[place] is not None or d[place] is not None
        for row, (here, other) in enumerate([(a, c), (b, d)]):
            value = here[place]
            assert both.known[place, row] == (value is not None and there)
            if both.known[place, row]:
                whole = (value or 0) + (other[place] or 0)
                assert both["trading_value"][place, row] == whole


# -- splits ------------------------------------------------------------------------


def factors(price: Figures, base: Figures, today: int) -> list[float]:
    """One stock's."""
    past = history(price={CODE: price}, base_price={CODE: base})
    found = split_factors(past, np.array([today]))
    return [float(one) for one in found[:, 0]]


def test_without_events_prices_stay_as_they_are() -> None:
    # the base price of a day is the close of the day before
    assert factors([100, 130, 120], [90, 100, 130], 120) == [1.0, 1.0, 1.0]


def test_todays_split_touches_every_past_session() -> None:
    assert factors([1000, 1000], [1000, 1000], 200) == [0.2, 0.2]


def test_a_split_touches_the_sessions_before_it() -> None:
    # five for one between the second and the third
    assert factors([1000, 1100, 230], [1000, 1000, 220], 230) == [0.2, 0.2, 1.0]


def test_events_multiply() -> None:
    # five for one, then two into one this morning
    assert factors([1000, 200], [1000, 200], 400) == pytest.approx([0.4, 2.0])


def test_what_is_not_known_is_no_event() -> None:
    assert factors([1000, 1000], [1000, 1000], 0) == [1.0, 1.0]
    assert factors([1000, None, 300], [1000, None, 200], 300) == [1.0, 1.0, 1.0]
    assert factors([None, 1000], [None, 1000], 500) == [0.5, 0.5]


def test_each_stock_has_its_own_events() -> None:
    past = history(
        price={"000020": [50], CODE: [1000]}, base_price={"000020": [50], CODE: [1000]}
    )

    found = split_factors(past, np.array([50, 200]))

    assert found.tolist() == [[1.0, 0.2]]


def test_no_sessions_have_no_factors() -> None:
    past = empty(TWO, Venue.KRX, (), ("price", "base_price"))

    assert split_factors(past, np.array([1, 1])).shape == (0, 2)


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=8),
    st.integers(2, 50),
    st.data(),
)
def test_factors_undo_a_split_of_prices_and_of_volumes(
    moves: list[int], parts: int, data: st.DataObject
) -> None:
    # the same stock with the split, and as if it had always been split
    split = data.draw(st.integers(1, len(moves)))
    after = [move * 100 for move in moves]
    price = [it * parts if at < split else it for at, it in enumerate(after)]
    volume = [7 * 50 if at < split else 7 * 50 * parts for at in range(len(moves))]
    base = [price[0], *after[: len(moves) - 1]]
    base[1:split] = price[: split - 1]

    undo = np.array(factors(price, base, after[-1]))

    assert (np.array(price) * undo).tolist() == pytest.approx(after)
    assert (np.array(volume) / undo).tolist() == pytest.approx(
        [7 * 50 * parts] * len(moves)
    )


def test_a_stock_whose_nxt_figures_could_not_be_had_is_no_half_sum() -> None:
    krx = history(trading_value={"000001": [100, 100], "000002": [50, 50]})
    nxt = history(
        krx.listings,
        venue=Venue.NXT,
        trading_value={"000001": [10, None], "000002": [5, 5]},
    )
    unread = np.array([[False, False], [True, False]])

    both = add_venues(krx, replace(nxt, unread=unread), since=date.min)

    assert both.known.tolist() == [[True, True], [False, True]]
    assert both["trading_value"][0].tolist() == [110, 55]


def test_a_split_shows_through_days_without_a_price() -> None:
    past = history(price={"000001": [100, 0, 0]}, base_price={"000001": [100, 0, 0]})

    factors = split_factors(past, np.array([20]))

    assert factors[:, 0].tolist() == [0.2, 0.2, 0.2]
