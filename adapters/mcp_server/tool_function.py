"""A tool's function, made of what it may be asked and what it answers."""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, get_type_hints

from mcp.types import CallToolResult, TextContent

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.errors import explained
from adapters.mcp_server.output import Output
from adapters.mcp_server.parameters import count_parameter, usual_count
from domain.errors import VolumeRankingError

Tool = Callable[..., Coroutine[Any, Any, CallToolResult]]
A = TypeVar("A", bound=Arguments)

FIRST = ("market", "venue", "kinds")
"""Parameters that come before a ranking's own; the other shared ones come after."""


def ranking_tool(  # noqa: PLR0913 - what a tool is, by name
    name: str,
    *,
    description: str,
    arguments: type[A],
    output: type[Output],
    ask: Callable[[A], Awaitable[CallToolResult]],
    highest_count: int,
    defaults: Mapping[str, object] = MappingProxyType({}),
) -> Tool:
    """The function of a ranking; its signature is the tool's input schema.

    Args:
        name: The tool's.
        description: What it is for, and what not.
        arguments: Its parameters, with their defaults.
        output: Its answer.
        ask: Answers a question whose arguments are in order.
        highest_count: Where ``count`` ends.
        defaults: Those that are configured.
    """

    async def function(**given: Any) -> CallToolResult:
        try:
            return await ask(arguments.model_construct(**given))
        except VolumeRankingError as error:
            return explained(error)

    usual = {"count": usual_count(highest_count), **defaults}
    function.__name__ = function.__qualname__ = name
    function.__doc__ = description
    signature = inspect.Signature(
        _parameters(arguments, count_parameter(highest_count), usual),
        return_annotation=Annotated[CallToolResult, output],
    )
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def answered(text: str, structured: dict[str, Any]) -> CallToolResult:
    """A good answer: what a model reads, and the same in fields."""
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=structured
    )


def _parameters(
    arguments: type[Arguments], count: Any, usual: Mapping[str, object]
) -> list[inspect.Parameter]:
    """The shared ones around the tool's own."""
    hints: dict[str, Any] = get_type_hints(arguments, include_extras=True)
    hints["count"] = count
    shared = list(Arguments.model_fields)
    own = [name for name in arguments.model_fields if name not in shared]
    ordered = [*FIRST, *own, *(name for name in shared if name not in FIRST)]
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=hints[name],
            default=usual[name]
            if name in usual
            else arguments.model_fields[name].get_default(call_default_factory=True),
        )
        for name in ordered
    ]
