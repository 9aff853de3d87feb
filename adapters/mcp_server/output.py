"""What every tool answers, field by field: output schemas."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.mcp_server.parameters import (
    FlagName,
    FormatName,
    KindName,
    MarketName,
    VenueName,
)


class Output(BaseModel):
    """Keys are always present and never others."""

    model_config = ConfigDict(extra="forbid")


class CoverageOutput(Output):
    """How much of the market stands behind the answer."""

    basis: Literal["full_market", "leaders", "candidates"] = Field(
        description="full_market: every listing was quoted. leaders: certified first "
        "rows only, while the market is being swept. candidates: only some stocks were "
        "looked at (notes say which); ranks are among those."
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


class AnswerOutput(Output):
    """What all rankings answer: the question as applied, the page, and meta."""

    timestamp: str = Field(description="Same as meta.as_of.")
    market: MarketName
    venue: VenueName
    kinds: list[KindName]
    count: int
    offset: int
    min_price: int
    max_price: int | None
    min_trading_value: int
    exclude: list[FlagName]
    stocks: list[str]
    session: date | None = Field(
        description="As it was asked for; meta.session is the one that answers."
    )
    response_format: FormatName
    total: int | None = Field(description="Rows that qualify in all.")
    next_offset: int | None = Field(description="Ask with this offset for more.")
    meta: MetaOutput


class StockOutput(Output):
    """What the rows of all stock rankings begin with."""

    rank: int = Field(description="From 1, in the whole ranking that qualifies.")
    stock_code: str = Field(description="Short code, text: letters and zeros matter.")
    stock_name: str
    market_type: Literal["KOSPI", "KOSDAQ"]
