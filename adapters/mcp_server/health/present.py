"""From the state to the structured answer of health_check."""

from adapters.mcp_server.answer import Structured, instant, meta
from application.check_health import Health


def structured(found: Health) -> Structured:
    """The answer of health_check."""
    return {
        "timestamp": instant(found.as_of.as_of),
        "status": found.state.value,
        "version": found.version,
        "environment": found.environment,
        "uptime_seconds": round(found.uptime.total_seconds(), 3),
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "since": instant(check.since) if check.since else None,
                "detail": check.detail,
            }
            for check in found.checks
        ],
        "settings": dict(found.settings),
        "meta": meta(found.as_of),
    }
