"""Caps, weights, multiples, and places gained since the session before."""

from dataclasses import replace

import pytest

from application.question import Question
from application.rank_by_market_cap import LargeStock
from domain.errors import MarketDataUnavailableError
from domain.listing import Listing, Market, Shares, Ticker, Won
from domain.profile import Profile
from domain.screening import Screen, Universe
from tests.application.question_scene import PastScene
from tests.application.scene import ALTEOGEN, ECOPRO, HYNIX, KRX, SAMSUNG
from tests.builders import BEFORE, SESSION, Figures, at, row


def profile(
    code: str, shares: int, eps: float | None = None, bps: float | None = None
) -> Profile:
    return Profile(
        ticker=Ticker(code),
        read_at=at("09:00", SESSION),
        listed_shares=Shares(shares),
        eps=eps,
        bps=bps,
    )


def four() -> PastScene:
    """At 1,000 won: caps of 6, 2, 3 and 1 million; the last loses money."""
    scene = PastScene()
    scene.profiles.found = {
        "005930": profile("005930", 6_000, eps=100, bps=500),
        "000660": profile("000660", 2_000, eps=50, bps=1_000),
        "086520": profile("086520", 3_000),
        "196170": profile("196170", 1_000, eps=-10, bps=250),
    }
    return scene


def by_code(rows: tuple[LargeStock, ...]) -> dict[str, LargeStock]:
    return {x.quote.listing.ticker: x for x in rows}


async def test_caps_are_price_times_shares_and_weights_are_of_the_own_market() -> None:
    answer = await four().caps(Question())

    rows = by_code(answer.rows)
    assert [(x, rows[x].market_cap) for x in rows] == [
        ("005930", 6_000_000),
        ("086520", 3_000_000),
        ("000660", 2_000_000),
        ("196170", 1_000_000),
    ]
    assert [x.weight for x in rows.values()] == [0.75, 0.75, 0.25, 0.25]
    assert [x.trading_value_rank for x in rows.values()] == [1, 3, 2, 4]
    assert answer.totals.total == 12_000_000


async def test_aggregates_leave_losses_and_unknowns_out_and_count_them() -> None:
    totals = (await four().caps(Question())).totals

    # PER 10 and 20: 8 million over .6 + .1; PBR 2, 1 and 4: 9 over 3 + 2 + .25
    assert totals.per.average == pytest.approx(8 / 0.7)
    assert (totals.per.counted, totals.per.negative) == (2, 1)
    assert totals.pbr.average == pytest.approx(9 / 5.25)
    assert (totals.pbr.counted, totals.pbr.negative) == (3, 0)


async def test_a_screen_touches_neither_weights_nor_the_rank_by_value() -> None:
    screen = Screen(min_trading_value=Won(700_000))

    answer = await four().caps(Question(screen=screen))

    rows = by_code(answer.rows)
    assert [x.rank for x in answer.rows] == [1, 2]
    assert (rows["000660"].weight, rows["000660"].trading_value_rank) == (0.25, 2)
    assert answer.totals.total == 12_000_000


async def test_places_are_gained_in_the_unscreened_market_of_both_days() -> None:
    scene = four()
    yesterday: dict[str, Figures] = {
        "005930": row(1, price=100),  # .6 million: last
        "000660": row(1, price=900),  # 1.8
        "086520": row(1, price=1_000),  # 3
        "196170": row(1, price=1_000),  # 1
    }
    scene.archived(yesterday)
    screen = Screen(min_trading_value=Won(700_000))

    answer = await scene.caps(Question(universe=KRX, screen=screen))

    rows = by_code(answer.rows)
    assert rows["005930"].rank_change == 3
    assert rows["000660"].rank_change == -1


async def test_without_yesterdays_shares_no_place_is_guessed() -> None:
    scene = four()
    scene.archived({"005930": 1, "000660": 1, "086520": 1, "196170": 1})
    del scene.profiles.found["196170"]

    answer = await scene.caps(Question(universe=KRX))

    assert {x.rank_change for x in answer.rows} == {None}
    assert "market_cap_rank_change" in answer.as_of.notes[0]


async def test_shares_of_the_master_are_in_thousands_and_said_so() -> None:
    def listed(item: Listing, thousands: int) -> Listing:
        return replace(item, shares_thousands=thousands)

    krx: dict[Listing, Figures] = {listed(SAMSUNG, 6): 9, listed(HYNIX, 2): 7}
    scene = PastScene(krx=krx, nxt={})
    scene.profiles.found = {"005930": profile("005930", 6_789)}

    answer = await scene.caps(Question())

    assert [x.market_cap for x in answer.rows] == [6_789_000, 2_000_000]
    assert any("천주 단위" in note for note in answer.as_of.notes)


async def test_who_has_no_shares_is_left_out_and_counted() -> None:
    scene = four()
    del scene.profiles.found["005930"]

    answer = await scene.caps(Question(stocks=("005930", "000660")))

    assert [(x.rank, x.quote.listing.ticker) for x in answer.rows] == [(2, "000660")]
    assert answer.totals.unknown == 1
    assert any("모르는 1종목은 순위와 합계" in note for note in answer.as_of.notes)
    assert any("삼성전자(005930)" in note for note in answer.as_of.notes)
    assert scene.profiles.wanted == ["000660"]


async def test_a_session_without_any_shares_is_no_market_of_nothing() -> None:
    scene = PastScene()
    scene.whole_days({"005930": 1, "000660": 1}, BEFORE)

    with pytest.raises(MarketDataUnavailableError, match="상장주식수가 보관되어"):
        await scene.caps(Question(session=BEFORE))


async def test_one_market_alone_has_ranks_of_its_own() -> None:
    kosdaq = Universe(market=Market.KOSDAQ)

    answer = await four().caps(Question(universe=kosdaq))

    assert [x.quote.listing for x in answer.rows] == [
        replace(ECOPRO, on_nxt=True),
        ALTEOGEN,
    ]
    assert answer.totals.total == 4_000_000
