"""What a client is told when a question cannot be answered: one line each."""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, TextContent
from pydantic import ValidationError

from domain.errors import MarketDataUnavailableError, VolumeRankingError

MOST_PROBLEMS = 5
LONGEST = 2_000
_LONGEST_QUOTE = 60


def one_line(text: str) -> str:
    """The text on one line, of bounded length, in characters that can be sent."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        line = f"{line[: LONGEST - 1]}…"
    return line.encode("utf-8", "backslashreplace").decode()


def refusal(text: str) -> CallToolResult:
    """An answer that says error, with one line of text."""
    block = TextContent(type="text", text=one_line(text))
    return CallToolResult(content=[block], is_error=True)


def explained(error: VolumeRankingError) -> CallToolResult:
    """What went wrong, and when another try makes sense."""
    text = str(error)
    if isinstance(error, MarketDataUnavailableError) and error.retry_after is not None:
        text = f"{text} (retry_after={max(1, round(error.retry_after))}초)"
    return refusal(text)


def wrong_arguments(
    error: ValidationError, schema: Mapping[str, Any]
) -> CallToolResult:
    """Each wrong argument by name: what is wrong and what is allowed."""
    known = schema.get("properties", {})
    problems: dict[str, Any] = {}
    for problem in error.errors(include_url=False, include_context=False):
        problems.setdefault(_argument(problem), problem)  # a list may hold many
    shown = list(problems.values())[:MOST_PROBLEMS]
    text = " / ".join(_problem(problem, known) for problem in shown)
    if len(problems) > len(shown):
        text += f" / 외 {len(problems) - len(shown):,}개."
    if any(problem["type"] == _UNKNOWN for problem in problems.values()):
        text += f" 쓸 수 있는 인자: {', '.join(known) or '없음'}"
    return refusal(text)


def unknown_tool(name: object, tools: Sequence[str]) -> str:
    """Names the tools that may have been meant, and those that there are."""
    there_are = f"있는 도구: {', '.join(tools)}"
    if name is None or name == "":
        return f"도구 이름(name)이 없습니다. {there_are}"
    asked = name[:_LONGEST_QUOTE] if isinstance(name, str) else ""
    hint = _near(asked, tools, cutoff=0.4)
    return one_line(f"{_quoted(name)}: 없는 도구입니다.{hint} {there_are}")


_UNKNOWN = "extra_forbidden"
"""What pydantic calls an argument that the schema does not have."""


def _argument(problem: Any) -> str:
    return str(problem["loc"][0]) if problem["loc"] else "arguments"


def _problem(problem: Any, known: Mapping[str, Any]) -> str:
    name = _argument(problem)
    if problem["type"] == _UNKNOWN:
        name = name[:_LONGEST_QUOTE]
        return f"{name}: 없는 인자입니다.{_near(name, known, cutoff=0.5)}"
    given = _quoted(problem.get("input"))
    return f"{name}={given}: {_allowed(known.get(name, {}), problem)}"


def _near(name: str, names: Iterable[str], *, cutoff: float) -> str:
    near = difflib.get_close_matches(name, list(names), n=2, cutoff=cutoff)
    return f" 혹시 {', '.join(near)}?" if near else ""


def _quoted(value: object) -> str:
    """A value as JSON writes it, shortened."""
    if isinstance(value, str):
        value = value[: _LONGEST_QUOTE + 1]
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _allowed(field: Mapping[str, Any], problem: Any) -> str:
    """What the schema allows, in words."""
    options = [x for x in field.get("anyOf", ()) if x.get("type") != "null"]
    if options:
        return f"{_allowed(options[0], problem)} (null 가능)"
    if "enum" in field:
        return f"다음 중 하나여야 합니다: {', '.join(map(str, field['enum']))}"
    match field.get("type"):
        case "integer":
            low, high = field.get("minimum"), field.get("maximum")
            bounds = f"{low} 이상" + (f" {high} 이하의" if high is not None else "의")
            return f"{bounds} 정수여야 합니다"
        case "boolean":
            return "true 또는 false여야 합니다"
        case "array":
            return _allowed_list(field)
    is_date = field.get("format") == "date"
    return (
        "YYYY-MM-DD 꼴의 거래일이어야 합니다. 예: 2026-11-19"
        if is_date
        else str(problem["msg"])
    )


def _allowed_list(field: Mapping[str, Any]) -> str:
    items = field.get("items", {})
    if "enum" in items:
        least = " 하나 이상" if field.get("minItems") else ""
        return f"다음을{least} 담은 목록이어야 합니다: {', '.join(items['enum'])}"
    most = field.get("maxItems")
    return "글자 목록이어야 합니다" + (f"(최대 {most}개)" if most else "")
