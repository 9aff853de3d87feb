"""What get_volume_ranking answers, field by field."""

from pydantic import Field

from adapters.mcp_server.output import AnswerOutput, Output, StockOutput
from adapters.mcp_server.volume_ranking.arguments import SortName

DETAIL = " Null in concise or without include_details."


class RankedStockOutput(StockOutput):
    """One row of the trading-value ranking."""

    current_price: int = Field(description="Won; KRX's unless venue is NXT.")
    change: int | None = Field(description="Won against the base price (기준가).")
    change_rate: float | None = Field(description="Percent against the base price.")
    volume: int = Field(description="Shares since the open, of the venue asked for.")
    trading_value: int = Field(description="거래대금 since the open, won.")
    krx_trading_value: int | None = Field(description="KRX part, won.")
    nxt_trading_value: int | None = Field(description="NXT part, won.")
    nxt_share: float | None = Field(description="NXT ÷ (KRX + NXT), percent.")
    previous_rank: int | None = Field(
        description="Under the same question at this time of the session before (its "
        "end when this one is over); null: new, or not known." + DETAIL
    )
    rank_change: int | None = Field(
        description="Places gained since then; down is negative." + DETAIL
    )
    market_cap: int | None = Field(
        description="시가총액: current_price × listed shares, won." + DETAIL
    )
    foreign_ratio: float | None = Field(
        description="외국인 보유 ÷ 상장주식수, percent." + DETAIL
    )
    per: float | None = Field(
        description="Price ÷ earnings per share; null with a loss." + DETAIL
    )
    turnover_rate: float | None = Field(
        description="회전율: volume ÷ listed shares, percent." + DETAIL
    )


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


class VolumeRankingOutput(AnswerOutput):
    """The answer of get_volume_ranking."""

    sort_by: SortName
    include_details: bool
    ranking: list[RankedStockOutput]
    summary: TotalsOutput
