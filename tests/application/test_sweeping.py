"""Sweeps are attributed to a session, verified, audited and filled."""

import pytest

from application.sweeping import PRODUCTS, STOCKS, pools_of
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.listing import Kind, Venue
from domain.ranking import Measure
from domain.screening import Universe
from tests.application.scene import (
    ALL,
    BROKEN,
    FUNDS,
    KRX,
    NXT,
    ON_KRX,
    ON_NXT,
    Scene,
    values,
)
from tests.builders import BEFORE, SESSION, row, witness

POOL = (Venue.KRX, STOCKS)


async def swept(scene: Scene, held: MarketFrame | None = None) -> MarketFrame:
    return await scene.sweeper.sweep(POOL, held)


def test_pools_are_stocks_first_and_krx_first() -> None:
    every = Universe(kinds=frozenset(Kind))

    assert pools_of(KRX) == [(Venue.KRX, STOCKS)]
    assert pools_of(FUNDS) == [(Venue.KRX, PRODUCTS), (Venue.NXT, PRODUCTS)]
    assert pools_of(every) == [
        (Venue.KRX, STOCKS),
        (Venue.NXT, STOCKS),
        (Venue.KRX, PRODUCTS),
        (Venue.NXT, PRODUCTS),
    ]


async def test_a_sweep_is_of_its_pool_and_of_the_witnessed_session() -> None:
    scene = Scene()

    krx = await swept(scene)
    nxt = await scene.sweeper.sweep((Venue.NXT, STOCKS), None)
    funds = await scene.sweeper.sweep((Venue.KRX, PRODUCTS), None)

    assert set(values(krx)) == {"005930", "000660", "086520", "196170"}
    assert values(nxt) == {"005930": 100_000, "086520": 60_000}
    assert values(funds) == {"069500": 200_000}
    assert funds.kinds == PRODUCTS
    assert krx.session == SESSION
    assert not krx.is_final


async def test_a_pool_that_is_empty_is_an_empty_frame_of_the_session_due() -> None:
    scene = Scene()

    seen = await scene.sweeper.sweep((Venue.NXT, PRODUCTS), None)

    assert (len(seen.listings), seen.session) == (0, SESSION)
    assert seen.kinds == PRODUCTS


@pytest.mark.parametrize(
    ("clock", "venue", "final"),
    [
        ("18:09:59", Venue.KRX, False),
        ("18:10:00", Venue.KRX, True),
        ("18:10:00", Venue.NXT, False),
        ("20:10:00", Venue.NXT, True),
    ],
)
async def test_a_sweep_after_the_last_trade_is_final(
    clock: str, venue: Venue, *, final: bool
) -> None:
    scene = Scene()
    scene.clock.set(clock)

    seen = await scene.sweeper.sweep((venue, STOCKS), None)

    assert seen.is_final is final


async def test_a_witness_with_more_volume_than_its_quote_refuses_the_sweep() -> None:
    scene = Scene()
    scene.quotes.bars["005930", Venue.KRX] = witness(volume=901)

    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await swept(scene)

    assert scene.sweeps == {"KRX": 2}  # tried twice


async def test_a_bar_of_the_future_is_refused() -> None:
    scene = Scene()
    scene.clock.set("08:59")  # due is still the day before

    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await swept(scene)

    assert scene.sweeps == {}


async def test_a_sweep_that_runs_back_is_refused() -> None:
    scene = Scene()
    held = await swept(scene)
    scene.moves(k000660=699_000)
    scene.clock.advance(60)

    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await swept(scene, held)


async def test_a_code_missing_from_a_sweep_keeps_its_last_value_marked() -> None:
    scene = Scene()
    held = await swept(scene)
    scene.quotes.lost = {"000660"}

    seen = await swept(scene, held)

    place = seen.listings.row_of["000660"]
    assert seen.quote(place).trading_value == 700_000
    assert seen.quote(place).carried


async def test_suspects_are_flagged_even_when_carried() -> None:
    scene = Scene()
    scene.quotes.shown[Venue.KRX]["000660"] = row(9_000, volume=1)
    held = await swept(scene)
    scene.quotes.lost = {"000660"}

    seen = await swept(scene, held)

    for one in (held, seen):
        assert one.suspect.tolist() == [
            item.ticker == "000660" for item in one.listings
        ]
    assert seen.carried.any()


async def test_a_final_frame_is_given_back_while_nothing_newer_traded() -> None:
    scene = Scene()
    scene.clock.set("21:00", BEFORE)
    scene.quotes.day = BEFORE
    held = await swept(scene)
    scene.clock.set("10:30", SESSION)

    assert await swept(scene, held) is held
    assert scene.sweeps == {"KRX": 1}


async def test_what_is_broken_is_not_tried_twice() -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = BROKEN

    with pytest.raises(MarketDataUnavailableError) as caught:
        await swept(scene)

    assert caught.value is BROKEN
    assert scene.sweeps == {"KRX": 1}


# -- leaders -----------------------------------------------------------------------


async def test_leaders_are_of_the_witnessed_session() -> None:
    scene = Scene()
    scene.clock.set("21:00", BEFORE)
    scene.quotes.day = BEFORE
    scene.clock.set("09:30", SESSION)

    leaders = await scene.sweeper.lead(ALL, Measure.TRADING_VALUE)

    assert leaders.frame.session == BEFORE
    assert leaders.frame.is_final


async def test_leaders_on_yesterdays_quotes_are_refused() -> None:
    scene = Scene()
    scene.quotes.bars["005930", Venue.KRX] = witness(volume=10**9)

    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await scene.sweeper.lead(ALL, Measure.TRADING_VALUE)


async def test_leaders_of_venues_of_two_days_are_refused() -> None:
    scene = Scene()
    for code in ON_NXT:
        scene.quotes.bars[code, Venue.NXT] = witness(code, session=BEFORE)

    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await scene.sweeper.lead(ALL, Measure.TRADING_VALUE)


async def test_leaders_of_nxt_are_held_against_its_own_witnesses() -> None:
    scene = Scene(krx=ON_KRX)
    assert (await scene.sweeper.lead(NXT, Measure.VOLUME)).frame.session == SESSION
    scene.quotes.bars["005930", Venue.NXT] = witness(volume=101)

    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await scene.sweeper.lead(NXT, Measure.VOLUME)


async def test_leaders_nobody_can_date_are_refused() -> None:
    with pytest.raises(MarketDataUnavailableError, match="새 거래일"):
        await Scene(nxt={}).sweeper.lead(NXT, Measure.VOLUME)
