"""How an answer and a tool's parameters look on a terminal."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from mcp.types import Tool

from bootstrap.call_words import allowed_of


def described(tool: Tool) -> str:
    """A tool and its parameters, one a line."""
    lines = [f"{tool.name}  {tool.title or ''}"]
    for name, schema in tool.input_schema.get("properties", {}).items():
        lines.append(f"  --{name:<18} {_parameter(schema)}")
    return "\n".join(lines)


def _parameter(schema: Mapping[str, Any]) -> str:
    allowed = allowed_of(schema)
    default = schema.get("default")
    parts = [
        schema.get("description", ""),
        f"[{' | '.join(allowed)}]" if allowed else "",
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
