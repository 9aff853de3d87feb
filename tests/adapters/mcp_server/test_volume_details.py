"""Details, moves and turnover in the answer and the text of get_volume_ranking."""

from typing import Any

import pytest

from adapters.mcp_server.volume_ranking.present import DETAILS
from domain.ranking import Measure
from tests.adapters.mcp_server.answers import details, ranked, volumes
from tests.adapters.mcp_server.served import (
    RANKING,
    USE_CASES,
    lines,
    server_over,
    structured,
)
from tests.adapters.mcp_server.told import Told, told
from tests.application.scene import Scene


async def test_details_of_a_row() -> None:
    """1,000 shares at 1,010 won, half of them foreign, 900 traded; up from fifth."""
    found = await structured(RANKING, volumes())
    first = found["ranking"][0]
    assert {name: first[name] for name in DETAILS} == {
        "previous_rank": 5,
        "rank_change": 2,
        "market_cap": 1_010_000,
        "foreign_ratio": 50.0,
        "per": 12.35,
        "turnover_rate": 90.0,
    }


async def test_a_row_without_details_still_has_moved() -> None:
    row = ranked(details=None, previous_rank=1)
    (found,) = (await structured(RANKING, volumes(rows=(row,))))["ranking"]
    assert (found["previous_rank"], found["rank_change"]) == (1, -2)
    assert found["market_cap"] is found["turnover_rate"] is None


@pytest.mark.parametrize(
    "given", [{"response_format": "concise"}, {"include_details": False}], ids=str
)
async def test_details_that_are_not_wanted_are_null(given: dict[str, Any]) -> None:
    found = await structured(RANKING, volumes(), **given)
    assert {found["ranking"][0][name] for name in DETAILS} == {None}


async def test_what_is_ranked_by_is_never_left_out() -> None:
    given = {"sort_by": "turnover_rate", "response_format": "concise"}
    first = (await structured(RANKING, volumes(), **given))["ranking"][0]
    assert (first["turnover_rate"], first["market_cap"]) == (90.0, None)
    shown = await lines(RANKING, volumes(), **given)
    assert shown[1].startswith("회전율 순위 (")
    assert shown[2] == "순위 | 종목(코드) | 등락률 | 거래대금 | 회전율"


@pytest.mark.parametrize(
    ("given", "by", "with_details"),
    [
        ({}, Measure.TRADING_VALUE, True),
        ({"sort_by": "volume", "include_details": False}, Measure.VOLUME, False),
        ({"response_format": "concise"}, Measure.TRADING_VALUE, False),
        (
            {"sort_by": "turnover_rate", "include_details": False},
            Measure.TURNOVER_RATE,
            True,
        ),
    ],
    ids=str,
)
async def test_details_are_read_only_where_they_are_needed(
    given: dict[str, Any], by: Measure, with_details: bool
) -> None:
    one = Told(volumes())
    parts = {**told(), USE_CASES[RANKING]: one}
    await server_over(Scene(), others=parts).call_tool(RANKING, given)
    (asked,) = one.asked
    assert (asked.by, asked.with_details) == (by, with_details)


async def test_moves_and_details_have_columns() -> None:
    shown = await lines(RANKING, volumes(), venue="KRX")
    assert shown[2:7] == [
        "순위 | 변동 | 종목(코드) | 현재가 | 등락률 | 거래대금 | 시총 | 회전율",
        "3 | ▲2 | 삼성전자(005930) | 1,010 | +1.00% | 90만 | 101만 | 90.00%",
        "4 | 신규 | SK하이닉스(000660) | 1,010 | +1.00% | 90만 | - | -",
        "5 | - | 에코프로(086520) | 1,010 | +1.00% | 90만 | 101만 | 90.00%",
        "6 | ▼2 | 알테오젠(196170) | 1,010 | +1.00% | 90만 | 101만 | 90.00%",
    ]


async def test_columns_that_nobody_fills_are_left_out() -> None:
    row = ranked(details=details(market_cap=None, turnover_rate=None))
    found = volumes(rows=(row,), knows_previous=False)
    shown = await lines(RANKING, found, venue="KRX")
    assert shown[2] == "순위 | 종목(코드) | 현재가 | 등락률 | 거래대금"


async def test_an_asked_session_is_echoed() -> None:
    found = await structured(RANKING, volumes(), session="2026-08-19")
    assert found["session"] == "2026-08-19"
