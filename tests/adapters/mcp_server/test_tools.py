"""What a client sees before it asks: names, titles, schemas, manners."""

from dataclasses import replace
from typing import Any

import pytest
from mcp import Client
from mcp.server import MCPServer
from mcp.types import Tool

from adapters.mcp_server.server import INSTRUCTIONS, NAME, build_server
from adapters.mcp_server.strictness import tools_of
from tests.adapters.mcp_server.served import (
    ERAS,
    HEALTH,
    RANKING,
    RANKINGS,
    TOLD,
    TOOLS,
    VERSION,
    Era,
    Scopes,
    answer,
    client_of,
    refused,
    server_over,
    use_cases,
)
from tests.adapters.mcp_server.told import (
    CAPS,
    GROWTH,
    INVESTORS,
    SECTORS,
    UNUSUAL,
    Told,
    told,
)
from tests.application.scene import Scene

TERMS = {
    RANKING: "거래대금",
    GROWTH: "거래대금 증가율",
    INVESTORS: "투자자별",
    SECTORS: "업종별",
    CAPS: "시가총액",
    UNUSUAL: "이상 거래량",
    HEALTH: "상태",
}
SHARED = {
    *("market", "venue", "kinds", "count", "offset", "min_price", "max_price"),
    *("min_trading_value", "exclude", "stocks", "session", "response_format"),
}
"""What every ranking may be asked."""


def capped(highest: int) -> Scene:
    """A small market with a cap on ``count``."""
    scene = Scene()
    scene.rank = replace(scene.rank, highest_count=highest)
    return scene


async def tools(era: Era = "auto") -> dict[str, Tool]:
    async with client_of(Scene(), era) as client:
        return {tool.name: tool for tool in (await client.list_tools()).tools}


@pytest.mark.parametrize("era", ERAS)
async def test_the_tools_come_in_a_fixed_order(era: Era) -> None:
    assert list(await tools(era)) == list(TOOLS)


async def test_both_eras_publish_the_same_tools() -> None:
    assert await tools("auto") == await tools("legacy")


@pytest.mark.parametrize("era", ERAS)
async def test_the_server_introduces_itself(era: Era) -> None:
    async with client_of(Scene(), era) as client:
        info = client.server_info
        assert info is not None
        assert (info.name, info.version) == (NAME, VERSION)
        assert client.instructions == INSTRUCTIONS


@pytest.mark.parametrize("name", TOOLS)
async def test_every_tool_only_reads(name: str) -> None:
    hints = (await tools())[name].annotations
    assert hints is not None
    assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
    assert (hints.idempotent_hint, hints.open_world_hint) == (True, name != HEALTH)


@pytest.mark.parametrize(("name", "term"), TERMS.items())
async def test_titles_and_descriptions_bear_the_korean_term(
    name: str, term: str
) -> None:
    tool = (await tools())[name]
    assert term in (tool.title or "")
    assert term in (tool.description or "")


@pytest.mark.parametrize("name", RANKINGS)
async def test_every_parameter_is_described_and_has_a_default(name: str) -> None:
    schema = (await tools())[name].input_schema
    assert schema["additionalProperties"] is False
    for parameter, field in schema["properties"].items():
        assert field["description"], parameter
        assert "default" in field, parameter
    assert "required" not in schema


@pytest.mark.parametrize("name", RANKINGS)
async def test_every_ranking_takes_the_shared_parameters(name: str) -> None:
    assert set((await tools())[name].input_schema["properties"]) >= SHARED


async def test_the_instructions_name_every_tool_in_a_line() -> None:
    lines = INSTRUCTIONS.splitlines()
    assert [sum(line.startswith(f"{name}: ") for line in lines) for name in TOOLS] == [
        1
    ] * len(TOOLS)


@pytest.mark.parametrize("name", TOLD)
async def test_the_cap_of_count_is_each_use_cases_own(name: str) -> None:
    parts = {key: Told(one.answer, highest_count=7) for key, one in told().items()}
    published = {x.name: x for x in tools_of(server_over(Scene(), others=parts))}
    count = published[name].parameters["properties"]["count"]
    assert (count["maximum"], count["default"]) == (7, 7)


@pytest.mark.parametrize("threshold", [150, 300])
async def test_the_configured_threshold_is_the_default(threshold: int) -> None:
    server = build_server(
        use_cases(Scene()),
        version=VERSION,
        scope=Scopes(),
        unusual_threshold=threshold,
    )
    async with Client(server) as client:
        found = (await client.call_tool(UNUSUAL, {})).structured_content
    assert found is not None
    assert found["threshold"] == threshold
    assert found["summary"]["detection_criteria"]["threshold"] == threshold


@pytest.mark.parametrize(("highest", "usual"), [(5, 5), (20, 20), (50, 20)])
async def test_the_configured_cap_of_count_is_published(
    highest: int, usual: int
) -> None:
    async with client_of(capped(highest)) as client:
        ranking = (await client.list_tools()).tools[0]
    count = ranking.input_schema["properties"]["count"]
    assert (count["maximum"], count["default"]) == (highest, usual)
    assert count["description"] == f"Rows to return, 1 to {highest}."
    assert count["examples"] == [usual]


async def test_the_plainest_question_is_answered_whatever_the_cap() -> None:
    found = await answer(capped(2))
    assert (found["count"], len(found["ranking"])) == (2, 2)


async def test_more_than_the_cap_is_refused_by_the_schema() -> None:
    said = await refused(capped(5), count=6)
    assert said == "count=6: 1 이상 5 이하의 정수여야 합니다"


def test_the_private_parts_of_the_sdk_are_still_there() -> None:
    server: MCPServer[Any] = server_over(Scene())
    for tool in server._tool_manager.list_tools():  # noqa: SLF001
        assert tool.fn_metadata.arg_model.model_config["extra"] == "forbid"
        assert callable(tool.fn_metadata.validate_arguments)
        assert tool.parameters["additionalProperties"] is False
