"""Sums and concentrations, against plain Python and by hand."""

import pytest
from hypothesis import given

from application.totals import totals_of, totals_of_leaders
from domain.frame import MarketFrame
from domain.frame_joining import add_venues
from domain.leaders import Leaders
from domain.listing import Kind, Market, Venue
from domain.ranking import Measure, RankedQuote, order, page
from domain.screening import Screen, Universe
from tests.builders import frame, listing, totals
from tests.domain.markets import both_venues, frames, universes

KOSDAQ = {listing(f"1{n:05d}", market=Market.KOSDAQ): 10 for n in range(5)}
KOSPI = {listing(f"0{n:05d}"): 100 - 10 * n for n in range(6)}  # 100, 90 … 50


def plain_sum(seen: MarketFrame, universe: Universe, market: Market | None) -> int:
    return sum(
        int(seen.trading_value[place])
        for place, item in enumerate(seen.listings)
        if seen.known[place]
        and item.kind in universe.kinds
        and market in {None, item.market}
    )


@given(frames(), universes())
def test_totals_are_sums_over_the_universe(
    seen: MarketFrame, universe: Universe
) -> None:
    sums = totals_of(seen, universe)

    assert sums.total == plain_sum(seen, universe, universe.market)
    assert sums.kospi == plain_sum(seen, universe, Market.KOSPI)
    assert sums.kosdaq == plain_sum(seen, universe, Market.KOSDAQ)


@given(both_venues())
def test_all_is_krx_plus_nxt_where_nothing_is_lost(
    venues: tuple[MarketFrame, MarketFrame],
) -> None:
    krx, nxt = venues
    if krx.missing or nxt.missing:
        return  # half sums are left out, see the frame's own law
    every = frozenset(Kind)

    both = totals_of(add_venues(krx, nxt), Universe(kinds=every)).total
    parts = [
        totals_of(part, Universe(venue=part.venue, kinds=every)).total
        for part in venues
    ]

    assert both == sum(part for part in parts if part is not None)


def test_by_hand() -> None:
    seen = frame(KOSPI | KOSDAQ, official=totals(500_000_000, 60_000_000))

    sums = totals_of(seen, Universe(venue=Venue.KRX, market=Market.KOSPI))

    # 100 + 90 + 80 + 70 + 60 + 50; the five largest make 400
    assert (sums.total, sums.kospi, sums.kosdaq) == (450, 450, 50)
    assert sums.top5 == pytest.approx(400 / 450)
    assert sums.top10 == 1.0
    # Σ value² = 10,000 + 8,100 + 6,400 + 4,900 + 3,600 + 2,500 = 35,500
    assert sums.herfindahl == pytest.approx(35_500 / 450**2 * 10_000)
    assert sums.official_kospi == 500_000_000
    assert sums.official_kosdaq == 60_000_000


def test_nxt_has_no_official_totals() -> None:
    seen = frame(KOSPI, venue=Venue.NXT, official=totals(1, 1))

    sums = totals_of(seen, Universe(venue=Venue.NXT))

    assert (sums.official_kospi, sums.official_kosdaq) == (None, None)


def test_a_market_without_a_trade_has_no_concentration() -> None:
    sums = totals_of(frame({"005930": 0}), Universe(venue=Venue.KRX))

    assert sums.total == 0
    assert (sums.top5, sums.top10, sums.herfindahl) == (None, None, None)


# -- from leaders ------------------------------------------------------------------


def certified(leaders: Leaders, universe: Universe) -> tuple[RankedQuote, ...]:
    seen = leaders.frame
    ordered = order(seen, universe=universe, screen=Screen(), by=leaders.by)
    return page(seen, ordered, offset=0, count=99).rows


OFFICIAL = totals(800, 200)


@pytest.mark.parametrize(
    ("universe", "top5", "top10"),
    [
        # 400 of 1,000; the ten largest: 450 + 4 x 10
        (Universe(venue=Venue.KRX), 0.4, 0.49),
        (Universe(venue=Venue.KRX, market=Market.KOSPI), 0.5, None),
        (Universe(venue=Venue.KRX, market=Market.KOSDAQ), 0.25, None),
        (Universe(venue=Venue.ALL), None, None),
    ],
)
def test_leaders_are_a_part_of_the_official_totals_of_krx(
    universe: Universe, top5: float | None, top10: float | None
) -> None:
    leaders = Leaders(
        venues=(),
        frame=frame(KOSPI | KOSDAQ, official=OFFICIAL),
        by=Measure.TRADING_VALUE,
        unseen_at_most=0,
    )

    sums = totals_of_leaders(leaders, universe, certified(leaders, universe))

    assert (sums.top5, sums.top10) == (top5, top10)
    assert (sums.total, sums.kospi, sums.kosdaq) == (None, None, None)
    assert sums.herfindahl is None
    assert (sums.official_kospi, sums.official_kosdaq) == (800, 200)


def test_leaders_by_volume_have_no_concentration_by_value() -> None:
    leaders = Leaders(
        venues=(),
        frame=frame(KOSPI, official=OFFICIAL),
        by=Measure.VOLUME,
        unseen_at_most=0,
    )
    krx = Universe(venue=Venue.KRX)

    assert totals_of_leaders(leaders, krx, certified(leaders, krx)).top5 is None


def test_leaders_without_both_official_totals_have_no_sum_of_both() -> None:
    leaders = Leaders(
        venues=(),
        frame=frame(KOSPI, official=totals(800)),
        by=Measure.TRADING_VALUE,
        unseen_at_most=0,
    )
    krx, kospi = Universe(venue=Venue.KRX), Universe(venue=Venue.KRX, market=Market(0))

    assert totals_of_leaders(leaders, krx, certified(leaders, krx)).top5 is None
    assert totals_of_leaders(leaders, kospi, certified(leaders, kospi)).top5 == 0.5


def test_leaders_of_nxt_have_no_official_totals() -> None:
    leaders = Leaders(
        venues=(),
        frame=frame(KOSPI, venue=Venue.NXT, official=OFFICIAL),
        by=Measure.TRADING_VALUE,
        unseen_at_most=0,
    )
    nxt = Universe(venue=Venue.NXT)

    sums = totals_of_leaders(leaders, nxt, certified(leaders, nxt))

    assert (sums.official_kospi, sums.official_kosdaq, sums.top5) == (None, None, None)
