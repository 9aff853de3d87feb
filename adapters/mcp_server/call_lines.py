"""One line in the log for every tool call: which, how it ended, how long it took."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import CallToolResult, TextContent

from application.source_calls import counted

_log = structlog.get_logger(__name__)


def asked_tool(params: Mapping[str, Any] | None) -> str:
    """The name of the tool that a call asks for, shortened; empty where it has none."""
    name = (params or {}).get("name")
    return name[:80] if isinstance(name, str) else ""


class CallLines:
    """Middleware: logs each call once it has ended.

    ``outcome`` is ``ok``, ``error`` (the tool said so, or crashed) or ``refused`` (no
    such tool, or arguments that its schema does not allow: the tool was not asked).
    ``upstream`` is how many of the broker's answers it waited for.
    """

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Passes on and listens to what comes back."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        clock = asyncio.get_running_loop().time
        started = clock()
        ended: dict[str, object] = {"outcome": "error"}
        with counted() as waited_for:
            try:
                result = await call_next(ctx)
                ended = _ended(result)
            except MCPError as error:
                ended = {"outcome": "refused", "error": error.message}
                raise
            except BaseException as error:
                ended["error"] = type(error).__name__  # cancelled, or not a tool's own
                raise
            finally:
                _log.info(
                    "call",
                    tool=asked_tool(ctx.params),
                    milliseconds=round((clock() - started) * 1000, 1),
                    upstream=waited_for.calls,
                    **ended,
                )
        return result


def _ended(result: HandlerResult) -> dict[str, object]:
    """How a call ended: the refusals are still objects, the tools' answers JSON."""
    if isinstance(result, CallToolResult):
        if not result.is_error:
            return {"outcome": "ok"}
        said = [x.text for x in result.content if isinstance(x, TextContent)]
        return {"outcome": "refused", "error": " ".join(said)}
    if not isinstance(result, dict) or not result.get("isError"):
        return {"outcome": "ok"}
    said = [str(part.get("text", "")) for part in result.get("content", ())]
    return {"outcome": "error", "error": " ".join(said)}
