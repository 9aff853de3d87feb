"""Asking one tool through a real MCP session, and showing what it says."""

import argparse
import json
import sys
import unicodedata
from typing import Any

from mcp import Client, MCPError
from mcp.types import CallToolResult, TextContent
from mcp.types import Tool as ToolInfo

from adapters.mcp_server.server import build_server
from bootstrap.core import VERSION
from bootstrap.environments import running
from bootstrap.serve import request_scope
from bootstrap.settings import LiveSettings, ReplaySettings
from domain.errors import VolumeRankingError

ANSWERED, REFUSED, USAGE = 0, 1, 2


def read_arguments(words: list[str]) -> dict[str, str]:
    """``--sort-by volume --count=5`` as arguments; a lone ``--flag`` is true.

    Raises:
        ValueError: A word that belongs to no argument.
    """
    arguments: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            raise ValueError(f"{word!r}: --이름 값 꼴로 적어 주세요.")
        name, equals, value = word[2:].partition("=")
        if not equals:
            value = rest.pop(0) if rest and not rest[0].startswith("--") else "true"
        arguments[name.replace("-", "_")] = value
    return arguments


async def call_tool(
    settings: LiveSettings | ReplaySettings,
    options: argparse.Namespace,
    arguments: dict[str, str],
) -> int:
    """Asks and prints; the exit code."""
    try:
        async with running(settings) as product:
            for warning in product.warnings:
                print(f"경고: {warning}", file=sys.stderr)  # noqa: T201
            server = build_server(
                product.use_cases, version=VERSION, scope=request_scope
            )
            async with Client(server) as client:
                if options.help or not options.tool:
                    tools = (await client.list_tools()).tools
                    return _show_help(tools, options.tool, asked=options.help)
                return await _ask(client, options, arguments)
    except VolumeRankingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return USAGE


async def _ask(
    client: Client, options: argparse.Namespace, arguments: dict[str, str]
) -> int:
    try:
        answer = await client.call_tool(options.tool, dict(arguments))
    except MCPError as error:
        print(error.message, file=sys.stderr)  # noqa: T201
        return USAGE
    text = _text_of(answer)
    if answer.is_error:
        print(text, file=sys.stderr)  # noqa: T201
        return REFUSED
    if options.json:
        print(json.dumps(answer.structured_content, ensure_ascii=False, indent=2))  # noqa: T201
    else:
        print(aligned(text))  # noqa: T201
    return ANSWERED


def _text_of(answer: CallToolResult) -> str:
    return "\n".join(x.text for x in answer.content if isinstance(x, TextContent))


def _show_help(tools: list[ToolInfo], name: str | None, *, asked: bool) -> int:
    chosen = [tool for tool in tools if name in {None, tool.name}]
    for tool in chosen:
        print(f"{tool.name}  {tool.title or ''}")  # noqa: T201
        for parameter, schema in tool.input_schema.get("properties", {}).items():
            print(f"  --{parameter:<18} {_described(schema)}")  # noqa: T201
    if not chosen:
        known = ", ".join(tool.name for tool in tools)
        print(f"{name!r}: 없는 도구입니다. 있는 도구: {known}", file=sys.stderr)  # noqa: T201
    return ANSWERED if asked and chosen else USAGE


def _described(schema: dict[str, Any]) -> str:
    allowed = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    default = schema.get("default")
    parts = [
        schema.get("description", ""),
        f"[{' | '.join(map(str, allowed))}]" if allowed else "",
        f"(기본 {','.join(default) if isinstance(default, list) else default})",
    ]
    return " ".join(part for part in parts if part)


def aligned(text: str) -> str:
    """The text with its ``a | b`` lines as columns, Hangul two cells wide."""
    lines = [line.split(" | ") for line in text.split("\n")]
    table = [line for line in lines if len(line) > 1]
    if not table:
        return text
    columns = [
        [line[at] for line in table if at < len(line)]
        for at in range(max(map(len, table)))
    ]
    widths = [max(map(_width, cells)) for cells in columns]
    figures = [all(map(_is_figure, cells[1:])) for cells in columns]
    return "\n".join(
        _padded(line, widths, figures) if len(line) > 1 else line[0] for line in lines
    )


def _is_figure(cell: str) -> bool:
    """Whether a cell reads as a number, with its sign and unit."""
    return cell == "-" or cell.lstrip("+-")[:1].isdigit()


def _padded(cells: list[str], widths: list[int], figures: list[bool]) -> str:
    """Figures to the right, words to the left."""
    padded = []
    for cell, width, is_figure in zip(cells, widths, figures, strict=False):
        gap = " " * (width - _width(cell))
        padded.append(gap + cell if is_figure else cell + gap)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
