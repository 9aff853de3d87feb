"""Arguments: what is accepted as meant, and the one line that refuses the rest."""

from typing import Any

import pytest
from mcp.types import CallToolResult
from pydantic import ValidationError

from adapters.mcp_server.errors import refusal, wrong_arguments
from adapters.mcp_server.strictness import tools_of
from tests.adapters.mcp_server.served import (
    ERAS,
    Era,
    answer,
    refused,
    server_over,
    text_of,
)
from tests.application.scene import Scene
from tests.builders import listing

ECOPRO_BM = listing("247540", name="에코프로비엠")
COUNT = "1 이상 100 이하의 정수여야 합니다"
FROM_ZERO = "0 이상의 정수여야 합니다"
KINDS = "다음을 하나 이상 담은 목록이어야 합니다: STOCK, ETF, ETN"
WRONG: tuple[tuple[str, Any, str], ...] = (
    *(
        ("count", value, COUNT)
        for value in (
            *(0, -1, 101, 10**30, 7.5, 1e308, "7.5", "abc", "", True, False),
            *("true", None, "null", [7], {"a": 7}, "9" * 5000),
        )
    ),
    *(
        (name, value, FROM_ZERO)
        for name in ("offset", "min_price", "max_price", "min_trading_value")
        for value in (-1, 0.5, "many", True, [1])
    ),
    ("offset", None, FROM_ZERO),
    ("min_price", None, FROM_ZERO),
    *(("kinds", value, KINDS) for value in ([], "", None, ["KONEX"], "stock", 7)),
    ("market", "NYSE", "다음 중 하나여야 합니다: ALL, KOSPI, KOSDAQ"),
    ("market", "kospi", "다음 중 하나여야 합니다: ALL, KOSPI, KOSDAQ"),
    ("market", None, "다음 중 하나여야 합니다: ALL, KOSPI, KOSDAQ"),
    ("venue", "NASDAQ", "다음 중 하나여야 합니다: ALL, KRX, NXT"),
    ("sort_by", "turnover", "하나여야 합니다: trading_value, volume, turnover_rate"),
    ("response_format", "csv", "다음 중 하나여야 합니다: detailed, concise"),
    ("exclude", ["SPAK"], "다음을 담은 목록이어야 합니다: PREFERRED, SPAC, REIT,"),
    ("exclude", None, "다음을 담은 목록이어야 합니다: PREFERRED, SPAC, REIT,"),
    ("stocks", ["005930"] * 101, "글자 목록이어야 합니다(최대 100개)"),
    ("stocks", 5930, "글자 목록이어야 합니다(최대 100개)"),
    ("stocks", [5930], "글자 목록이어야 합니다(최대 100개)"),
    ("include_details", "maybe", "true 또는 false여야 합니다"),
    ("include_details", None, "true 또는 false여야 합니다"),
)


def refused_arguments(arguments: dict[str, Any]) -> CallToolResult:
    """The refusal itself, of arguments that a client could not even write."""
    tool = tools_of(server_over(Scene()))[0]
    with pytest.raises(ValidationError) as caught:
        tool.fn_metadata.validate_arguments(arguments)
    return wrong_arguments(caught.value, tool.parameters)


@pytest.mark.parametrize(
    ("name", "value", "allowed"), WRONG, ids=lambda value: repr(value)[:24]
)
async def test_a_wrong_argument_is_refused_in_one_line(
    name: str, value: Any, allowed: str
) -> None:
    said = await refused(Scene(), **{name: value})
    assert said.startswith(f"{name}=")
    assert allowed in said
    assert "\n" not in said
    assert len(said) < 300
    assert "http" not in said


@pytest.mark.parametrize("era", ERAS)
async def test_both_eras_refuse_alike(era: Era) -> None:
    said = await refused(Scene(), era=era, count=0, venue="X")
    assert said == (
        'venue="X": 다음 중 하나여야 합니다: ALL, KRX, NXT'
        " / count=0: 1 이상 100 이하의 정수여야 합니다"
    )


async def test_null_is_named_where_it_is_allowed() -> None:
    said = await refused(Scene(), max_price=-1)
    assert said == "max_price=-1: 0 이상의 정수여야 합니다 (null 가능)"


async def test_an_unknown_argument_is_refused_by_name_with_its_near_match() -> None:
    said = await refused(Scene(), cuont=5)
    assert said.startswith(
        "cuont: 없는 인자입니다. 혹시 count? 쓸 수 있는 인자: market"
    )


async def test_an_unknown_argument_without_a_near_match_names_all() -> None:
    said = await refused(Scene(), zzz=5)
    assert said.startswith(
        "zzz: 없는 인자입니다. 쓸 수 있는 인자: market, venue, kinds"
    )
    assert said.endswith("stocks, session, response_format")


async def test_a_tool_without_arguments_says_so() -> None:
    said = await refused(Scene(), tool="health_check", verbose=True)
    assert said == "verbose: 없는 인자입니다. 쓸 수 있는 인자: 없음"


async def test_a_huge_name_of_an_argument_is_shortened() -> None:
    huge: dict[str, Any] = {"x" * 5000 + "\nsecond line": 1}
    said = await refused(Scene(), **huge)
    assert len(said) < 300


async def test_crossed_prices_are_refused() -> None:
    said = await refused(Scene(), min_price=10, max_price=5)
    assert said == (
        "min_price 10원이 max_price 5원보다 큽니다. "
        "min_price를 max_price 이하로 주세요."
    )


async def test_equal_price_bounds_are_inclusive() -> None:
    found = await answer(Scene(), min_price=1000, max_price=1000)
    assert found["total"] == 4


@pytest.mark.parametrize("value", [7, "7", 7.0, " 7 "], ids=repr)
async def test_seven_is_seven(value: object) -> None:
    assert (await answer(Scene(), count=value))["count"] == 7


@pytest.mark.parametrize(
    "value", ["ETN,ETF", "ETN, ETF", ["ETN", "ETF"], '["ETF","ETN"]']
)
async def test_a_list_may_be_written_with_commas(value: object) -> None:
    assert (await answer(Scene(), kinds=value))["kinds"] == ["ETF", "ETN"]


@pytest.mark.parametrize("value", ["", [], "[]"], ids=repr)
async def test_no_flag_at_all_excludes_nothing(value: object) -> None:
    assert (await answer(Scene(), exclude=value))["exclude"] == []


@pytest.mark.parametrize("name", ["offset", "min_price", "min_trading_value"])
async def test_a_bound_beyond_every_figure_leaves_nothing(name: str) -> None:
    bound: Any = {name: 10**30}
    found = await answer(Scene(), **bound)
    assert (found["ranking"], found["next_offset"]) == ([], None)
    assert found[name] == 10**30


@pytest.mark.parametrize("value", [0, 1])
async def test_a_highest_price_below_every_price_leaves_nothing(value: int) -> None:
    found = await answer(Scene(), max_price=value)
    assert (found["total"], found["max_price"]) == (0, value)


async def test_a_name_that_fits_several_stocks_is_answered_with_candidates() -> None:
    scene = Scene(krx={listing("086520", name="에코프로"): 5, ECOPRO_BM: 4}, nxt={})
    said = await refused(scene, stocks=["코프로"])
    assert said == (
        "stocks의 '코프로': 여러 종목에 해당합니다. 코드로 물어 주세요: "
        "에코프로(086520), 에코프로비엠(247540)"
    )


@pytest.mark.parametrize(
    ("name", "value", "quoted"),
    [
        ("include_details", None, "null"),
        ("count", True, "true"),
        ("market", "NYSE", '"NYSE"'),
        ("count", {"a": None}, '{"a": null}'),
        ("kinds", ["한국"], '"한국"'),
        ("market", "\ud800", r'"\ud800"'),
        ("market", "x" * 5000, f'"{"x" * 59}…'),
    ],
    ids=["null", "true", "text", "object", "item", "half a character", "long"],
)
def test_a_wrong_value_is_quoted_as_json_writes_it(
    name: str, value: Any, quoted: str
) -> None:
    text = text_of(refused_arguments({name: value}))
    assert text.startswith(f"{name}={quoted}: ")


def test_three_hundred_unknown_arguments_are_a_short_line() -> None:
    text = text_of(refused_arguments({f"cuont{n}": n for n in range(300)}))
    assert text.count("없는 인자입니다.") == 5
    assert text.count("쓸 수 있는 인자: ") == 1
    assert "cuont4: 없는 인자입니다. 혹시 count? / 외 295개. 쓸 수" in text
    assert len(text) < 500


def test_many_wrong_items_of_one_list_are_one_problem() -> None:
    text = text_of(refused_arguments({"stocks": list(range(100))}))
    assert text == "stocks=0: 글자 목록이어야 합니다(최대 100개)"


def test_whatever_is_said_ends() -> None:
    assert len(text_of(refusal("길다 " * 10_000))) == 2_000


async def test_a_name_that_fits_none_is_answered_with_near_names() -> None:
    said = await refused(Scene(), stocks=["SK하이닉수"])
    assert said == (
        "stocks의 'SK하이닉수': 이런 종목이 없습니다. 비슷한 이름: SK하이닉스(000660)"
    )


async def test_a_code_that_does_not_exist_has_no_near_names() -> None:
    said = await refused(Scene(), stocks=["005931"])
    assert said.startswith(
        "stocks: 코드 005931인 종목이 없습니다(KOSPI·KOSDAQ의 주식·ETF·ETN)."
    )
    assert "005930" not in said


async def test_a_name_that_fits_none_says_what_to_do() -> None:
    said = await refused(Scene(), stocks=["없는회사"])
    assert said == (
        "stocks의 '없는회사': 이런 종목이 없습니다. "
        "종목코드나 정확한 종목명으로 물어 주세요."
    )
