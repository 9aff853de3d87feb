"""Planted surges: each leaves its own trace, and no other."""

from datetime import date, datetime, time

import numpy as np
import pytest

from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.interruptions import INTERRUPTIONS
from tests.kis_emulator.endpoints.request import Call
from tests.kis_emulator.figures import COLUMNS, Quote
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import flows_in
from tests.kis_emulator.headlines import headlines_on
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.plants import CAUSES, NOTHING, Plant, plant_of
from tests.kis_emulator.profiles import profiles_of
from tests.kis_emulator.programs import PROGRAM, programs_in

FRIDAY, THURSDAY = date(2026, 11, 20), date(2026, 11, 19)
SIZE = 300


@pytest.fixture(scope="module")
def plain() -> SimulatedMarket:
    return SimulatedMarket(stocks=SIZE, etf=4, etn=2, nxt=40)


@pytest.fixture(scope="module")
def plants(plain: SimulatedMarket) -> dict[str, Plant]:
    """One of each, on stocks that nothing befell; those that take others along not."""
    final = plain.final("J", FRIDAY)
    befallen = {x.row for x in plain.past.issues} | {x.row for x in plain.past.halts}
    able = [
        item.code
        for row, item in enumerate(plain.listings())
        if item.kind == "STOCK"
        and not item.halted
        and row not in befallen
        and item.listed_on.year < 2020
        and final.volume[row] > 1_000
    ][60:]
    causes = [x for x in CAUSES if x not in ("sector_move", "market_move")]
    return {
        cause: Plant(code=code, cause=cause, day=FRIDAY)
        for cause, code in zip([*causes, NOTHING], able, strict=False)
    }


@pytest.fixture(scope="module")
def market(plants: dict[str, Plant]) -> SimulatedMarket:
    return SimulatedMarket(
        stocks=SIZE, etf=4, etn=2, nxt=40, plants=tuple(plants.values())
    )


def quote(market: SimulatedMarket, plant: Plant, day: date = FRIDAY) -> Quote:
    found = market.final("J", day).quote(plant.code)
    assert found is not None
    return found


def test_without_plants_every_figure_is_as_it_was(
    plain: SimulatedMarket, market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    ours, theirs = market.final("J", FRIDAY), plain.final("J", FRIDAY)
    planted = {ours.row_of[plant.code] for plant in plants.values()}
    others = [row for row in range(len(ours)) if row not in planted]
    for column in COLUMNS:
        ours_now, theirs_now = getattr(ours, column), getattr(theirs, column)
        assert np.array_equal(ours_now[others], theirs_now[others]), column


def test_all_that_is_planted_surges(
    market: SimulatedMarket, plain: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    for plant in plants.values():
        before = quote(plain, plant).trading_value
        assert quote(market, plant).trading_value > 6 * before, plant.cause


def test_limits_hold_from_noon_to_the_close(
    market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    noon = market.snapshot("J", datetime.combine(FRIDAY, time(13), KST))
    top, bottom = plants["upper_price_limit"], plants["lower_price_limit"]
    for at in (noon, market.final("J", FRIDAY)):
        upper, lower = at.quote(top.code), at.quote(bottom.code)
        assert upper is not None
        assert lower is not None
        assert upper.price == upper.upper == upper.high
        assert lower.price == lower.lower == lower.low


def test_a_breakout_alone_crosses_the_year(
    market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    profiles = profiles_of(market, FRIDAY)
    for cause, plant in plants.items():
        profile = profiles.of(plant.code)
        assert profile is not None
        crossed = quote(market, plant).high >= profile.range_high
        assert crossed == (cause == "technical_breakout"), cause


def test_flows_lean_where_they_are_planted(
    market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    final = market.final("J", FRIDAY)
    flows, programs = flows_in(final, "J"), programs_in(final, "J")
    for cause, plant in plants.items():
        value = quote(market, plant).trading_value
        sides = {
            "foreign_buying": flows.side(plant.code, Investor.FOREIGN),
            "institution_buying": flows.side(plant.code, Investor.INSTITUTION),
            "program_trading": programs.side(plant.code, PROGRAM),
        }
        for name, side in sides.items():
            assert side is not None
            assert (side.net_amount / value > 0.2) == (name == cause), (name, cause)


def test_titles_are_only_the_planted_ones(
    market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    for cause, plant in plants.items():
        name = market.listing_of[plant.code].name
        for day in (THURSDAY, FRIDAY):
            own = [x for x in headlines_on(market, day, plant.code) if name in x.title]
            has = day == FRIDAY and cause in ("major_disclosure", "news_coverage")
            assert len(own) == has, (cause, day)
            assert all(x.is_disclosure == (cause == "major_disclosure") for x in own)


def test_listings_halts_and_actions_are_in_the_past(
    market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    new, halted = plants["new_listing"], plants["trading_resumption"]
    assert market.listing_of[new.code].listed_on == FRIDAY
    assert market.final("J", THURSDAY).quote(new.code) is None
    assert quote(market, halted, THURSDAY).volume == 0
    assert quote(market, halted).volume > 0
    for cause, plant in plants.items():
        moved = market.split_ratio(plant.code, FRIDAY) != 1
        assert moved == (cause == "corporate_action"), cause


def test_interruptions_are_served_from_their_second_on(
    market: SimulatedMarket, plants: dict[str, Plant]
) -> None:
    plant = plants["volatility_interruption"]

    def rows(clock: str, code: str = "", day: str = "20261120") -> list[str]:
        params = {
            "FID_DIV_CLS_CODE": "0",
            "FID_COND_SCR_DIV_CODE": "20139",
            "FID_MRKT_CLS_CODE": "0",
            "FID_INPUT_ISCD": code,
            "FID_RANK_SORT_CLS_CODE": "0",
            "FID_INPUT_DATE_1": day,
            "FID_TRGT_CLS_CODE": "",
            "FID_TRGT_EXLS_CLS_CODE": "",
        }
        at = datetime.combine(FRIDAY, time.fromisoformat(clock), KST)
        output = INTERRUPTIONS.answer(Call(market, at, params))["output"]
        assert isinstance(output, list)
        return [x["mksc_shrn_iscd"] + x["vi_cls_code"] for x in output]

    assert rows("10:11:59") == []
    assert rows("10:12") == rows("10:12", plant.code) == [f"{plant.code}Y"]
    assert rows("10:15") == [f"{plant.code}N"]
    assert rows("10:15", plants[NOTHING].code) == []
    assert rows("10:15", day="20261119") == []


def test_an_industry_goes_along(plain: SimulatedMarket) -> None:
    members = [
        x
        for x in plain.listings()
        if (x.market, x.sector_large, x.sector_medium) == ("KOSDAQ", "1009", "1024")
        and x.kind == "STOCK"
    ]
    plant = Plant(code=members[0].code, cause="sector_move", day=FRIDAY)
    sown = SimulatedMarket(stocks=SIZE, etf=4, etn=2, nxt=40, plants=[plant])
    ours, theirs = sown.final("J", FRIDAY), plain.final("J", FRIDAY)
    here = [ours.row_of[x.code] for x in members]
    traded = [row for row in here if theirs.volume[row] > 100]

    times = ours.trading_value[traded] / theirs.trading_value[traded]
    assert np.median(times) > 3
    other = ours.row_of[plain.listings()[0].code]
    assert ours.trading_value[other] == theirs.trading_value[other]


def test_plants_are_read_from_a_command_line() -> None:
    plant = plant_of("000011,news_coverage,2026-11-20,13:05")
    assert plant == Plant(
        code="000011", cause="news_coverage", day=FRIDAY, at=time(13, 5)
    )
    with pytest.raises(ValueError, match="no such plant"):
        plant_of("000011,weather,2026-11-20")
