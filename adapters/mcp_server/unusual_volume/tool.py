"""The function of get_unusual_volume: arguments in, rows and text out."""

from mcp.types import CallToolResult

from adapters.mcp_server.arguments import criteria
from adapters.mcp_server.tool_function import Tool, answered, ranking_tool
from adapters.mcp_server.unusual_volume.arguments import (
    USUAL_THRESHOLD,
    UnusualVolumeArguments,
)
from adapters.mcp_server.unusual_volume.output import UnusualVolumeOutput
from adapters.mcp_server.unusual_volume.present import structured
from adapters.mcp_server.unusual_volume.text import text
from application.find_unusual_volume import (
    FindUnusualVolume,
    UnusualVolumeQuery,
)
from domain.causes import Cause
from domain.unusual_volume import Level, Sensitivity
from domain.volume_patterns import Pattern

DESCRIPTION = """Find Korean stocks whose volume is unusual today (이상 거래량).

Use it for stocks that trade far more than was to be expected of them: of their own past
60 sessions, of the market today, and of this time of day while it is open (from 09:30).
threshold (volume_ratio, percent) and sensitivity (anomaly_score) must both hold.
Rows are in unusual_stocks, most unusual first; stocks that cannot be judged are counted
by cause. possible_reasons rest on evidence (headlines, disclosures, limits, flows, ...)
or say unknown. A statistic, not a finding of misconduct (이상거래).
Not for growth of any size (get_volume_change_ranking)."""


def unusual_volume_tool(
    find: FindUnusualVolume, *, threshold: int = USUAL_THRESHOLD
) -> Tool:
    """The tool's function over the use case; ``threshold`` is the default, percent."""

    async def ask(asked: UnusualVolumeArguments) -> CallToolResult:
        query = UnusualVolumeQuery(
            **criteria(asked),
            threshold=asked.threshold / 100,
            sensitivity=Sensitivity(asked.sensitivity),
            min_history=asked.min_history,
            level=None if asked.level is None else Level(asked.level),
            pattern=None if asked.pattern is None else Pattern(asked.pattern),
            reasons=frozenset(Cause(code) for code in asked.reasons),
        )
        found = await find(query)
        return answered(text(asked, query, found), structured(asked, found))

    return ranking_tool(
        "get_unusual_volume",
        description=DESCRIPTION,
        arguments=UnusualVolumeArguments,
        output=UnusualVolumeOutput,
        ask=ask,
        highest_count=find.highest_count,
        defaults={"threshold": threshold},
    )
