"""What the tools answer, field by field: the output schemas."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.mcp_server.parameters import (
    FlagName,
    FormatName,
    KindName,
    MarketName,
    SortName,
    VenueName,
)


class Output(BaseModel):
    """Keys are always present and never others."""

    model_config = ConfigDict(extra="forbid")


class CoverageOutput(Output):
    """How much of the market stands behind the answer."""

    basis: Literal["full_market", "leaders", "candidates"] = Field(
        description="full_market: every listing was quoted. leaders: certified first "
        "rows only, while the market is being swept."
    )
    listed: int = Field(description="Listings of the universe asked for.")
    quoted: int = Field(description="How many of them have a quote of the session.")
    missing: list[str] = Field(description="Codes without one; they are not ranked.")
    trading_value_share: float | None = Field(
        description="Quoted KRX trading value ÷ official totals, percent."
    )


class MetaOutput(Output):
    """What the answer rests on."""

    as_of: str = Field(description="End of the sweep, ISO 8601 +09:00.")
    as_of_from: str = Field(description="Beginning of the sweep, ISO 8601 +09:00.")
    session: date = Field(description="Trading day (거래일) the figures belong to.")
    phase: Literal[
        "pre_open",
        "opening_auction",
        "regular",
        "closing_auction",
        "regular_close",
        "after_hours",
        "final",
        "holiday",
    ] = Field(description="Where the venue stands now.")
    is_final: bool = Field(description="확정: no trade of the session is to come.")
    source: str = Field(description="kis, or recording:NAME.")
    simulated: bool = Field(description="True: no real market's figures.")
    venue: VenueName
    stale: bool = Field(description="Older than it should be; notes say why.")
    age_seconds: float = Field(description="Seconds since as_of.")
    coverage: CoverageOutput | None
    notes: list[str] = Field(description="What is null, missing or doubtful, and why.")


class RankedStockOutput(Output):
    """One row of the trading-value ranking."""

    rank: int = Field(description="From 1, in the whole ranking that qualifies.")
    stock_code: str = Field(description="Short code, text: letters and zeros matter.")
    stock_name: str
    market_type: Literal["KOSPI", "KOSDAQ"]
    current_price: int = Field(description="Won; KRX's unless venue is NXT.")
    change: int | None = Field(description="Won against the base price (기준가).")
    change_rate: float | None = Field(description="Percent against the base price.")
    volume: int = Field(description="Shares since the open, of the venue asked for.")
    trading_value: int = Field(description="거래대금 since the open, won.")
    krx_trading_value: int | None = Field(description="KRX part, won.")
    nxt_trading_value: int | None = Field(description="NXT part, won.")
    nxt_share: float | None = Field(description="NXT ÷ (KRX + NXT), percent.")
    previous_rank: int | None = Field(description="At this time the session before.")
    rank_change: int | None = Field(description="Places gained since then.")
    market_cap: int | None = Field(description="시가총액, won.")
    foreign_ratio: float | None = Field(
        description="외국인 보유 ÷ 상장주식수, percent."
    )
    per: float | None = Field(description="Price ÷ earnings per share.")
    turnover_rate: float | None = Field(description="Volume ÷ listed shares, percent.")


class TotalsOutput(Output):
    """Sums over the universe before any screen, and who makes them."""

    total_trading_value: int | None = Field(description="Won, market asked for.")
    kospi_trading_value: int | None = Field(description="Won, venue and kinds asked.")
    kosdaq_trading_value: int | None = Field(description="Won, venue and kinds asked.")
    official_kospi_trading_value: int | None = Field(
        description="KRX index figure, won in steps of 1,000,000."
    )
    official_kosdaq_trading_value: int | None = Field(
        description="KRX index figure, won in steps of 1,000,000."
    )
    top5_concentration: float | None = Field(description="Percent of the total.")
    top10_concentration: float | None = Field(description="Percent of the total.")
    herfindahl: float | None = Field(description="HHI points, 0 to 10,000.")


class VolumeRankingOutput(Output):
    """The answer of get_volume_ranking."""

    timestamp: str = Field(description="Same as meta.as_of.")
    market: MarketName
    venue: VenueName
    kinds: list[KindName]
    sort_by: SortName
    count: int
    offset: int
    min_price: int
    max_price: int | None
    min_trading_value: int
    exclude: list[FlagName]
    stocks: list[str]
    include_details: bool
    response_format: FormatName
    ranking: list[RankedStockOutput]
    total: int | None = Field(description="Rows that qualify in all.")
    next_offset: int | None = Field(description="Ask with this offset for more.")
    summary: TotalsOutput
    meta: MetaOutput


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
