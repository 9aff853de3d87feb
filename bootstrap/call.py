"""Asking one tool through a real MCP session, and showing what it says."""

import json
import sys
from dataclasses import dataclass

from mcp import Client, MCPError
from mcp.types import CallToolResult, TextContent, Tool

from adapters.mcp_server.server import build_server
from bootstrap.call_text import aligned, described, overview
from bootstrap.call_words import Asked, fitted
from bootstrap.environments import running
from bootstrap.product import VERSION
from bootstrap.progress import waiting_shown
from bootstrap.serve import request_scope
from bootstrap.settings import LiveSettings, ReplaySettings
from bootstrap.waiting import SERVING, asking_once
from domain.errors import VolumeRankingError

ANSWERED, REFUSED, USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Said:
    """What came of it, to be printed when nothing runs any more."""

    code: int
    answer: str = ""
    complaint: str = ""


async def call_tool(settings: LiveSettings | ReplaySettings, asked: Asked) -> int:
    """Asks and prints; the exit code."""
    try:
        said = await _asked(settings, asked)
    except VolumeRankingError as error:
        said = _Said(USAGE, complaint=str(error))
    if said.answer:
        print(said.answer)  # noqa: T201
    if said.complaint:
        print(said.complaint, file=sys.stderr)  # noqa: T201
    return said.code


async def _asked(settings: LiveSettings | ReplaySettings, asked: Asked) -> _Said:
    """Through a session that waits for as long as the tool takes."""
    waiting = SERVING
    if isinstance(settings, LiveSettings):
        waiting = asking_once(settings.kis_rate_limit)
    async with running(settings, waiting) as product:
        for warning in () if asked.help else product.warnings:
            print(f"경고: {warning}", file=sys.stderr)  # noqa: T201
        server = build_server(product.use_cases, version=VERSION, scope=request_scope)
        async with (
            Client(server, read_timeout_seconds=None) as client,
            waiting_shown(product.calls),
        ):
            tools = (await client.list_tools()).tools
            if asked.help or asked.tool is None:
                return _help(tools, asked)
            return await _answer(client, tools, asked.tool, asked)


async def _answer(client: Client, tools: list[Tool], name: str, asked: Asked) -> _Said:
    schema = next((x.input_schema for x in tools if x.name == name), {})
    try:
        arguments = fitted(asked.arguments, schema)
    except ValueError as error:
        return _Said(USAGE, complaint=str(error))
    try:
        answer = await client.call_tool(name, dict(arguments))
    except MCPError as error:
        return _Said(USAGE, complaint=error.message)
    text = _text_of(answer)
    if answer.is_error:
        return _Said(REFUSED, complaint=text)
    if asked.as_json:
        content = answer.structured_content
        return _Said(ANSWERED, json.dumps(content, ensure_ascii=False, indent=2))
    return _Said(ANSWERED, aligned(text))


def _text_of(answer: CallToolResult) -> str:
    return "\n".join(x.text for x in answer.content if isinstance(x, TextContent))


def _help(tools: list[Tool], asked: Asked) -> _Said:
    chosen = [tool for tool in tools if asked.tool in {None, tool.name}]
    if not chosen:
        known = ", ".join(tool.name for tool in tools)
        missing = f"{asked.tool!r}: 없는 도구입니다. 있는 도구: {known}"
        return _Said(USAGE, complaint=missing)
    shown = overview(tools) if asked.tool is None else described(chosen[0])
    return _Said(ANSWERED if asked.help else USAGE, shown)
