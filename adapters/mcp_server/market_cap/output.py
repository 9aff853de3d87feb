"""What get_market_cap_ranking answers, field by field."""

from pydantic import Field

from adapters.mcp_server.output import AnswerOutput, Output, StockOutput

DETAIL = " Null in concise, or where the day's inquiry was not made yet (notes)."


class LargeStockOutput(StockOutput):
    """One row of the ranking by market capitalisation."""

    market_cap: int = Field(description="시가총액: price × listed shares, won.")
    market_cap_rank_change: int | None = Field(
        description="Places gained since the session before, both unscreened; null "
        "where it was not listed then, or its shares are not known."
    )
    current_price: int = Field(description="Won; KRX's unless venue is NXT.")
    change_rate: float | None = Field(description="Percent against the base price.")
    trading_value: int = Field(description="거래대금 since the open, won.")
    trading_value_rank: int | None = Field(
        description="By trading value, unscreened. Null in concise."
    )
    weight_in_market: float | None = Field(
        description="Part of its own market's cap (KOSPI or KOSDAQ), percent."
    )
    foreign_ratio: float | None = Field(
        description=f"외국인 보유 ÷ 상장주식수, percent.{DETAIL}"
    )
    per: float | None = Field(
        description=f"Price ÷ earnings per share; null with a loss.{DETAIL}"
    )
    pbr: float | None = Field(
        description=f"Price ÷ book value per share; null when it is negative.{DETAIL}"
    )


class CapSummaryOutput(Output):
    """Aggregates of the market asked for, before any screen."""

    total_market_cap: int = Field(description="Won, of stocks whose shares are known.")
    top10_concentration: float | None = Field(description="Percent of the total.")
    average_per: float | None = Field(
        description="Σ cap ÷ Σ (cap ÷ PER) over profitable companies."
    )
    average_pbr: float | None = Field(
        description="Σ cap ÷ Σ (cap ÷ PBR) over companies with a positive book value."
    )
    per_counted: int = Field(description="Companies in average_per.")
    loss_making: int = Field(description="Companies that lose money; not in it.")
    pbr_counted: int = Field(description="Companies in average_pbr.")
    negative_book: int = Field(description="Negative book value; not in it.")


class MarketCapOutput(AnswerOutput):
    """The answer of get_market_cap_ranking."""

    ranking: list[LargeStockOutput]
    summary: CapSummaryOutput
