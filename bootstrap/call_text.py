"""How an answer and a tool's parameters look on a terminal."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from mcp.types import Tool

from bootstrap.call_words import USAGE, allowed_of


def overview(tools: Sequence[Tool]) -> str:
    """Every tool in a line, and where its parameters are told."""
    widest = max(len(tool.name) for tool in tools)
    lines = [f"  {tool.name:<{widest}}  {tool.title or ''}" for tool in tools]
    return "\n".join([USAGE, *lines, "인자: mcp-volume-ranking call 도구 --help"])


def described(tool: Tool) -> str:
    """A tool and its parameters, one a line."""
    parameters = tool.input_schema.get("properties", {})
    widest = max(map(len, parameters), default=0)
    return "\n".join(
        [
            f"{tool.name}  {tool.title or ''}",
            *(
                f"  --{name.replace('_', '-'):<{widest}}  {_parameter(schema)}"
                for name, schema in parameters.items()
            ),
        ]
    )


def _parameter(schema: Mapping[str, Any]) -> str:
    allowed = allowed_of(schema)
    parts = [
        schema.get("description", ""),
        f"[{' | '.join(allowed)}]" if allowed else "",
        f"(기본 {_default(schema.get('default'))})",
    ]
    return " ".join(part for part in parts if part)


def _default(value: object) -> str:
    """As it would be typed."""
    if value is None or value == []:
        return "없음"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


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
    """Whether a cell reads as a number, with its sign and unit, or stands for none."""
    return cell in {"-", "?", "신규"} or cell.lstrip("+-▲▼")[:1].isdigit()


def _padded(cells: list[str], widths: list[int], figures: list[bool]) -> str:
    """Figures to the right, words to the left."""
    padded = []
    for cell, width, is_figure in zip(cells, widths, figures, strict=False):
        gap = " " * (width - _width(cell))
        padded.append(gap + cell if is_figure else cell + gap)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
