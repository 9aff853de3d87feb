"""What get_volume_ranking may be asked beside what all rankings may."""

from typing import Annotated, Literal

from pydantic import Field

from adapters.mcp_server.arguments import Arguments

SortName = Literal["trading_value", "volume", "turnover_rate"]


class VolumeRankingArguments(Arguments):
    """What get_volume_ranking may be asked."""

    sort_by: Annotated[
        SortName,
        Field(
            description="trading_value (거래대금, won), volume (거래량, shares) or "
            "turnover_rate (회전율, volume ÷ listed shares)."
        ),
    ] = "trading_value"
    include_details: Annotated[
        bool,
        Field(
            description="Whether to fill market_cap, foreign_ratio, per, "
            "turnover_rate, previous_rank and rank_change."
        ),
    ] = True

    @property
    def with_details(self) -> bool:
        """Whether the rows are to have them."""
        return self.include_details and self.detailed
