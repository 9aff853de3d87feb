"""What get_volume_change_ranking answers, field by field."""

from pydantic import Field

from adapters.mcp_server.growth.arguments import BasisName, PeriodName
from adapters.mcp_server.output import AnswerOutput, Output, StockOutput


class GrownStockOutput(StockOutput):
    """One row of the ranking by growth."""

    current_price: int = Field(description="Won; KRX's unless venue is NXT.")
    trading_value: int = Field(description="거래대금 since the open, won.")
    baseline_trading_value: int = Field(
        description="Mean of the period's sessions on the applied basis, won."
    )
    trading_value_change_rate: float = Field(
        description="증가율: trading_value ÷ baseline - 1, percent: 150.0 is 2.5 times."
    )
    price_change_rate: float | None = Field(
        description="Today's, against the base price (기준가), percent."
    )
    news_count: int | None = Field(
        description="Headlines that name the stock, in the window that notes say. Null "
        "in concise, or where they could not be counted in time."
    )
    disclosure_count: int | None = Field(
        description="공시 that name the stock, in the same window. Null likewise."
    )


class GrowthSummaryOutput(Output):
    """How many were compared."""

    ranked: int = Field(description="Stocks that qualify and have a growth rate.")
    too_short_history: int = Field(
        description="Stocks that would qualify, but lack one of the period's sessions."
    )


class GrowthOutput(AnswerOutput):
    """The answer of get_volume_change_ranking."""

    period: PeriodName
    basis: BasisName = Field(description="As it was applied.")
    min_baseline_trading_value: int
    ranking: list[GrownStockOutput]
    summary: GrowthSummaryOutput
