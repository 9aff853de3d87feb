"""What health_check answers, field by field."""

from typing import Literal

from pydantic import Field

from adapters.mcp_server.output import MetaOutput, Output


class CheckOutput(Output):
    """One thing that was probed."""

    name: str
    state: Literal["healthy", "degraded", "unhealthy"]
    since: str | None = Field(description="ISO 8601 +09:00 of the last change.")
    detail: str


class HealthOutput(Output):
    """The answer of health_check."""

    timestamp: str
    status: Literal["healthy", "degraded", "unhealthy"]
    version: str
    environment: str
    uptime_seconds: float
    checks: list[CheckOutput]
    settings: dict[str, str | int | float | bool | None] = Field(
        description="What is configured; never a secret."
    )
    meta: MetaOutput
