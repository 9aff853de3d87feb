"""What get_unusual_volume may be asked beside what all rankings may."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.parameters import listed, whole
from domain.volume_baseline import LONG_WINDOW, WINDOW

SensitivityName = Literal["strict", "normal", "wide"]
LevelName = Literal["notable", "strong", "extreme"]
PatternName = Literal["spike", "ramp", "level_shift"]
ReasonName = Literal[
    "major_disclosure",
    "news_coverage",
    "technical_breakout",
    "upper_price_limit",
    "lower_price_limit",
    "volatility_interruption",
    "foreign_buying",
    "institution_buying",
    "program_trading",
    "sector_move",
    "market_move",
    "corporate_action",
    "new_listing",
    "trading_resumption",
    "index_expiry",
    "unknown",
]

USUAL_THRESHOLD = 200
"""Percent."""


class UnusualVolumeArguments(Arguments):
    """What get_unusual_volume may be asked."""

    threshold: Annotated[
        int,
        Field(
            ge=100,
            le=1000,
            description="Least volume_ratio, percent of the average: 200 is twice.",
            examples=[USUAL_THRESHOLD],
        ),
        BeforeValidator(whole),
    ] = USUAL_THRESHOLD
    sensitivity: Annotated[
        SensitivityName,
        Field(
            description="Least anomaly_score beside threshold: strict 2.0, normal 1.5, "
            "wide 1.0."
        ),
    ] = "normal"
    min_history: Annotated[
        int,
        Field(
            ge=WINDOW,
            le=LONG_WINDOW,
            description="Past sessions that a stock must have to be judged, "
            f"{WINDOW} to {LONG_WINDOW}.",
        ),
        BeforeValidator(whole),
    ] = WINDOW
    level: Annotated[
        LevelName | None,
        Field(
            description="Only this level and above: notable (score 1.5), strong (2.0), "
            "extreme (2.0, and a discovery among all of its market today); null is all "
            "that sensitivity lets through."
        ),
    ] = None
    pattern: Annotated[
        PatternName | None,
        Field(
            description="Only this pattern: spike (far above each of the last three "
            "sessions), ramp (step by step over three), level_shift (high for three, "
            "of one height); null is all, and stocks without any."
        ),
    ] = None
    reasons: Annotated[
        list[ReasonName],
        Field(
            description="Only stocks with one of these reasons, of the 40 most "
            "unusual; empty is all."
        ),
        BeforeValidator(listed),
    ] = Field(default_factory=list)
