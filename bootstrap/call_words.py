"""What was typed after ``call``: which tool, and its arguments by its schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

USAGE = "사용법: mcp-volume-ranking call 도구 [--이름 값 …] [--json | --help]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as it was typed.

    Attributes:
        tool: None where none was named.
        arguments: As written; None for a name without a value.
        as_json: Whether the structured answer alone is wanted.
        help: Whether the tool's parameters are wanted instead.
    """

    tool: str | None
    arguments: Mapping[str, str | None]
    as_json: bool = False
    help: bool = False


def read_words(words: list[str]) -> Asked:
    """``get_volume_ranking --sort-by volume --count=5 --json`` as a question.

    Raises:
        ValueError: A word that belongs to no argument, in one Korean line.
    """
    rest = [word for word in words if word not in {"--json", "--help", "-h"}]
    as_json, wants_help = "--json" in words, bool({"--help", "-h"} & set(words))
    tool = rest.pop(0) if rest and not rest[0].startswith("-") else None
    if wants_help:
        return Asked(tool=tool, arguments={}, as_json=as_json, help=True)
    if tool is None and rest:
        raise ValueError(f"{rest[0]!r} 앞에 도구 이름을 적어 주세요. {USAGE}")
    return Asked(tool=tool, arguments=_read_arguments(rest), as_json=as_json)


def _read_arguments(words: list[str]) -> dict[str, str | None]:
    arguments: dict[str, str | None] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word[2:].partition("=")
        if not word.startswith("--") or not name:
            raise ValueError(f"{word!r}: --이름 값 꼴로 적어 주세요. {USAGE}")
        stands_alone = not equals and (not rest or rest[0].startswith("--"))
        given = value if equals else None if stands_alone else rest.pop(0)
        arguments[name.replace("-", "_")] = given
    return arguments


def fitted(
    arguments: Mapping[str, str | None], schema: Mapping[str, Any]
) -> dict[str, str]:
    """The arguments as the tool takes them: flags as true, names in its spelling.

    An argument that the tool does not have is left to its refusal, which names those
    it has.

    Args:
        arguments: As written.
        schema: The tool's input schema.

    Raises:
        ValueError: An argument that is no flag has no value.
    """
    known: Mapping[str, Any] = schema.get("properties", {})
    found: dict[str, str] = {}
    for name, value in arguments.items():
        parameter = known.get(name)
        if value is None:
            if parameter is not None and parameter.get("type") != "boolean":
                option = name.replace("_", "-")
                raise ValueError(
                    f"--{option}: 값이 필요합니다. --{option} 값 꼴로 적어 주세요."
                )
            found[name] = "true"
        else:
            found[name] = _spelled(value, allowed_of(parameter or {}))
    return found


def allowed_of(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that a parameter, or each item of a list, is limited to."""
    options = [parameter, *parameter.get("anyOf", ())]
    enums = [x.get("enum") or x.get("items", {}).get("enum") for x in options]
    return tuple(str(name) for enum in enums if enum for name in enum)


def _spelled(value: str, allowed: tuple[str, ...]) -> str:
    """Names in the schema's spelling, however they were typed."""
    if not allowed:
        return value
    spellings = {name.casefold(): name for name in allowed}
    parts = (part.strip() for part in value.split(","))
    return ",".join(spellings.get(part.casefold(), part) for part in parts)
