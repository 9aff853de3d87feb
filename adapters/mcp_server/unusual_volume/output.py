"""What get_unusual_volume answers, field by field.

Its rows are under ``unusual_stocks``, where other rankings have ``ranking``: what is
listed here was detected, and the list is empty on most days under a strict question.
"""

from typing import Literal

from pydantic import Field

from adapters.mcp_server.output import AnswerOutput, Output, StockOutput
from adapters.mcp_server.unusual_volume.arguments import (
    LevelName,
    PatternName,
    ReasonName,
    SensitivityName,
)

DETAIL = " Null in concise."


class BollingerOutput(Output):
    """The average ± 2 standard deviations of the window."""

    upper: int | None = Field(description="Shares.")
    lower: int | None = Field(description="Shares; not below 0.")


class EvidenceOutput(Output):
    """What a reason rests on."""

    at: str | None = Field(description="ISO 8601 +09:00.")
    source: str
    text: str


class ReasonOutput(Output):
    """A possible reason; unknown where none was looked for or found."""

    code: ReasonName
    confidence: float | None = Field(description="0 to 1; null of unknown.")
    evidence: list[EvidenceOutput]


class UnusualStockOutput(StockOutput):
    """One stock whose volume is unusual."""

    current_volume: int = Field(description="Shares since the open.")
    average_volume: int | None = Field(
        description="Mean of the window's past sessions in today's shares (splits "
        "taken out), on the basis of summary.detection_criteria."
    )
    volume_ratio: float = Field(
        description="current_volume ÷ the average (unrounded), percent: 200 is twice."
    )
    trading_value: int = Field(description="거래대금 since the open, won.")
    expected_trading_value: int | None = Field(
        description="By now, won: .8 × the median of 20 + .2 × that of 60 past days "
        "(of logs, the market's moves taken out) × the share of a day usual by now."
        + DETAIL
    )
    times_expected: float | None = Field(
        description="trading_value ÷ expected_trading_value."
    )
    price_change_rate: float | None = Field(
        description="Against the base price (기준가), percent."
    )
    level: LevelName | None = Field(
        description="By anomaly_score: notable from 1.5, strong from 2.0; extreme is "
        "strong and a discovery at 5 % (Benjamini-Hochberg) among all of its market "
        "today."
    )
    anomaly_score: float = Field(
        description="How unusual; what is ranked by. Log of trading value less what "
        "was expected, its market's move and the echo of the last five sessions, in "
        "usual spreads of 60 sessions to the power .6."
    )
    p_value: float | None = Field(
        description="Fraction: an ordinary day scores so much at most so often."
    )
    consecutive_days: int = Field(
        description="Sessions in a row, today included, at threshold ÷ 100 times what "
        "is expected of today."
    )
    pattern: PatternName | None = Field(
        description="Of the last sessions; null where none fits."
    )
    moving_average: int | None = Field(
        description="Volume, mean of the window's sessions, shares." + DETAIL
    )
    bollinger: BollingerOutput | None = Field(description="Of volume." + DETAIL)
    z_score: float | None = Field(
        description="Log of trading value less its mean of the window, in standard "
        "deviations." + DETAIL
    )
    possible_reasons: list[ReasonOutput]


class CriteriaOutput(Output):
    """What had to hold."""

    threshold: int = Field(description="Least volume_ratio, percent.")
    sensitivity: SensitivityName
    min_history: int = Field(description="Past sessions that were required.")
    window: int = Field(description="Past sessions of averages, band and z-score.")
    basis: Literal["same_time", "full_day"] = Field(
        description="What of the past sessions average, ratio, band and z_score were "
        "compared with: up to this time of day, or their whole day."
    )


class NotJudgedOutput(Output):
    """How many were scanned and not judged; the first cause that holds counts."""

    halted: int = Field(
        description="This morning; or, after all other causes, on one of the last 20 "
        "sessions."
    )
    call_auction_only: int = Field(description="While open: traded by auctions alone.")
    too_early: int = Field(description="While open: in its first 30 minutes.")
    too_short_history: int
    too_little_traded: int = Field(
        description="Median trading value of the window below 100,000,000 won."
    )


class UnusualVolumeSummaryOutput(Output):
    """How the detection was made."""

    detection_criteria: CriteriaOutput
    scanned: int = Field(description="Quoted stocks that passed the screen.")
    not_judged: NotJudgedOutput
    detected: int = Field(description="Stocks that meet all criteria.")
    market_factor: float | None = Field(
        description="Median of times_expected over the judged: the market's own pace."
    )


class UnusualVolumeOutput(AnswerOutput):
    """The answer of get_unusual_volume."""

    threshold: int
    sensitivity: SensitivityName
    min_history: int
    level: LevelName | None
    pattern: PatternName | None
    reasons: list[ReasonName]
    unusual_stocks: list[UnusualStockOutput]
    summary: UnusualVolumeSummaryOutput
