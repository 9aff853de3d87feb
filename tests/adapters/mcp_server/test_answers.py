"""Structured answers: every key always there, the question echoed, null explained."""

import json
from typing import Any

import pytest

from adapters.mcp_server.health.output import HealthOutput
from adapters.mcp_server.volume_ranking.output import VolumeRankingOutput
from adapters.mcp_server.volume_ranking.present import DETAILS
from domain.listing import Flag, Venue
from tests.adapters.mcp_server.schema_check import breaches
from tests.adapters.mcp_server.served import (
    ERAS,
    HEALTH,
    RANKING,
    Era,
    answer,
    ask,
    client_of,
    server_over,
    text_of,
)
from tests.application.scene import BROKEN, ON_KRX, Scene, crowd
from tests.builders import listing, row, totals

QUESTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"market": "KOSPI", "venue": "KRX"},
    {"venue": "NXT", "sort_by": "volume"},
    {"kinds": ["ETF", "ETN"], "include_details": False},
    {"sort_by": "turnover_rate", "session": "2026-08-20"},
    {"stocks": ["005930", "알테오젠"], "response_format": "concise"},
    {"min_price": 10**9},
    {"count": 1, "offset": 1, "exclude": ["SPAC", "HALTED"]},
)


def scenes() -> dict[str, Scene]:
    odd = Scene(
        krx={
            **ON_KRX,
            listing("00104K", name="새회사", base_price=None): row(0, price=5, base=5),
            listing("0126Z0"): None,
        }
    )
    return {
        "warm": Scene(),
        "odd": odd,
        "cold": crowd(),
        "empty": Scene(krx={}, nxt={}),
    }


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("scene", ["warm", "odd"])
async def test_the_output_schema_holds(scene: str, question: dict[str, Any]) -> None:
    async with client_of(scenes()[scene]) as client:
        schema = {tool.name: tool for tool in (await client.list_tools()).tools}
        result = await client.call_tool(RANKING, question)
    assert not result.is_error
    published = schema[RANKING].output_schema
    assert published is not None
    assert breaches(published, result.structured_content) == []
    VolumeRankingOutput.model_validate(result.structured_content)


@pytest.mark.parametrize("era", ERAS)
async def test_a_cold_answer_holds_the_schema_too(era: Era) -> None:
    async with client_of(crowd(), era) as client:
        result = await client.call_tool(RANKING, {"venue": "KRX"})
        schema = (await client.list_tools()).tools[0].output_schema
    assert schema is not None
    assert breaches(schema, result.structured_content) == []
    assert result.structured_content is not None
    assert result.structured_content["meta"]["coverage"]["basis"] == "leaders"


@pytest.mark.parametrize("era", ERAS)
async def test_health_holds_the_schema(era: Era) -> None:
    async with client_of(Scene(), era) as client:
        result = await client.call_tool(HEALTH, {})
        schema = (await client.list_tools()).tools[-1].output_schema
    assert schema is not None
    assert breaches(schema, result.structured_content) == []
    HealthOutput.model_validate(result.structured_content)


async def test_every_criterion_is_echoed_with_its_default() -> None:
    found = await answer(Scene())
    assert {key: found[key] for key in DEFAULTS} == DEFAULTS
    assert set(found) == {
        *DEFAULTS,
        *("timestamp", "ranking", "total", "next_offset", "summary", "meta"),
    }


DEFAULTS = {
    "market": "ALL",
    "venue": "ALL",
    "kinds": ["STOCK"],
    "sort_by": "trading_value",
    "count": 20,
    "offset": 0,
    "min_price": 0,
    "max_price": None,
    "min_trading_value": 0,
    "exclude": [],
    "stocks": [],
    "session": None,
    "include_details": True,
    "response_format": "detailed",
}


async def test_every_criterion_is_echoed_as_it_was_given() -> None:
    given: dict[str, Any] = {
        "market": "KOSDAQ",
        "venue": "KRX",
        "kinds": ["STOCK", "ETF", "ETN"],
        "sort_by": "volume",
        "count": 3,
        "offset": 1,
        "min_price": 1,
        "max_price": 10**6,
        "min_trading_value": 5,
        "exclude": [flag.name for flag in Flag],
        "stocks": ["086520", "알테오젠"],
        "include_details": False,
        "response_format": "concise",
    }
    found = await answer(Scene(), **given)
    assert {key: found[key] for key in given} == given


async def test_a_row_says_where_its_money_was_traded() -> None:
    """900,000 on KRX and 100,000 on NXT: a tenth on NXT."""
    first = (await answer(Scene()))["ranking"][0]
    assert first == {
        "rank": 1,
        "stock_code": "005930",
        "stock_name": "삼성전자",
        "market_type": "KOSPI",
        "current_price": 1000,
        "change": 0,
        "change_rate": 0.0,
        "volume": 1000,
        "trading_value": 1_000_000,
        "krx_trading_value": 900_000,
        "nxt_trading_value": 100_000,
        "nxt_share": 10.0,
        **dict.fromkeys(DETAILS),
    }


async def test_on_krx_alone_nothing_is_said_of_nxt() -> None:
    first = (await answer(Scene(), venue="KRX"))["ranking"][0]
    assert (first["krx_trading_value"], first["nxt_trading_value"]) == (900_000, None)
    assert first["nxt_share"] is None


async def test_a_stock_that_nxt_does_not_trade_has_no_share_of_it() -> None:
    second = (await answer(Scene()))["ranking"][1]
    assert (second["nxt_trading_value"], second["nxt_share"]) == (0, 0.0)


async def test_null_details_come_with_notes() -> None:
    found = await answer(Scene())
    assert {found["ranking"][0][name] for name in DETAILS} == {None}
    notes = "\n".join(found["meta"]["notes"])
    for said in ("previous_rank와 rank_change", "EPS, BPS", "시가총액·회전율"):
        assert said in notes


async def test_missing_official_totals_are_null_with_a_note() -> None:
    found = await answer(Scene())
    assert found["summary"]["official_kospi_trading_value"] is None
    assert any("공식 합계" in note for note in found["meta"]["notes"])


async def test_official_totals_are_none_of_nxt() -> None:
    scene = Scene()
    scene.quotes.official = totals(1_610_000, 805_000)  # of 1,600,000 and 800,000
    krx = (await answer(scene, venue="KRX"))["summary"]
    nxt = (await answer(scene, venue="NXT"))["summary"]
    assert krx["official_kospi_trading_value"] == 1_610_000
    assert nxt["official_kospi_trading_value"] is None


async def test_a_code_without_a_quote_is_named() -> None:
    scene = Scene()
    scene.quotes.lost = {"196170"}
    found = await answer(scene, venue="KRX")
    coverage = found["meta"]["coverage"]
    assert (coverage["listed"], coverage["quoted"]) == (4, 3)
    assert coverage["missing"] == ["196170"]
    assert any("1종목" in note for note in found["meta"]["notes"])


async def test_sums_and_concentrations_are_of_the_unscreened_market() -> None:
    """1,000,000 + 700,000 + 560,000 + 300,000; HHI = Σ (100 × share)²."""
    summary = (await answer(Scene(), count=1, min_trading_value=900_000))["summary"]
    assert summary["total_trading_value"] == 2_560_000
    assert summary["kospi_trading_value"] == 1_700_000
    assert summary["kosdaq_trading_value"] == 860_000
    assert summary["top5_concentration"] == 100.0
    assert summary["herfindahl"] == 2889.4


async def test_a_cold_answer_leaves_sums_null_and_says_so() -> None:
    """Forty stocks, a list of thirty: the last of the list bounds the unseen."""
    found = await answer(crowd(), venue="KRX", count=100)
    summary = found["summary"]
    assert (found["total"], found["next_offset"]) == (None, None)
    assert summary["total_trading_value"] is summary["herfindahl"] is None
    assert [line["rank"] for line in found["ranking"]] == list(range(1, 30))
    assert any("29종목" in note for note in found["meta"]["notes"])


async def test_pages_follow_one_another_to_the_end() -> None:
    first = await answer(Scene(), count=3)
    rest = await answer(Scene(), count=3, offset=first["next_offset"])
    assert [line["rank"] for line in rest["ranking"]] == [4]
    assert (first["next_offset"], rest["next_offset"]) == (3, None)


async def test_named_stocks_keep_their_rank_in_the_whole() -> None:
    found = await answer(Scene(), stocks=["알테오젠", "SK하이닉스"])
    assert [(x["rank"], x["stock_name"]) for x in found["ranking"]] == [
        (2, "SK하이닉스"),
        (4, "알테오젠"),
    ]


async def test_times_are_of_seoul_and_agree() -> None:
    found = await answer(Scene())
    assert found["timestamp"] == found["meta"]["as_of"]
    assert found["timestamp"] == "2026-08-20T10:30:00.000+09:00"
    assert found["meta"]["session"] == "2026-08-20"
    assert (found["meta"]["phase"], found["meta"]["is_final"]) == ("regular", False)


async def test_the_same_frame_gives_the_same_bytes_but_for_its_age() -> None:
    scene = Scene()
    async with client_of(scene) as client:
        first = await client.call_tool(RANKING, {})
        scene.clock.advance(5)
        second = await client.call_tool(RANKING, {})
    assert text_of(first) == text_of(second)
    assert as_bytes(first.structured_content) == as_bytes(second.structured_content)
    assert scene.sweeps == {"KRX": 1, "NXT": 1}


def as_bytes(structured: Any) -> str:
    meta = {**structured["meta"], "age_seconds": 0, "stale": False}
    return json.dumps({**structured, "meta": meta})


async def test_figures_of_a_broken_broker_are_stale_and_say_so() -> None:
    scene = Scene()
    async with client_of(scene) as client:
        await client.call_tool(RANKING, {"venue": "KRX"})
        scene.clock.advance(600)
        scene.quotes.fails |= {"sweep": BROKEN, "leaders": BROKEN}
        late = await client.call_tool(RANKING, {"venue": "KRX"})
    assert late.structured_content is not None
    meta = late.structured_content["meta"]
    assert (meta["stale"], meta["age_seconds"]) == (True, 600.0)
    assert meta["notes"][0].endswith("증권사가 답하지 않습니다.")
    assert text_of(late).splitlines()[0].endswith("지연 시세")


async def test_health_names_every_part_and_no_ranking() -> None:
    scene = Scene()
    await ask(scene)
    found = await answer(scene, HEALTH)
    assert (found["status"], found["environment"]) == ("healthy", "test")
    assert [check["name"] for check in found["checks"]] == ["frames", "calendar"]
    assert found["settings"]["kis_rate_limit"] == 15
    assert "ranking" not in found
    assert found["meta"]["venue"] == Venue.ALL.value


async def test_a_server_answers_many_at_once_with_one_sweep() -> None:
    scene = Scene()
    server = server_over(scene)
    results = [await server.call_tool(RANKING, {}) for _ in range(5)]
    assert len(results) == 5
    assert scene.sweeps == {"KRX": 1, "NXT": 1}
    await scene.market.close()
