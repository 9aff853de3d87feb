"""What the use cases are asked, and how the answers echo it."""

from datetime import date
from typing import Any

import pytest

from domain.growth import Period, TimeBasis
from domain.investors import Investor
from domain.listing import Flag, Kind, Market, Venue
from domain.screening import Screen, Universe
from domain.sectors import Level
from domain.unusual_volume import Level as UnusualLevel
from domain.unusual_volume import Sensitivity
from domain.volume_patterns import Pattern
from tests.adapters.mcp_server.served import TOLD, query, structured
from tests.adapters.mcp_server.told import (
    CAPS,
    GROWTH,
    INVESTORS,
    SECTORS,
    UNUSUAL,
    told,
)


@pytest.mark.parametrize("tool", TOLD)
async def test_shared_arguments_become_the_question(tool: str) -> None:
    asked = await query(
        tool,
        market="KOSDAQ",
        venue="KRX",
        kinds="ETF,STOCK",
        count="5",
        offset=10,
        min_price=1_000,
        max_price=2_000,
        min_trading_value=7,
        exclude=["SPAC", "HALTED"],
        stocks="005930, 알테오젠",
        session="2026-08-19",
    )
    assert asked.universe == Universe(
        market=Market.KOSDAQ,
        venue=Venue.KRX,
        kinds=frozenset({Kind.STOCK, Kind.ETF}),
    )
    assert asked.screen == Screen(
        min_price=1_000,  # type: ignore[arg-type]
        max_price=2_000,  # type: ignore[arg-type]
        min_trading_value=7,  # type: ignore[arg-type]
        exclude=Flag.SPAC | Flag.HALTED,
    )
    assert (asked.count, asked.offset) == (5, 10)
    assert asked.stocks == ("005930", "알테오젠")
    assert asked.session == date(2026, 8, 19)


@pytest.mark.parametrize("tool", TOLD)
async def test_the_plainest_question_asks_for_everything(tool: str) -> None:
    asked = await query(tool)
    floor = 1_000_000_000 if tool == GROWTH else 0
    assert asked.screen == Screen(min_trading_value=floor)  # type: ignore[arg-type]
    assert (asked.universe, asked.count, asked.offset) == (Universe(), 20, 0)
    assert (asked.stocks, asked.session) == ((), None)


@pytest.mark.parametrize("value", [None, "null"])
async def test_a_session_may_be_null(value: object) -> None:
    assert (await query(CAPS, session=value)).session is None


async def test_growths_own_arguments_become_its_question() -> None:
    asked = await query(
        GROWTH,
        period="20D",
        basis="full_day",
        min_baseline_trading_value=5,
        response_format="concise",
    )
    assert (asked.period, asked.basis) == (Period.TWENTY, TimeBasis.FULL_DAY)
    assert (asked.min_baseline, asked.with_news) == (5, False)
    usual = await query(GROWTH)
    assert (usual.period, usual.basis) == (Period.ONE, None)
    assert (usual.min_baseline, usual.with_news) == (0, True)


async def test_the_investors_own_arguments_become_its_question() -> None:
    asked = await query(
        INVESTORS, investor_type="PROGRAM", trade_type="SELL", side="bottom"
    )
    assert asked.investor is Investor.PROGRAM
    assert (asked.trade_type.value, asked.side.value) == ("SELL", "bottom")
    usual = await query(INVESTORS)
    assert usual.investor is Investor.FOREIGN
    assert (usual.trade_type.value, usual.side.value) == ("NET", "top")


async def test_the_sectors_own_arguments_become_its_question() -> None:
    asked = await query(SECTORS, level="large", leaders=10)
    assert (asked.level, asked.leaders) == (Level.LARGE, 10)
    usual = await query(SECTORS)
    assert (usual.level, usual.leaders) == (Level.LEAF, 3)


async def test_unusual_volumes_own_arguments_become_its_question() -> None:
    asked = await query(
        UNUSUAL,
        threshold=115,
        sensitivity="wide",
        min_history=60,
        level="extreme",
        pattern="ramp",
    )
    assert (asked.threshold, asked.min_history) == (1.15, 60)
    assert asked.sensitivity is Sensitivity.WIDE
    assert (asked.level, asked.pattern) == (UnusualLevel.EXTREME, Pattern.RAMP)
    usual = await query(UNUSUAL)
    assert (usual.threshold, usual.min_history) == (2.0, 20)
    assert (usual.level, usual.pattern) == (None, None)
    assert usual.sensitivity is Sensitivity.NORMAL


@pytest.mark.parametrize("tool", TOLD)
async def test_every_criterion_is_echoed_as_it_was_given(tool: str) -> None:
    given: dict[str, Any] = {
        "market": "KOSPI",
        "venue": "NXT",
        "kinds": ["STOCK", "ETN"],
        "count": 3,
        "offset": 1,
        "min_price": 1,
        "max_price": 10**6,
        "min_trading_value": 5,
        "exclude": ["SPAC", "RISK"],
        "stocks": ["알테오젠"],
        "session": "2026-08-19",
        "response_format": "concise",
    }
    found = await structured(tool, told()[TOLD[tool]].answer, **given)
    assert {key: found[key] for key in given} == given


@pytest.mark.parametrize("tool", TOLD)
async def test_lists_are_echoed_once_and_in_the_schemas_order(tool: str) -> None:
    found = await structured(
        tool,
        told()[TOLD[tool]].answer,
        kinds=["ETN", "STOCK", "ETN"],
        exclude=["RISK", "SPAC", "RISK"],
    )
    assert (found["kinds"], found["exclude"]) == (["STOCK", "ETN"], ["SPAC", "RISK"])
