"""What every ranking may be asked, and what it comes to as a question."""

from datetime import date
from functools import reduce
from operator import or_
from typing import TypedDict

from pydantic import BaseModel, Field

from adapters.mcp_server.parameters import (
    USUAL_COUNT,
    ExcludeParameter,
    FormatParameter,
    KindsParameter,
    MarketParameter,
    MaxPriceParameter,
    MinPriceParameter,
    MinTradingValueParameter,
    OffsetParameter,
    SessionParameter,
    StocksParameter,
    VenueParameter,
)
from domain.listing import NO_FLAGS, Flag, Kind, Market, Venue, Won
from domain.screening import Screen, Universe


class Arguments(BaseModel):
    """The arguments that all rankings share; each ranking adds its own."""

    market: MarketParameter = "ALL"
    venue: VenueParameter = "ALL"
    kinds: KindsParameter = ["STOCK"]
    count: int = USUAL_COUNT  # its bounds are those of the use case
    offset: OffsetParameter = 0
    min_price: MinPriceParameter = 0
    max_price: MaxPriceParameter = None
    min_trading_value: MinTradingValueParameter = 0
    exclude: ExcludeParameter = Field(default_factory=list)
    stocks: StocksParameter = Field(default_factory=list)
    session: SessionParameter = None
    response_format: FormatParameter = "detailed"

    @property
    def detailed(self) -> bool:
        """Whether detail columns are wanted."""
        return self.response_format == "detailed"


class Criteria(TypedDict):
    """The arguments of `application.question.Question`."""

    universe: Universe
    screen: Screen
    count: int
    offset: int
    stocks: tuple[str, ...]
    session: date | None


def criteria(asked: Arguments) -> Criteria:
    """The shared arguments in the words of the domain.

    Raises:
        InvalidRequestError: Bounds are crossed.
    """
    return Criteria(
        universe=Universe(
            market=None if asked.market == "ALL" else Market[asked.market],
            venue=Venue(asked.venue),
            kinds=frozenset(Kind[kind] for kind in asked.kinds),
        ),
        screen=Screen(
            min_price=Won(asked.min_price) if asked.min_price else None,
            max_price=None if asked.max_price is None else Won(asked.max_price),
            min_trading_value=Won(asked.min_trading_value),
            exclude=reduce(or_, (Flag[flag] for flag in asked.exclude), NO_FLAGS),
        ),
        count=asked.count,
        offset=asked.offset,
        stocks=tuple(asked.stocks),
        session=asked.session,
    )
