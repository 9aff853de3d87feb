"""What a client sees before it asks: names, titles, schemas, manners."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp.server import MCPServer
from mcp.types import Tool

from adapters.mcp_server.server import INSTRUCTIONS, NAME
from adapters.mcp_server.strictness import tools_of
from tests.adapters.mcp_server.schema_check import objects_of
from tests.adapters.mcp_server.served import (
    ERAS,
    HEALTH,
    RANKING,
    VERSION,
    Era,
    answer,
    client_of,
    refused,
    server_over,
)
from tests.application.scene import Scene

SNAPSHOTS = Path(__file__).with_name("snapshots")
UPDATE = "UPDATE_SNAPSHOTS"
"""Set to 1 to write the snapshots anew; the difference is for the reviewer."""


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
    assert list(await tools(era)) == [RANKING, HEALTH]


async def test_both_eras_publish_the_same_tools() -> None:
    assert await tools("auto") == await tools("legacy")


@pytest.mark.parametrize("era", ERAS)
async def test_the_server_introduces_itself(era: Era) -> None:
    async with client_of(Scene(), era) as client:
        info = client.server_info
        assert info is not None
        assert (info.name, info.version) == (NAME, VERSION)
        assert client.instructions == INSTRUCTIONS


@pytest.mark.parametrize(("name", "open_world"), [(RANKING, True), (HEALTH, False)])
async def test_every_tool_only_reads(name: str, open_world: bool) -> None:
    hints = (await tools())[name].annotations
    assert hints is not None
    assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
    assert (hints.idempotent_hint, hints.open_world_hint) == (True, open_world)


@pytest.mark.parametrize(("name", "term"), [(RANKING, "거래대금"), (HEALTH, "상태")])
async def test_titles_and_descriptions_bear_the_korean_term(
    name: str, term: str
) -> None:
    tool = (await tools())[name]
    assert term in (tool.title or "")
    assert term in (tool.description or "")


async def test_every_parameter_is_described_bounded_and_has_a_default() -> None:
    schema = (await tools())[RANKING].input_schema
    assert schema["additionalProperties"] is False
    for name, field in schema["properties"].items():
        assert field["description"], name
        assert "default" in field, name
    assert "required" not in schema


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


@pytest.mark.parametrize("name", [RANKING, HEALTH])
async def test_every_key_of_an_answer_is_required_and_no_other_allowed(
    name: str,
) -> None:
    schema = (await tools())[name].output_schema
    assert schema is not None
    for part, described in objects_of(schema):
        assert described["additionalProperties"] is False, part
        assert sorted(described["required"]) == sorted(described["properties"]), part


@pytest.mark.parametrize("name", [RANKING, HEALTH])
async def test_schemas_change_only_on_purpose(name: str) -> None:
    tool = (await tools())[name]
    shown = as_snapshot({"input": tool.input_schema, "output": tool.output_schema})
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get(UPDATE):
        file.write_text(shown, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == shown, f"{UPDATE}=1 accepts the change"


def test_every_snapshot_is_of_a_tool() -> None:
    kept = {file.stem for file in SNAPSHOTS.glob("*.json")}
    assert kept == {tool.name for tool in tools_of(server_over(Scene()))}


def test_the_private_parts_of_the_sdk_are_still_there() -> None:
    server: MCPServer[Any] = server_over(Scene())
    for tool in server._tool_manager.list_tools():  # noqa: SLF001
        assert tool.fn_metadata.arg_model.model_config["extra"] == "forbid"
        assert callable(tool.fn_metadata.validate_arguments)
        assert tool.parameters["additionalProperties"] is False


def as_snapshot(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
