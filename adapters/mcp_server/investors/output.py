"""What get_investor_ranking answers, field by field."""

from datetime import date

from pydantic import Field

from adapters.mcp_server.investors.arguments import InvestorName, SideName, TradeName
from adapters.mcp_server.output import AnswerOutput, Output, StockOutput

SIDES = " Null where the broker gives nets alone (slot)."
DETAIL = " Null in concise."
STEPS = "won, in steps of 1,000,000 (PROGRAM: exact)."


class InvestedStockOutput(StockOutput):
    """One row of the ranking by an investor's trading."""

    buy_amount: int | None = Field(description=f"Bought, {STEPS}{SIDES}")
    sell_amount: int | None = Field(description=f"Sold, {STEPS}{SIDES}")
    net_amount: int | None = Field(
        description=f"순매수: bought - sold, {STEPS} Negative: net selling."
    )
    buy_volume: int | None = Field(description=f"Shares bought.{SIDES}{DETAIL}")
    sell_volume: int | None = Field(description=f"Shares sold.{SIDES}{DETAIL}")
    net_volume: int | None = Field(description=f"Shares bought - sold.{DETAIL}")
    average_buy_price: float | None = Field(
        description="buy_amount ÷ buy_volume, won; null without shares, or with nets "
        f"alone.{DETAIL}"
    )
    average_sell_price: float | None = Field(
        description="sell_amount ÷ sell_volume, won; null likewise."
    )
    impact_ratio: float | None = Field(
        description="|net_amount| ÷ the stock's trading value (KRX's alone for slot "
        "nets), percent."
    )
    trading_value: int | None = Field(description=f"거래대금, won.{DETAIL}")
    current_price: int = Field(description="Won; KRX's unless venue is NXT.")
    change_rate: float | None = Field(description="Percent against the base price.")


class InvestorSummaryOutput(Output):
    """The market's own; null where it is not known."""

    total_buy_amount: int | None = Field(description="Won, of the market asked for.")
    total_sell_amount: int | None = Field(description="Won, of the market asked for.")
    total_net_amount: int | None = Field(description="Bought - sold, won.")
    market_impact: float | None = Field(
        description="|total_net_amount| ÷ the market's trading value, percent."
    )
    totals_session: date | None = Field(description="Trading day of these totals.")
    totals_are_live: bool | None = Field(
        description="True: the exchange's running KRX figures. False: sums over "
        "the rows' session."
    )


class InvestorOutput(AnswerOutput):
    """The answer of get_investor_ranking."""

    investor_type: InvestorName
    trade_type: TradeName
    side: SideName
    slot: str | None = Field(
        description="HH:MM of the broker's slot (가집계) that intraday nets are of. "
        "Null: no slot, the session's own figures."
    )
    ranking: list[InvestedStockOutput]
    summary: InvestorSummaryOutput
