"""Industries: their own sums, and what stands beside them."""

from dataclasses import replace

import pytest

from application.rank_sectors import RankedSector, SectorQuery, SectorRanking
from domain.errors import InvalidRequestError
from domain.investors import Investor
from domain.listing import Listing, Market, Venue, Won
from domain.screening import Screen
from tests.application.archive_fake import flow, investor_flows
from tests.application.question_scene import PastScene, index
from tests.application.scene import ALL, ALTEOGEN, ECOPRO, HYNIX, SAMSUNG
from tests.builders import SESSION, Figures

MILLION = 1_000_000


def classified() -> PastScene:
    """제조 with 전자 under it and a stock of its own, 제약 of KOSDAQ, one of none."""
    krx: dict[Listing, Figures] = {
        replace(SAMSUNG, sectors=("0027", "0013")): 900_000,
        replace(HYNIX, sectors=("0027",)): 700_000,
        replace(ECOPRO, sectors=("1009",)): 500_000,
        ALTEOGEN: 300_000,
    }
    scene = PastScene(krx=krx)
    scene.indices.names = {"0013": "전기전자", "0027": "제조", "1009": "제약"}
    scene.indices.rates = {
        Market.KOSPI: {"0013": 0.01, "0027": 0.02},
        Market.KOSDAQ: {"1009": -0.03},
    }
    return scene


def row(answer: SectorRanking, code: str) -> RankedSector:
    return next(x for x in answer.rows if x.sector.code == code)


async def test_leaves_tile_the_market() -> None:
    answer = await classified().sectors(SectorQuery())

    assert [(x.name, x.sector.trading_value) for x in answer.rows] == [
        ("전기전자", 1_000_000),
        ("제조", 700_000),
        ("제약", 560_000),
        ("미분류", 300_000),
    ]
    assert answer.total_trading_value == 2_560_000
    assert sum(x.sector.stock_count for x in answer.rows) == 4


async def test_an_index_is_not_that_of_a_part_of_its_stocks() -> None:
    answer = await classified().sectors(SectorQuery())

    assert row(answer, "0013").index_change_rate == 0.01
    assert row(answer, "0027").index_change_rate is None  # its index holds 전자 too
    assert row(answer, "1009").index_change_rate == -0.03
    assert row(answer, "0000").index_change_rate is None


async def test_live_nets_are_of_whole_industries_alone() -> None:
    scene = classified()
    told = {Investor.FOREIGN: flow(5 * MILLION, 2 * MILLION)}
    scene.investors.markets = {
        (Market.KOSPI, "0013"): told,
        (Market.KOSPI, "0027"): told,
    }

    answer = await scene.sectors(SectorQuery())

    assert row(answer, "0013").foreign_net == 3 * MILLION
    assert row(answer, "0013").institution_net is None
    assert row(answer, "0027").foreign_net is None
    assert any("NXT 제외" in note for note in answer.as_of.notes)


async def test_no_live_net_is_said_to_be_that_of_screened_stocks() -> None:
    scene = classified()
    told = {Investor.FOREIGN: flow(5 * MILLION, 2 * MILLION)}
    scene.investors.markets = {(Market.KOSPI, "0013"): told}

    answer = await scene.sectors(
        SectorQuery(screen=Screen(min_trading_value=Won(600_000)))
    )

    assert row(answer, "0013").foreign_net is None
    assert any("종목을 거른 물음" in note for note in answer.as_of.notes)


async def final(scene: PastScene) -> PastScene:
    scene.clock.set("20:30")
    await scene.market.seen(ALL)
    return scene


def keep(scene: PastScene, krx: dict[str, int], nxt: dict[str, int]) -> None:
    for venue, nets in ((Venue.KRX, krx), (Venue.NXT, nxt)):
        flows = {x: flow(net * MILLION, 0) for x, net in nets.items()}
        both = {Investor.FOREIGN: flows, Investor.INSTITUTION: flows}
        scene.archive.hold_flows(
            investor_flows(scene.stocks(venue), SESSION, both, venue=venue)
        )


async def test_kept_nets_are_the_sums_of_both_venues_stocks() -> None:
    scene = classified()
    keep(
        scene,
        {"005930": 5, "000660": 4, "086520": 3, "196170": 2},
        {"005930": 1, "086520": 1},
    )

    answer = await (await final(scene)).sectors(SectorQuery())

    assert row(answer, "0013").foreign_net == 6 * MILLION
    assert row(answer, "0027").foreign_net == 4 * MILLION  # its own stocks alone
    assert row(answer, "1009").institution_net == 4 * MILLION
    assert any("확정 집계의 합" in note for note in answer.as_of.notes)


async def test_a_sector_with_an_unknown_stock_has_no_net() -> None:
    scene = classified()
    keep(scene, {"005930": 5, "000660": 4, "086520": 3}, {"005930": 1})

    answer = await (await final(scene)).sectors(SectorQuery())

    assert row(answer, "0013").foreign_net == 6 * MILLION
    assert row(answer, "1009").foreign_net is None  # of KRX alone: half a sum
    assert row(answer, "0000").foreign_net is None


async def test_kept_indices_stand_for_a_final_session() -> None:
    scene = classified()
    scene.archive.indices_kept[SESSION] = {"0013": index("0013", 0.05)}

    answer = await (await final(scene)).sectors(SectorQuery())

    assert row(answer, "0013").index_change_rate == 0.05
    assert not scene.indices.asked


async def test_before_the_open_the_exchanges_figures_may_be_of_nothing() -> None:
    scene = classified()
    before = scene.sessions_before(1)[0]
    scene.whole_days({"005930": 5, "000660": 4}, before)
    scene.clock.set("08:50")

    answer = await scene.sectors(SectorQuery())

    assert {x.index_change_rate for x in answer.rows} == {None}
    assert not scene.indices.asked
    assert not scene.investors.calls


async def test_a_market_whose_indices_do_not_come_is_said() -> None:
    scene = classified()
    del scene.indices.rates[Market.KOSDAQ]

    answer = await scene.sectors(SectorQuery())

    assert row(answer, "1009").index_change_rate is None
    assert any(x.startswith("1업종은 업종지수를") for x in answer.as_of.notes)


async def test_stocks_ask_for_their_sectors_which_keep_their_rank() -> None:
    answer = await classified().sectors(SectorQuery(stocks=("알테오젠", "000660")))

    assert [(x.rank, x.name) for x in answer.rows] == [(2, "제조"), (4, "미분류")]
    assert answer.total == 2


async def test_a_stock_that_is_screened_out_is_named() -> None:
    answer = await classified().sectors(
        SectorQuery(stocks=("알테오젠",), screen=Screen(min_trading_value=Won(400_000)))
    )

    assert not answer.rows
    assert any("알테오젠(196170)" in note for note in answer.as_of.notes)


async def test_pages_follow_each_other() -> None:
    scene = classified()

    first = await scene.sectors(SectorQuery(count=3))
    rest = await scene.sectors(SectorQuery(count=3, offset=3))

    assert (first.next_offset, rest.next_offset) == (3, None)
    assert [x.rank for x in (*first.rows, *rest.rows)] == [1, 2, 3, 4]


@pytest.mark.parametrize("leaders", [0, 11])
async def test_leaders_are_one_to_ten(leaders: int) -> None:
    with pytest.raises(InvalidRequestError, match=f"leaders {leaders}"):
        await classified().sectors(SectorQuery(leaders=leaders))
