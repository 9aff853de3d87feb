"""Who buys what: kept flows, live ones, and an earlier session's."""

from datetime import time

import pytest

from application.rank_by_investor import (
    InvestorQuery,
    InvestorRanking,
    Side,
    TradeType,
)
from domain.errors import MarketDataUnavailableError
from domain.investors import Flow, Investor
from domain.listing import Market, Venue
from domain.provenance import Basis
from domain.screening import Universe
from tests.application.archive_fake import flow, investor_flows
from tests.application.question_scene import PastScene
from tests.application.scene import ALL, KRX
from tests.builders import BEFORE, SESSION

MILLION = 1_000_000
FOUR = {"005930": 40_000_000, "000660": 30_000_000, "086520": 20_000_000}
FOUR |= {"196170": 10_000_000}
BOUGHT = {
    "005930": flow(9 * MILLION, 4 * MILLION),  # 5
    "000660": flow(2 * MILLION, 8 * MILLION),  # -6
    "086520": flow(7 * MILLION, 6 * MILLION),  # 1
    "196170": flow(1 * MILLION, 3 * MILLION),  # -2
}
NOTHING = flow(0, 0)


def kept(  # noqa: PLR0913 - one argument per way of being kept
    scene: PastScene,
    flows: dict[str, Flow],
    *,
    day: object = BEFORE,
    investor: Investor = Investor.FOREIGN,
    nxt: bool = True,
    is_final: bool = True,
) -> None:
    """Flows of KRX, and of NXT where nothing was bought or sold."""
    assert day in {BEFORE, SESSION}
    session = BEFORE if day == BEFORE else SESSION
    scene.archive.hold_flows(
        investor_flows(scene.stocks(), session, {investor: flows}, is_final=is_final)
    )
    there = scene.stocks(Venue.NXT)
    if nxt:
        nothing = {investor: {x.ticker: NOTHING for x in there}}
        scene.archive.hold_flows(
            investor_flows(there, session, nothing, venue=Venue.NXT, is_final=is_final)
        )


def net(answer: InvestorRanking) -> list[tuple[str, int | None]]:
    return [(x.quote.listing.ticker, x.net_amount) for x in answer.rows]


async def closed(scene: PastScene, clock: str = "20:30") -> PastScene:
    scene.clock.set(clock)
    await scene.market.seen(ALL)
    return scene


# -- kept --------------------------------------------------------------------------


async def test_after_the_close_the_sessions_own_flows_answer() -> None:
    scene = PastScene()
    kept(scene, BOUGHT, day=SESSION)
    await closed(scene)

    answer = await scene.by_investor(InvestorQuery())

    assert net(answer) == [
        ("005930", 5 * MILLION),
        ("086520", 1 * MILLION),
        ("196170", -2 * MILLION),
        ("000660", -6 * MILLION),
    ]
    for row in answer.rows:
        assert row.flow is not None
        assert row.flow.buy_amount - row.flow.sell_amount == row.net_amount
    assert (answer.as_of.session, answer.as_of.is_final) == (SESSION, True)
    assert answer.as_of.coverage is not None
    assert answer.as_of.coverage.basis is Basis.FULL_MARKET


async def test_the_sums_are_the_rows_sums() -> None:
    scene = PastScene()
    kept(scene, BOUGHT, day=SESSION)
    await closed(scene)

    answer = await scene.by_investor(InvestorQuery(count=1))

    assert answer.totals is not None
    # 9 + 2 + 7 + 1 bought, 4 + 8 + 6 + 3 sold
    assert answer.totals.flow == flow(19 * MILLION, 21 * MILLION)
    assert not answer.totals.is_live
    assert answer.impact == 2 * MILLION / 2_560_000


@pytest.mark.parametrize(
    ("trade_type", "side", "first"),
    [
        (TradeType.NET, Side.TOP, "005930"),
        (TradeType.NET, Side.BOTTOM, "000660"),
        (TradeType.BUY, Side.TOP, "005930"),
        (TradeType.BUY, Side.BOTTOM, "196170"),
        (TradeType.SELL, Side.TOP, "000660"),
        (TradeType.SELL, Side.BOTTOM, "196170"),
    ],
)
async def test_each_trade_type_has_two_ends(
    trade_type: TradeType, side: Side, first: str
) -> None:
    scene = PastScene()
    kept(scene, BOUGHT, day=SESSION)
    await closed(scene)

    answer = await scene.by_investor(InvestorQuery(trade_type=trade_type, side=side))

    assert answer.rows[0].quote.listing.ticker == first


async def test_a_harvest_under_way_answers_with_candidates() -> None:
    scene = PastScene()
    heard = {x: BOUGHT[x] for x in ("005930", "000660")}
    kept(scene, heard, day=SESSION, is_final=False)
    await closed(scene, "15:50")

    answer = await scene.by_investor(InvestorQuery())

    coverage = answer.as_of.coverage
    assert coverage is not None
    assert (coverage.basis, coverage.quoted) == (Basis.CANDIDATES, 2)
    assert coverage.trading_value_share == 1_700_000 / 2_560_000
    assert not answer.as_of.is_final
    assert any("잠정" in note for note in answer.as_of.notes)
    assert any("2종목의 투자자별 매매는 아직" in note for note in answer.as_of.notes)


async def test_flows_of_krx_alone_are_half_of_both_venues() -> None:
    scene = PastScene()
    kept(scene, BOUGHT, day=SESSION, nxt=False)
    await closed(scene)

    with pytest.raises(MarketDataUnavailableError):
        await scene.by_investor(InvestorQuery())

    assert len((await scene.by_investor(InvestorQuery(universe=KRX))).rows) == 4


# -- live --------------------------------------------------------------------------


async def test_while_open_nets_are_the_brokers_slots_and_say_so() -> None:
    scene = PastScene()
    scene.investors.slot = time(10, 0)
    scene.investors.nets = {
        "005930": 3 * MILLION,
        "196170": 9 * MILLION,
        "000660": -MILLION,
    }

    top = await scene.by_investor(InvestorQuery())
    bottom = await scene.by_investor(InvestorQuery(side=Side.BOTTOM))

    assert net(top) == [("196170", 9 * MILLION), ("005930", 3 * MILLION)]
    assert net(bottom) == [("000660", -MILLION)]
    assert top.slot == time(10, 0)
    assert top.rows[0].flow is None
    assert "10:00 입력분" in top.as_of.notes[0]
    # of KRX's 900 thousand, for slots are KRX's alone
    assert top.rows[1].impact == 3 * MILLION / 900_000


@pytest.mark.parametrize(
    "query",
    [
        InvestorQuery(investor=Investor.INDIVIDUAL),
        InvestorQuery(trade_type=TradeType.BUY),
        InvestorQuery(trade_type=TradeType.SELL),
    ],
)
async def test_what_is_not_to_be_had_while_open_is_the_last_sessions(
    query: InvestorQuery,
) -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    kept(scene, BOUGHT, investor=query.investor)
    scene.investors.slot = time(10, 0)

    answer = await scene.by_investor(query)

    assert answer.is_earlier
    assert (answer.as_of.session, answer.as_of.is_final) == (BEFORE, True)
    assert not answer.as_of.stale
    first = answer.as_of.notes[0]
    assert "장 마감 뒤(15:40)부터" in first
    assert "마지막 거래일 2026-08-19의 확정 집계" in first


async def test_market_totals_are_live_while_an_earlier_session_answers() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    kept(scene, BOUGHT, investor=Investor.INDIVIDUAL)
    told = {Investor.INDIVIDUAL: flow(30 * MILLION, 10 * MILLION)}
    scene.investors.markets = dict.fromkeys([(x, None) for x in Market], told)

    answer = await scene.by_investor(InvestorQuery(investor=Investor.INDIVIDUAL))

    assert answer.totals is not None
    assert (answer.totals.is_live, answer.totals.session) == (True, SESSION)
    assert answer.totals.flow.net_amount == 40 * MILLION
    assert answer.totals.trading_value == 2_400_000  # KRX's part


async def test_without_live_totals_those_of_the_rows_session_stand() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    kept(scene, BOUGHT, investor=Investor.INDIVIDUAL)

    answer = await scene.by_investor(InvestorQuery(investor=Investor.INDIVIDUAL))

    assert answer.totals is not None
    assert (answer.totals.is_live, answer.totals.session) == (False, BEFORE)


async def test_one_markets_total_is_no_total_of_both() -> None:
    scene = PastScene()
    scene.investors.slot = time(10, 0)
    told = {Investor.FOREIGN: flow(MILLION, 0)}
    scene.investors.markets = {(Market.KOSPI, None): told}

    both = await scene.by_investor(InvestorQuery())
    kospi = await scene.by_investor(
        InvestorQuery(universe=Universe(market=Market.KOSPI))
    )

    assert both.totals is None
    assert any("합계를 비워" in note for note in both.as_of.notes)
    assert kospi.totals is not None


async def test_program_trading_is_asked_of_candidates_once_a_minute() -> None:
    scene = PastScene()
    scene.investors.programs = {"000660": flow(5 * MILLION, MILLION)}
    query = InvestorQuery(investor=Investor.PROGRAM)

    answer = await scene.by_investor(query)
    await scene.by_investor(query)

    assert net(answer) == [("000660", 4 * MILLION)]
    asked = [about for name, about in scene.investors.calls if name == "program_now"]
    assert sorted(map(str, asked)) == sorted(FOUR)
    assert "4종목 중 값이 온 1종목" in answer.as_of.notes[0]
    assert answer.as_of.coverage is not None
    assert answer.as_of.coverage.basis is Basis.CANDIDATES


async def test_before_the_first_slot_the_reason_is_that() -> None:
    scene = PastScene()
    scene.whole_days(FOUR, BEFORE)
    kept(scene, BOUGHT)

    answer = await scene.by_investor(InvestorQuery())

    assert answer.is_earlier
    assert "가집계는 아직 입력 전이거나" in answer.as_of.notes[0]


# -- sessions, failures ------------------------------------------------------------


async def test_a_session_that_was_named_is_answered_by_no_other() -> None:
    scene = PastScene()
    older = scene.sessions_before(2)[0]
    scene.whole_days(FOUR, older, BEFORE)
    kept(scene, BOUGHT)

    with pytest.raises(MarketDataUnavailableError, match="보관되어 있지 않습니다"):
        await scene.by_investor(InvestorQuery(session=older))
    with pytest.raises(MarketDataUnavailableError, match="장 마감 뒤"):
        await scene.by_investor(
            InvestorQuery(session=SESSION, investor=Investor.INDIVIDUAL)
        )

    assert net(await scene.by_investor(InvestorQuery(session=BEFORE)))


async def test_nothing_kept_and_nothing_live_says_what_to_do() -> None:
    scene = PastScene()

    with pytest.raises(MarketDataUnavailableError, match="backfill --flows"):
        await scene.by_investor(InvestorQuery())


async def test_slots_answer_while_the_archive_is_lost() -> None:
    scene = PastScene()
    scene.archive.is_lost = True
    scene.investors.slot = time(10, 0)
    scene.investors.nets = {"005930": MILLION}

    assert net(await scene.by_investor(InvestorQuery())) == [("005930", MILLION)]


async def test_a_broker_that_is_gone_leaves_an_earlier_answer_marked() -> None:
    scene = PastScene()
    older = scene.sessions_before(2)[0]
    scene.whole_days(FOUR, older, BEFORE)
    for venue in (Venue.KRX, Venue.NXT):
        stocks = scene.stocks(venue)
        flows = {Investor.FOREIGN: {x.ticker: BOUGHT[x.ticker] for x in stocks}}
        scene.archive.hold_flows(investor_flows(stocks, older, flows, venue=venue))
    scene.broker_is_gone()

    answer = await scene.by_investor(InvestorQuery())

    assert (answer.as_of.session, answer.as_of.stale) == (older, True)
    assert answer.is_earlier
    assert f"마지막 거래일 {older}" in answer.as_of.notes[0]
    assert not scene.investors.calls


async def test_named_stocks_keep_their_rank() -> None:
    scene = PastScene()
    kept(scene, BOUGHT, day=SESSION)
    await closed(scene)

    answer = await scene.by_investor(InvestorQuery(stocks=("000660", "에코프로")))

    assert [(x.rank, x.quote.listing.ticker) for x in answer.rows] == [
        (2, "086520"),
        (4, "000660"),
    ]
