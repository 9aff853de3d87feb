"""What no ranking takes, shared or of its own: refused in one line that helps."""

from functools import cache
from typing import Any

import pytest
from mcp import Client
from mcp.server import MCPServer

from domain.errors import InvalidRequestError
from tests.adapters.mcp_server.served import (
    RANKINGS,
    TOLD,
    ask,
    server_over,
    text_of,
    told_answer,
)
from tests.adapters.mcp_server.told import CAPS, GROWTH, INVESTORS, SECTORS, UNUSUAL
from tests.application.scene import Scene

FROM_ZERO = "0 이상의 정수여야 합니다"
COUNT = "1 이상 100 이하의 정수여야 합니다"
DAY = "YYYY-MM-DD 꼴의 거래일이어야 합니다. 예: 2026-11-19 (null 가능)"
SHARED: tuple[tuple[str, Any, str], ...] = (
    ("market", "KONEX", "다음 중 하나여야 합니다: ALL, KOSPI, KOSDAQ"),
    ("venue", 1, "다음 중 하나여야 합니다: ALL, KRX, NXT"),
    ("kinds", ["STOCKS"], "다음을 하나 이상 담은 목록이어야 합니다: STOCK, ETF, ETN"),
    ("kinds", [], "다음을 하나 이상 담은 목록이어야 합니다: STOCK, ETF, ETN"),
    *(("count", value, COUNT) for value in (0, -1, 101, 10**30, 1.5, "x", True, None)),
    *(("offset", value, FROM_ZERO) for value in (-1, "x", None)),
    *(("min_price", value, FROM_ZERO) for value in (-1, 0.5)),
    ("max_price", -1, f"{FROM_ZERO} (null 가능)"),
    *(("min_trading_value", value, FROM_ZERO) for value in (-(10**30), [1], None)),
    ("exclude", ["SPAK"], "다음을 담은 목록이어야 합니다: PREFERRED, SPAC"),
    ("stocks", [5930], "글자 목록이어야 합니다(최대 100개)"),
    *(
        ("session", value, DAY)
        for value in (
            *("20261119", "2026/11/19", "2026-02-30", "2026-11-9", "어제", ""),
            *("2026-11-19T00:00:00", "２０２６-11-19", 20261119, 0, True, ["x"]),
        )
    ),
    ("response_format", "csv", "다음 중 하나여야 합니다: detailed, concise"),
)
OWN: tuple[tuple[str, str, Any, str], ...] = (
    (GROWTH, "period", "3D", "다음 중 하나여야 합니다: 1D, 5D, 20D"),
    (GROWTH, "period", None, "다음 중 하나여야 합니다: 1D, 5D, 20D"),
    (GROWTH, "basis", "day", "하나여야 합니다: same_time, full_day (null 가능)"),
    *(
        (GROWTH, "min_baseline_trading_value", value, FROM_ZERO)
        for value in (-1, 0.1, "many", True, None)
    ),
    (
        INVESTORS,
        "investor_type",
        "FOREIGNER",
        "다음 중 하나여야 합니다: FOREIGN, INSTITUTION, INDIVIDUAL, PROGRAM",
    ),
    (INVESTORS, "trade_type", "net", "다음 중 하나여야 합니다: NET, BUY, SELL"),
    (INVESTORS, "side", "TOP", "다음 중 하나여야 합니다: top, bottom"),
    (SECTORS, "level", "small", "다음 중 하나여야 합니다: leaf, large"),
    *(
        (SECTORS, "leaders", value, "1 이상 10 이하의 정수여야 합니다")
        for value in (0, 11, -3, 2.5, "x", True, None)
    ),
    *(
        (UNUSUAL, "threshold", value, "100 이상 1000 이하의 정수여야 합니다")
        for value in (99, 1001, -1, 10**30, 2.5, "x", True, None)
    ),
    (UNUSUAL, "sensitivity", "high", "하나여야 합니다: strict, normal, wide"),
    *(
        (UNUSUAL, "min_history", value, "20 이상 60 이하의 정수여야 합니다")
        for value in (19, 61, 20.5, None)
    ),
    (UNUSUAL, "level", "huge", "하나여야 합니다: notable, strong, extreme (null 가능)"),
    (UNUSUAL, "pattern", "zigzag", "하나여야 합니다: spike, ramp, level_shift (null"),
    (
        UNUSUAL,
        "reasons",
        ["luck"],
        "목록이어야 합니다: major_disclosure, news_coverage",
    ),
)


@cache
def standing_server() -> MCPServer[Any]:
    """One for all questions that never reach a use case: to build it takes long."""
    return server_over(Scene())


async def refusal(tool: str, **arguments: Any) -> str:
    """The one line of a refused question."""
    async with Client(standing_server()) as client:
        result = await client.call_tool(tool, dict(arguments))
    assert result.is_error
    return text_of(result)


def short(value: object) -> str:
    return repr(value)[:20]


@pytest.mark.parametrize("tool", RANKINGS)
@pytest.mark.parametrize(("name", "value", "allowed"), SHARED, ids=short)
async def test_every_ranking_refuses_a_wrong_shared_argument(
    tool: str, name: str, value: Any, allowed: str
) -> None:
    said = await refusal(tool, **{name: value})
    assert said.startswith(f"{name}=")
    assert allowed in said
    assert "\n" not in said
    assert len(said) < 300


@pytest.mark.parametrize(("tool", "name", "value", "allowed"), OWN, ids=short)
async def test_a_wrong_argument_of_its_own_is_refused(
    tool: str, name: str, value: Any, allowed: str
) -> None:
    said = await refusal(tool, **{name: value})
    assert said.startswith(f"{name}=")
    assert allowed in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("tool", "typed", "meant"),
    [
        (GROWTH, "preiod", "period"),
        (INVESTORS, "investor", "investor_type"),
        (SECTORS, "leader", "leaders"),
        (CAPS, "sesion", "session"),
        (UNUSUAL, "treshold", "threshold"),
    ],
)
async def test_an_unknown_argument_is_refused_with_its_near_match(
    tool: str, typed: str, meant: str
) -> None:
    unknown: dict[str, Any] = {typed: 1}
    said = await refusal(tool, **unknown)
    assert said.startswith(f"{typed}: 없는 인자입니다. 혹시 {meant}")
    assert "쓸 수 있는 인자: market, venue, kinds, " in said


@pytest.mark.parametrize("tool", TOLD)
async def test_what_a_use_case_refuses_is_one_line(tool: str) -> None:
    error = InvalidRequestError(
        "session 2026-08-22: 거래일이\n 아닙니다.", parameter="x"
    )
    result = await told_answer(tool, error, session="2026-08-22")
    assert (result.is_error, result.structured_content) == (True, None)
    assert text_of(result) == "session 2026-08-22: 거래일이 아닙니다."


@pytest.mark.parametrize(
    ("session", "said"),
    [
        ("2026-08-21", "session 2026-08-21: 아직 열리지 않은 날입니다."),
        ("2026-08-16", "session 2026-08-16: 거래일이 아닙니다."),
        ("2026-08-19", "session 2026-08-19: 이 날의 시세가 보관되어 있지 않습니다"),
    ],
    ids=["to come", "a Sunday", "not kept"],
)
async def test_a_session_that_cannot_be_answered_says_why(
    session: str, said: str
) -> None:
    result = await ask(Scene(), session=session)
    assert result.is_error
    assert text_of(result).startswith(said)
