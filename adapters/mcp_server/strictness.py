"""Refusals the SDK does not make: unknown tools, unknown arguments, in one line."""

from typing import Any

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver.tools import Tool
from mcp.types import INVALID_PARAMS
from pydantic import ValidationError

from adapters.mcp_server.errors import unknown_tool, wrong_arguments


def tools_of(server: MCPServer[Any]) -> list[Tool]:
    """The registered tools.

    The SDK has no public way to a tool's argument model: a private attribute of a
    pinned minor version, held by a test.
    """
    return server._tool_manager.list_tools()  # noqa: SLF001


def forbid_unknown_arguments(server: MCPServer[Any]) -> None:
    """Makes every tool refuse arguments it does not have, and publish so."""
    for tool in tools_of(server):
        model = tool.fn_metadata.arg_model
        model.model_config["extra"] = "forbid"
        model.model_rebuild(force=True)
        tool.parameters = model.model_json_schema(by_alias=True)


class StrictCalls:
    """Middleware: a call is of a known tool, with arguments that its schema allows."""

    def __init__(self, server: MCPServer[Any]) -> None:
        self._tools = {tool.name: tool for tool in tools_of(server)}

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Passes on what is not a tool call, and calls that are in order."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        params = ctx.params or {}
        name = params.get("name")
        tool = self._tools.get(name) if isinstance(name, str) else None
        if tool is None:
            message = unknown_tool(name, list(self._tools))
            raise MCPError(code=INVALID_PARAMS, message=message)
        arguments = params.get("arguments")
        if arguments is not None and not isinstance(arguments, dict):
            return await call_next(ctx)  # the SDK says what is wrong with the message
        try:
            tool.fn_metadata.validate_arguments(arguments or {})
        except ValidationError as error:
            return wrong_arguments(error, tool.parameters)
        return await call_next(ctx)
