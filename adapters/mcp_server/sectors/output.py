"""What get_sector_volume_ranking answers, field by field."""

from typing import Literal

from pydantic import Field

from adapters.mcp_server.output import AnswerOutput, Output
from adapters.mcp_server.sectors.arguments import LevelName

DETAIL = " Null in concise."


class LeadingStockOutput(Output):
    """A stock that leads its sector."""

    stock_code: str = Field(description="Short code, text: letters and zeros matter.")
    stock_name: str
    contribution: float | None = Field(
        description="Its part of the sector's trading value, percent."
    )


class RankedSectorOutput(Output):
    """One row of the ranking of sectors."""

    rank: int = Field(description="From 1, among all sectors of the question.")
    market_type: Literal["KOSPI", "KOSDAQ"]
    sector_code: str = Field(description="업종 code, text; 0000 is 미분류.")
    sector_name: str | None = Field(
        description="As the exchange calls it; null where its list could not be read."
    )
    trading_value: int = Field(description="거래대금 of its stocks, won.")
    trading_volume: int | None = Field(description=f"Their volume, shares.{DETAIL}")
    stock_count: int = Field(description="Its quoted stocks that qualify.")
    average_change_rate: float | None = Field(
        description=f"Mean of their change rates, percent.{DETAIL}"
    )
    weighted_change_rate: float | None = Field(
        description="The same weighted by trading value, percent."
    )
    index_change_rate: float | None = Field(
        description="The exchange's own industry index, percent; null where it counts "
        "other stocks than this row."
    )
    advancers: int = Field(description="Stocks above their base price (기준가).")
    decliners: int = Field(description="Stocks below it.")
    leading_stocks: list[LeadingStockOutput] = Field(description="Most traded first.")
    foreign_net_buy: int | None = Field(
        description=f"외국인 순매수, won; notes say of when.{DETAIL}"
    )
    institution_net_buy: int | None = Field(
        description=f"기관 순매수, won; likewise.{DETAIL}"
    )


class SectorSummaryOutput(Output):
    """The sum of all sectors, which is that of the stocks that qualify."""

    total_trading_value: int = Field(description="Won.")


class SectorOutput(AnswerOutput):
    """The answer of get_sector_volume_ranking."""

    level: LevelName
    leaders: int
    ranking: list[RankedSectorOutput]
    summary: SectorSummaryOutput
