"""Surges of known cause, to be planted in a market: which stock, which cause, when."""

from dataclasses import dataclass
from datetime import date, time

CAUSES = (
    *("major_disclosure", "news_coverage", "technical_breakout", "upper_price_limit"),
    *("lower_price_limit", "volatility_interruption", "foreign_buying"),
    *("institution_buying", "program_trading", "sector_move", "market_move"),
    *("corporate_action", "new_listing", "trading_resumption", "index_expiry"),
)
NOTHING = "unknown"
"""A surge that nothing explains."""

BAITS = (
    *("routine", "echo", "mention", "list", "query", "foreign", "vi_before"),
    *("near_high", "late_title", "program"),
)
"""What lies about a surge and does not explain it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One stock's surge on one day.

    Attributes:
        cause: One of `CAUSES`, or `NOTHING`. ``sector_move`` and ``market_move`` take
            the stock's whole industry or market along; ``index_expiry`` leaves no
            trace but the day, which has to be one.
        at: When titles and interruptions come.
        bait: One of `BAITS`, beside the cause; blank for none.
        number: Chooses among the shapes of one cause.
    """

    code: str
    cause: str
    day: date
    at: time = time(10, 12)
    bait: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        """Causes and baits are spelt right."""
        if self.cause not in (*CAUSES, NOTHING) or self.bait not in ("", *BAITS):
            raise ValueError(f"no such plant: {self.cause} {self.bait}")


def plant_of(text: str) -> Plant:
    """``CODE,CAUSE,2026-11-20,10:12``; the time may be left out."""
    code, cause, day, *clock = text.split(",")
    at = time.fromisoformat(clock[0]) if clock else time(10, 12)
    return Plant(code=code, cause=cause, day=date.fromisoformat(day), at=at)
