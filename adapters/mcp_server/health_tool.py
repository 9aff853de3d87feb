"""The tool health_check: how the server and its source are."""

from typing import Annotated

from mcp.types import CallToolResult, TextContent

from adapters.mcp_server import present, text
from adapters.mcp_server.ranking_tool import Tool
from adapters.mcp_server.schema import HealthOutput
from application.check_health import CheckHealth

DESCRIPTION = """Report how the server and its source are (상태 점검).

Use it when an answer is stale, missing or refused. It calls no broker."""


def health_tool(check: CheckHealth) -> Tool:
    """The tool's function over the use case."""

    async def health_check() -> Annotated[CallToolResult, HealthOutput]:
        found = await check()
        return CallToolResult(
            content=[TextContent(type="text", text=text.health(found))],
            structured_content=present.health(found),
        )

    health_check.__doc__ = DESCRIPTION
    return health_check
