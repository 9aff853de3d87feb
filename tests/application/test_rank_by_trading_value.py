"""The ranking of a market that is held whole."""

from dataclasses import replace

import pytest

from application.rank_by_trading_value import (
    RankingQuery,
    TradingValueRanking,
)
from domain.errors import (
    AmbiguousStockError,
    InvalidRequestError,
)
from domain.listing import Flag, Market, Venue, Won
from domain.provenance import Basis
from domain.screening import Screen, Universe
from domain.session import Phase
from tests.application.scene import (
    ALL,
    BROKEN,
    FUNDS,
    NXT,
    Scene,
)
from tests.builders import SESSION, at, listing, totals


async def whole(scene: Scene | None = None) -> Scene:
    """A scene whose market is held."""
    scene = scene or Scene()
    await scene.market.seen(ALL)
    return scene


def ranks(answer: TradingValueRanking) -> list[tuple[int, str]]:
    return [(x.rank, x.quote.listing.ticker) for x in answer.rows]


# -- bounds ------------------------------------------------------------------------


@pytest.mark.parametrize("count", [-1, 0, 101])
async def test_count_is_one_to_a_hundred(count: int) -> None:
    with pytest.raises(InvalidRequestError, match=f"count {count}: 1 이상") as caught:
        await Scene().rank(RankingQuery(count=count))

    assert caught.value.parameter == "count"


async def test_the_configured_cap_lowers_count() -> None:
    scene = await whole()
    rank = replace(scene.rank, highest_count=10)

    assert len((await rank(RankingQuery(count=10))).rows) == 4
    with pytest.raises(InvalidRequestError, match="10 이하"):
        await rank(RankingQuery(count=11))


async def test_offset_is_not_negative() -> None:
    with pytest.raises(InvalidRequestError, match="offset -1") as caught:
        await Scene().rank(RankingQuery(offset=-1))

    assert caught.value.parameter == "offset"


@pytest.mark.parametrize("count", [1, 100])
async def test_the_bounds_themselves_are_allowed(count: int) -> None:
    scene = await whole()

    assert (await scene.rank(RankingQuery(count=count, offset=0))).rows


# -- the whole ranking -------------------------------------------------------------


async def test_the_default_is_both_venues_stocks_by_trading_value() -> None:
    scene = await whole()

    answer = await scene.rank(RankingQuery())

    assert ranks(answer) == [
        (1, "005930"),
        (2, "000660"),
        (3, "086520"),
        (4, "196170"),
    ]
    assert [x.quote.trading_value for x in answer.rows] == [
        1_000_000,
        700_000,
        560_000,
        300_000,
    ]
    assert (answer.total, answer.next_offset) == (4, None)


async def test_totals_are_of_the_universe_before_any_screen() -> None:
    scene = await whole()

    answer = await scene.rank(
        RankingQuery(count=1, screen=Screen(min_trading_value=Won(600_000)))
    )

    assert (answer.total, answer.next_offset) == (2, 1)
    # 1,000,000 + 700,000 and 560,000 + 300,000
    assert answer.totals.total == 2_560_000
    assert answer.totals.kospi == 1_700_000
    assert answer.totals.kosdaq == 860_000


async def test_one_market_has_ranks_of_its_own_and_both_sums() -> None:
    scene = await whole()

    answer = await scene.rank(RankingQuery(universe=Universe(market=Market.KOSDAQ)))

    assert ranks(answer) == [(1, "086520"), (2, "196170")]
    assert answer.totals.total == answer.totals.kosdaq == 860_000
    assert answer.totals.kospi == 1_700_000


async def test_each_venue_has_a_ranking_of_its_own() -> None:
    scene = await whole()

    nxt = await scene.rank(RankingQuery(universe=NXT))

    assert [x.quote.trading_value for x in nxt.rows] == [100_000, 60_000]
    assert nxt.as_of.venue is Venue.NXT


async def test_funds_are_ranked_when_asked_for() -> None:
    answer = await (await whole()).rank(RankingQuery(universe=FUNDS))

    assert ranks(answer) == [(1, "069500")]


async def test_pages_follow_each_other() -> None:
    scene = await whole()

    first = await scene.rank(RankingQuery(count=3))
    second = await scene.rank(RankingQuery(count=3, offset=3))

    assert first.next_offset == 3
    assert ranks(first) + ranks(second) == ranks(await scene.rank(RankingQuery()))
    assert (second.total, second.next_offset) == (4, None)


async def test_the_answer_says_what_it_rests_on() -> None:
    scene = Scene()
    scene.quotes.official = totals(2_000_000, 1_000_000)
    await whole(scene)
    scene.clock.advance(30)

    said = (await scene.rank(RankingQuery())).as_of

    assert (said.as_of_from, said.as_of) == (at("10:30"), at("10:30"))
    assert (said.session, said.phase) == (SESSION, Phase.REGULAR)
    assert (said.is_final, said.stale, said.age_seconds) == (False, False, 30.0)
    assert said.source.name == "kis"
    assert said.coverage is not None
    assert said.coverage.basis is Basis.FULL_MARKET
    assert (said.coverage.listed, said.coverage.quoted) == (4, 4)
    # KRX's 900 + 700 + 500 + 300 thousand of three million
    assert said.coverage.trading_value_share == 0.8
    previous, unread, shares = said.notes
    assert "previous_rank와 rank_change는 비워 두었습니다" in previous
    assert unread.startswith("4종목은 종목 상세")
    assert shares.startswith("상장주식수를 모르는 종목")


async def test_a_lost_nxt_quote_is_missing_and_named() -> None:
    scene = Scene()
    scene.quotes.shown[Venue.NXT]["005930"] = None
    await whole(scene)

    answer = await scene.rank(RankingQuery())

    assert ranks(answer)[0] == (1, "000660")
    assert answer.totals.total == 1_560_000  # and not KRX's 900,000 as half a sum
    assert answer.as_of.coverage is not None
    assert answer.as_of.coverage.missing == ("005930",)
    assert any("1종목은 순위에서 빠졌습니다" in note for note in answer.as_of.notes)


async def test_stale_figures_lead_with_the_reason() -> None:
    scene = await whole()
    scene.quotes.fails |= {"sweep": BROKEN, "leaders": BROKEN}
    scene.clock.advance(301)

    said = (await scene.rank(RankingQuery())).as_of

    assert said.stale
    assert str(BROKEN) in said.notes[0]


# -- stocks ------------------------------------------------------------------------


async def test_stocks_keep_their_rank_in_the_whole() -> None:
    scene = await whole()

    answer = await scene.rank(RankingQuery(stocks=("알테오젠", "000660")))

    assert ranks(answer) == [(2, "000660"), (4, "196170")]
    assert (answer.total, answer.next_offset) == (2, None)
    assert answer.totals.total == 2_560_000


async def test_stocks_too_are_read_in_pages() -> None:
    scene = await whole()
    three = ("005930", "000660", "196170")

    first = await scene.rank(RankingQuery(stocks=three, count=2))
    rest = await scene.rank(RankingQuery(stocks=three, count=2, offset=2))
    beyond = await scene.rank(RankingQuery(stocks=three, offset=3))

    assert (ranks(first), first.next_offset) == ([(1, "005930"), (2, "000660")], 2)
    assert (ranks(rest), rest.next_offset) == ([(4, "196170")], None)
    assert (ranks(beyond), beyond.next_offset) == ([], None)


async def test_a_stock_that_is_screened_out_is_named() -> None:
    scene = await whole()

    answer = await scene.rank(
        RankingQuery(
            stocks=("005930", "알테오젠", "069500"),
            screen=Screen(min_trading_value=Won(600_000)),
        )
    )

    assert ranks(answer) == [(1, "005930")]
    (note,) = [x for x in answer.as_of.notes if "순위에 없는 종목" in x]
    assert "알테오젠(196170)" in note
    assert "KODEX 200(069500)" in note
    assert "005930" not in note


async def test_a_name_that_fits_several_is_refused_before_any_sweep() -> None:
    scene = Scene()

    with pytest.raises(AmbiguousStockError):
        await scene.rank(RankingQuery(stocks=("k",)))

    assert set(scene.quotes.calls) == {"listings"}


async def test_excluding_says_of_when_the_flags_are() -> None:
    halted = listing("000020", flags=Flag.HALTED)
    scene = Scene(krx={halted: 10, listing("005930"): 5}, nxt={})
    await scene.market.seen(ALL)

    answer = await scene.rank(RankingQuery(screen=Screen(exclude=Flag.HALTED)))

    assert ranks(answer) == [(1, "005930")]
    assert any("종목마스터 기준" in note for note in answer.as_of.notes)
