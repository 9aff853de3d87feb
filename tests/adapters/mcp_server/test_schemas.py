"""What is published of every tool, held against `schemas/`: a change is a visible diff.

To accept a change:
``UPDATE_SCHEMAS=1 pytest tests/adapters/mcp_server/test_schemas.py``
"""

import json
import os
from pathlib import Path

import pytest
from mcp.types import Tool

from adapters.mcp_server.strictness import tools_of
from tests.adapters.mcp_server.schema_check import objects_of
from tests.adapters.mcp_server.served import (
    HEALTH,
    RANKINGS,
    TOOLS,
    client_of,
    server_over,
)
from tests.adapters.mcp_server.told import SECTORS, UNUSUAL
from tests.application.scene import Scene

SCHEMAS = Path(__file__).with_name("schemas")
UPDATE = "UPDATE_SCHEMAS"


async def published(name: str) -> Tool:
    async with client_of(Scene()) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    return tools[name]


def as_json(tool: Tool) -> str:
    parts = {
        "description": tool.description,
        "input": tool.input_schema,
        "output": tool.output_schema,
    }
    return json.dumps(parts, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("name", TOOLS)
async def test_what_is_published_changes_only_on_purpose(name: str) -> None:
    shown = as_json(await published(name))
    file = SCHEMAS / f"{name}.json"
    if os.environ.get(UPDATE):
        SCHEMAS.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == shown, f"{UPDATE}=1 accepts the change"


def test_every_kept_schema_is_of_a_tool() -> None:
    kept = {file.stem for file in SCHEMAS.glob("*.json")}
    assert kept == {tool.name for tool in tools_of(server_over(Scene()))}


@pytest.mark.parametrize("name", TOOLS)
async def test_every_key_of_an_answer_is_required_and_no_other_allowed(
    name: str,
) -> None:
    schema = (await published(name)).output_schema
    assert schema is not None
    for part, described in objects_of(schema):
        assert described["additionalProperties"] is False, part
        assert sorted(described["required"]) == sorted(described["properties"]), part


@pytest.mark.parametrize("name", RANKINGS)
async def test_the_answer_echoes_every_parameter(name: str) -> None:
    tool = await published(name)
    assert tool.output_schema is not None
    asked, answered = tool.input_schema["properties"], tool.output_schema["properties"]
    assert set(asked) <= set(answered)
    rows = "unusual_stocks" if name == UNUSUAL else "ranking"
    rest = {"timestamp", rows, "total", "next_offset", "summary", "meta"}
    slot = {"slot"} if name == "get_investor_ranking" else set()
    assert set(answered) - set(asked) == rest | slot


@pytest.mark.parametrize("name", RANKINGS)
async def test_rows_begin_with_who_they_are_of(name: str) -> None:
    schema = (await published(name)).output_schema
    assert schema is not None
    rows = schema["properties"]["unusual_stocks" if name == UNUSUAL else "ranking"]
    row = schema["$defs"][rows["items"]["$ref"].removeprefix("#/$defs/")]["properties"]
    whose = ["market_type", "sector_code", "sector_name"]
    if name != SECTORS:
        whose = ["stock_code", "stock_name", "market_type"]
    assert list(row)[:4] == ["rank", *whose]


@pytest.mark.parametrize("name", TOOLS)
def test_descriptions_say_what_a_tool_is_for(name: str) -> None:
    tools = {tool.name: tool for tool in tools_of(server_over(Scene()))}
    description = tools[name].description
    assert "Use it " in description
    assert ("Not for" in description) is (name != HEALTH)
    assert len(description) < 900
