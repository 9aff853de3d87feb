"""What get_sector_volume_ranking may be asked beside what all rankings may."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from adapters.mcp_server.arguments import Arguments
from adapters.mcp_server.parameters import listed, whole
from application.rank_sectors import MOST_LEADERS

LevelName = Literal["leaf", "large"]


class SectorArguments(Arguments):
    """What get_sector_volume_ranking may be asked."""

    stocks: Annotated[
        list[str],
        Field(
            max_length=100,
            description="Codes or Korean names: only the sectors that hold these, with "
            "their rank among all.",
            examples=[["005930", "한미반도체"]],
        ),
        BeforeValidator(listed),
    ] = Field(default_factory=list)
    level: Annotated[
        LevelName,
        Field(
            description="leaf: the finest industry that a stock has; large: the "
            "coarsest. Either way each stock is in exactly one (미분류 included)."
        ),
    ] = "leaf"
    leaders: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_LEADERS,
            description=f"Stocks to name of each sector, 1 to {MOST_LEADERS}.",
        ),
        BeforeValidator(whole),
    ] = 3
