"""What get_volume_change_ranking may be asked beside what all rankings may."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.parameters import MinTradingValueParameter, whole

PeriodName = Literal["1D", "5D", "20D"]
BasisName = Literal["same_time", "full_day"]

LEAST_TRADED = 1_000_000_000
"""Won: below it tiny bases would rule."""


class GrowthArguments(Arguments):
    """What get_volume_change_ranking may be asked."""

    min_trading_value: MinTradingValueParameter = LEAST_TRADED
    period: Annotated[
        PeriodName,
        Field(description="Against the mean of the last 1, 5 or 20 sessions."),
    ] = "1D"
    basis: Annotated[
        BasisName | None,
        Field(
            description="same_time: past sessions up to this time of day. full_day: "
            "their whole day. null: same_time while the market is open, else full_day; "
            "the answer says which was applied."
        ),
    ] = None
    min_baseline_trading_value: Annotated[
        int,
        Field(
            ge=0,
            description="Lowest baseline trading value, won, inclusive.",
            examples=[100_000_000],
        ),
        BeforeValidator(whole),
    ] = 0
