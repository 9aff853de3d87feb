"""Gaps filled, venues added and pools joined: by hand, and as laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.frame import COLUMNS, MarketFrame, Quote
from domain.frame_joining import add_venues, as_one, carry, join_pools
from domain.listing import Kind, Listing, Venue
from tests.builders import BEFORE, Figures, at, frame, listing, row, totals
from tests.domain.markets import both_venues, frames, quoted

BOTH = listing("005930", on_nxt=True)
ALONE = listing("000020")


def quote_of(seen: MarketFrame, ticker: str) -> Quote:
    return seen.quote(seen.listings.row_of[ticker])


def figures(seen: MarketFrame) -> dict[str, tuple[int, ...] | None]:
    """What is known, in plain Python."""
    return {
        item.ticker: tuple(int(getattr(seen, name)[place]) for name in COLUMNS)
        if seen.known[place]
        else None
        for place, item in enumerate(seen.listings)
    }


# -- carry -------------------------------------------------------------------------


def test_a_gap_keeps_the_last_value_of_the_session_marked() -> None:
    earlier = frame({"000020": 7, "000660": 5, "005930": 9})
    seen = carry(frame({"000660": None, "005930": 10, "035720": None}), earlier)

    assert quote_of(seen, "000660").trading_value == 5
    assert quote_of(seen, "000660").carried
    assert quote_of(seen, "005930").trading_value == 10
    assert not quote_of(seen, "005930").carried
    assert seen.missing == ("035720",)


def test_nothing_is_carried_from_another_session_or_from_nothing() -> None:
    seen = frame({"005930": None})

    assert carry(seen, None) is seen
    assert carry(seen, frame({"005930": 9}, session=BEFORE)) is seen


def test_a_whole_frame_needs_no_carrying() -> None:
    seen = frame({"005930": 1})

    assert carry(seen, frame({"005930": 9})) is seen


@given(quoted(), frames())
def test_carry_never_overwrites_a_known_row(
    now: dict[Listing, Figures], earlier: MarketFrame
) -> None:
    seen = frame(now)

    filled, before, old = figures(carry(seen, earlier)), figures(seen), figures(earlier)

    assert filled == {
        code: old.get(code) if known is None else known
        for code, known in before.items()
    }


@given(frames(), frames())
def test_what_is_carried_was_a_gap_before(
    seen: MarketFrame, earlier: MarketFrame
) -> None:
    filled = carry(seen, earlier)

    assert not (filled.carried & seen.known).any()
    assert ((filled.known & ~seen.known) == filled.carried).all()


# -- venues ------------------------------------------------------------------------


def test_all_is_krx_and_nxt_with_the_price_of_krx() -> None:
    krx = frame(
        {
            BOTH: row(300, price=100, base=90, volume=3, high=110, low=80),
            ALONE: row(50),
        },
        as_of=at("10:30:08"),
        official=totals(1, 2),
        is_final=True,
    )
    nxt = frame({BOTH: row(202, price=101, volume=2)}, venue=Venue.NXT)

    seen = add_venues(krx, nxt)

    quote = quote_of(seen, "005930")
    assert (quote.trading_value, quote.volume) == (502, 5)
    assert (quote.price, quote.base_price) == (100, 90)
    assert (seen.venue, seen.official) == (Venue.ALL, totals(1, 2))
    assert (seen.as_of_from, seen.as_of) == (nxt.as_of_from, nxt.as_of)
    assert not seen.is_final
    assert add_venues(krx, replace(nxt, is_final=True)).is_final


@pytest.mark.parametrize("lost", [Venue.KRX, Venue.NXT])
def test_half_a_sum_is_not_known(lost: Venue) -> None:
    krx = frame({BOTH: None if lost is Venue.KRX else 300, ALONE: 50})
    nxt = frame({BOTH: None if lost is Venue.NXT else 100}, venue=Venue.NXT)

    assert add_venues(krx, nxt).missing == ("005930",)


def test_a_code_that_the_nxt_sweep_never_asked_is_not_known() -> None:
    assert add_venues(frame({BOTH: 300}), frame({}, venue=Venue.NXT)).missing


def test_marks_of_either_venue_hold_for_both() -> None:
    marked = frozenset({"005930"})
    krx = frame({BOTH: 300, ALONE: 1}, suspect=marked)
    nxt = frame({BOTH: 100}, venue=Venue.NXT, carried=marked)

    quote = quote_of(add_venues(krx, nxt), "005930")

    assert quote.carried
    assert quote.suspect


def test_venues_of_different_sessions_are_not_added() -> None:
    with pytest.raises(ValueError, match="KRX of 2026-08-20, NXT of 2026-08-19"):
        add_venues(frame({}), frame({}, venue=Venue.NXT, session=BEFORE))


@given(both_venues())
def test_all_is_krx_plus_nxt_per_code_and_in_total(
    venues: tuple[MarketFrame, MarketFrame],
) -> None:
    krx, nxt = figures(venues[0]), figures(venues[1])

    seen = add_venues(*venues)

    sums = {}
    for item in seen.listings:
        here, there = krx[item.ticker], nxt.get(item.ticker, (0,) * len(COLUMNS))
        if here and there:
            sums[item.ticker] = (here[5] + there[5], here[6] + there[6])
    values = COLUMNS.index("trading_value"), COLUMNS.index("volume")
    assert values == (5, 6)
    known = {code: got for code, got in figures(seen).items() if got}
    assert {code: (got[5], got[6]) for code, got in known.items()} == sums
    assert sum(value for value, _ in sums.values()) == int(
        seen.trading_value[seen.known].sum()
    )


# -- pools -------------------------------------------------------------------------


@given(frames(kinds=(Kind.STOCK,)), st.data())
def test_joined_pools_keep_every_row(stocks: MarketFrame, data: st.DataObject) -> None:
    products: dict[Listing, Figures] = data.draw(
        quoted(kinds=(Kind.ETF, Kind.ETN)).map(
            lambda them: {
                item: it
                for item, it in them.items()
                if item.ticker not in stocks.listings.row_of
            }
        )
    )

    joined = join_pools([stocks, frame(products)])

    assert figures(joined) == figures(stocks) | figures(frame(products))
    assert list(figures(joined)) == sorted(figures(joined))


def test_joined_pools_are_as_old_as_the_older_and_keep_the_parts() -> None:
    fund = listing("069500", kind=Kind.ETF, on_nxt=True)
    stocks = add_venues(
        frame({BOTH: 300}, is_final=True),
        frame({BOTH: 100}, venue=Venue.NXT, is_final=True),
    )
    products = add_venues(
        frame({fund: 30}, as_of=at("10:20")),
        frame({fund: 20}, venue=Venue.NXT, as_of=at("10:21")),
    )

    joined = join_pools([stocks, products])

    assert quote_of(joined, "069500").nxt_trading_value == 20
    assert quote_of(joined, "005930").nxt_trading_value == 100
    assert joined.as_of == at("10:20")
    assert joined.as_of_from == at("10:19:52")
    assert joined.kinds == {Kind.STOCK, Kind.ETF}
    assert not joined.is_final


def test_one_pool_is_itself() -> None:
    seen = frame({"005930": 1})

    assert join_pools([seen]) is seen


@pytest.mark.parametrize(
    "other", [frame({}, session=BEFORE), frame({}, venue=Venue.NXT)]
)
def test_pools_of_different_venues_or_sessions_are_not_joined(
    other: MarketFrame,
) -> None:
    with pytest.raises(ValueError, match="different venues or sessions"):
        join_pools([frame({"005930": 1}), other])


# -- as one ------------------------------------------------------------------------

FUND = listing("069500", kind=Kind.ETF)
STOCKS_AND_FUNDS = (
    frame({BOTH: 300, ALONE: 50}, official=totals(1, 2)),
    frame({FUND: 30}),
    frame({BOTH: 100}, venue=Venue.NXT),
    frame({}, venue=Venue.NXT, kinds=frozenset({Kind.ETF})),
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 3, 0, 1), (0, 2, 1, 3)])
def test_both_venues_of_every_pool_are_one_frame(order: tuple[int, ...]) -> None:
    seen = as_one([STOCKS_AND_FUNDS[place] for place in order], Venue.ALL)

    assert seen.venue is Venue.ALL
    assert seen.kinds == {Kind.STOCK, Kind.ETF}
    assert [item.ticker for item in seen.listings] == ["000020", "005930", "069500"]
    assert seen.trading_value.tolist() == [50, 400, 30]
    assert seen.parts[Venue.KRX].tolist() == [50, 300, 30]
    assert seen.parts[Venue.NXT].tolist() == [0, 100, 0]
    assert seen.official == totals(1, 2)
    assert seen.is_complete


def test_the_pools_of_one_venue_are_one_frame() -> None:
    stocks, funds, nxt, _ = STOCKS_AND_FUNDS

    assert as_one([stocks, funds], Venue.KRX).trading_value.tolist() == [50, 300, 30]
    assert as_one([stocks], Venue.KRX) is stocks
    assert as_one([nxt], Venue.NXT) is nxt


def test_frames_of_different_sessions_are_not_one() -> None:
    stocks, _, nxt, none = STOCKS_AND_FUNDS
    then = frame({FUND: 30}, session=BEFORE)

    with pytest.raises(ValueError, match="different venues or sessions"):
        as_one([stocks, then], Venue.KRX)
    with pytest.raises(ValueError, match="KRX of 2026-08-19"):
        as_one([stocks, nxt, then, none], Venue.ALL)


def test_pools_that_both_tell_marks_tell_them_joined() -> None:
    stocks = replace(frame({"000010": 1, "000030": 1}), marks=np.array([1, 2]))
    funds = replace(frame({listing("000020", kind=Kind.ETF): 1}), marks=np.array([4]))
    joined = join_pools([stocks, funds]).marks
    assert joined is not None
    assert joined.tolist() == [1, 4, 2]
    assert join_pools([stocks, replace(funds, marks=None)]).marks is None
