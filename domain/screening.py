"""Which rows of a frame a question is about: the universe, and the screen over it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.errors import InvalidRequestError
from domain.frame import MarketFrame
from domain.listing import NO_FLAGS, Flag, Kind, Market, Venue, Won

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_MONEY = Won(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Universe:
    """What totals and concentrations are taken over.

    Attributes:
        market: One market; None is both.
        venue: Where the trading value was made.
        kinds: At least one.
    """

    market: Market | None = None
    venue: Venue = Venue.ALL
    kinds: frozenset[Kind] = frozenset({Kind.STOCK})

    def __post_init__(self) -> None:
        """There is something to rank."""
        if not self.kinds:
            raise InvalidRequestError(
                "kinds: 하나 이상이어야 합니다(STOCK, ETF, ETN).", parameter="kinds"
            )

    def listed(self, frame: MarketFrame) -> "NDArray[np.bool_]":
        """Rows of this universe, quoted or not."""
        inside = np.isin(frame.kind, [int(kind) for kind in self.kinds])
        if self.market is not None:
            inside &= frame.market == int(self.market)
        return inside

    def rows(self, frame: MarketFrame) -> "NDArray[np.bool_]":
        """Known rows of this universe."""
        return self.listed(frame) & frame.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Which rows of the universe qualify; bounds are inclusive.

    Attributes:
        min_price, max_price: Won; None is no bound.
        min_trading_value: Won since the open, on the universe's venue.
        exclude: A row with any of these flags does not qualify.
    """

    min_price: Won | None = None
    max_price: Won | None = None
    min_trading_value: Won = NO_MONEY
    exclude: Flag = NO_FLAGS

    def __post_init__(self) -> None:
        """Bounds are not crossed."""
        low, high = self.min_price, self.max_price
        if low is not None and high is not None and low > high:
            raise InvalidRequestError(
                f"min_price {low:,}원이 max_price {high:,}원보다 큽니다. "
                "min_price를 max_price 이하로 주세요.",
                parameter="min_price",
            )

    @property
    def passes_all(self) -> bool:
        """Whether nothing is screened out."""
        return self == Screen()

    def apply(self, frame: MarketFrame) -> "NDArray[np.bool_]":
        """Rows that qualify."""
        passing = np.ones(len(frame.listings), dtype=bool)
        if self.min_price is not None:
            passing &= frame.price >= self.min_price
        if self.max_price is not None:
            passing &= frame.price <= self.max_price
        if self.min_trading_value:
            passing &= frame.trading_value >= self.min_trading_value
        if self.exclude:
            passing &= (frame.flags & int(self.exclude)) == 0
        return passing
