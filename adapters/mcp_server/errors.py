"""What a client is told when a question cannot be answered: one line each."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, TextContent
from pydantic import ValidationError

from domain.errors import MarketDataUnavailableError, VolumeRankingError


def refusal(text: str) -> CallToolResult:
    """An answer that says error, with one line of text."""
    line = " ".join(text.split())
    return CallToolResult(content=[TextContent(type="text", text=line)], is_error=True)


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
    problems = error.errors(include_url=False, include_context=False)
    lines = [_problem(problem, known) for problem in problems]
    return refusal(" / ".join(dict.fromkeys(lines)))


def unknown_tool(name: str, tools: Sequence[str]) -> str:
    """Names the tools that may have been meant."""
    near = difflib.get_close_matches(name, tools, n=3, cutoff=0.4) or list(tools)
    return f"Unknown tool: {name[:80]!r}. 비슷한 도구: {', '.join(near)}"


def _problem(problem: Any, known: Mapping[str, Any]) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "arguments"
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
        hint = f" 혹시 {', '.join(near)}?" if near else ""
        allowed = f"쓸 수 있는 인자: {', '.join(known) or '없음'}"
        return f"{name[:60]}: 없는 인자입니다.{hint} {allowed}"
    given = repr(problem.get("input"))[:60]
    return f"{name}={given}: {_allowed(known.get(name, {}), problem)}"


def _allowed(field: Mapping[str, Any], problem: Any) -> str:
    """What the schema allows, in words."""
    items = field.get("items", {})
    if "enum" in items:
        least = " 하나 이상" if field.get("minItems") else ""
        return f"다음을{least} 담은 목록이어야 합니다: {', '.join(items['enum'])}"
    if "enum" in field:
        return f"다음 중 하나여야 합니다: {', '.join(map(str, field['enum']))}"
    whole = field if field.get("type") == "integer" else _first_integer(field)
    if whole is not None:
        low, high = whole.get("minimum"), whole.get("maximum")
        bounds = f"{low} 이상" + (f" {high} 이하의" if high is not None else "의")
        null = "" if whole is field else " (null 가능)"
        return f"{bounds} 정수여야 합니다{null}"
    if field.get("type") == "boolean":
        return "true 또는 false여야 합니다"
    if field.get("type") == "array":
        most = field.get("maxItems")
        return "글자 목록이어야 합니다" + (f"(최대 {most}개)" if most else "")
    return str(problem["msg"])


def _first_integer(field: Mapping[str, Any]) -> Mapping[str, Any] | None:
    options = field.get("anyOf", ())
    return next((x for x in options if x.get("type") == "integer"), None)
