"""The function of health_check: how the server and its source are."""

from typing import Annotated

from mcp.types import CallToolResult

from adapters.mcp_server.health.output import HealthOutput
from adapters.mcp_server.health.present import structured
from adapters.mcp_server.health.text import text
from adapters.mcp_server.tool_function import Tool, answered
from application.check_health import CheckHealth

DESCRIPTION = """Report how the server and its source are (상태 점검).

Use it when an answer is stale, missing or refused. It calls no broker."""


def health_tool(check: CheckHealth) -> Tool:
    """The tool's function over the use case."""

    async def health_check() -> Annotated[CallToolResult, HealthOutput]:
        found = await check()
        return answered(text(found), structured(found))

    health_check.__doc__ = DESCRIPTION
    return health_check
