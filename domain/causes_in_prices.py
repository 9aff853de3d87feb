"""Reasons that a stock's own price gives: limits, interruptions, breakouts."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.causes import Cause, Evidence, Reason
from domain.listing import Won
from domain.price_limits import price_limits

NARROWEST_BAND = 0.02
"""The least move of a price that can set off an interruption: the dynamic one's in
the closing auction, of KOSPI 200's members; others take 3, 4, 6 or 10 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A stock's prices of a session, and its year's before.

    Attributes:
        at: When they were taken.
        has_limits: The plain ±30 % hold: a stock, not on its first day, not in a
            clearance sale.
        high_year, low_year: The 52 weeks' extremes, in today's shares; of today too
            where they were read during the session. None: not known.
        base_price, price, high, low: Won; 0 where nothing has traded.
    """

    at: datetime
    price: Won
    base_price: Won
    high: Won
    low: Won
    has_limits: bool
    high_year: Won | None = None
    low_year: Won | None = None

    @property
    def may_have_interrupted(self) -> bool:
        """Whether it moved far enough for a volatility interruption."""
        if not self.low or not self.base_price:
            return False
        highest = max(self.high, self.base_price)
        lowest = min(self.low, self.base_price)
        return highest - lowest >= NARROWEST_BAND * lowest


class InterruptionKind(enum.Enum):
    """What set it off: the last price (동적), a reference price (정적), or both."""

    STATIC = "정적"
    DYNAMIC = "동적"
    BOTH = "정적·동적"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A volatility interruption (변동성완화장치, VI) of one stock.

    Attributes:
        at: When it was set off.
        kind: None where the source does not say.
        price: At which, won.
    """

    at: datetime
    kind: InterruptionKind | None
    price: Won


def at_limits(prices: Prices) -> list[Reason]:
    """The upper and the lower price limit: .95 standing there, .7 only touched.

    The limits are the rule's own numbers, so there is no threshold to choose.
    """
    if not prices.has_limits or not prices.high or not prices.base_price:
        return []
    upper, lower = price_limits(prices.base_price)
    found = []
    if prices.high >= upper:
        stands = prices.price >= upper
        text = f"상한가 {upper:,}원 {'유지' if stands else '도달 뒤 밀림'}"
        found.append(_priced(Cause.UPPER_PRICE_LIMIT, stands, prices, text))
    if prices.low <= lower:
        stands = prices.price <= lower
        text = f"하한가 {lower:,}원 {'유지' if stands else '도달 뒤 반등'}"
        found.append(_priced(Cause.LOWER_PRICE_LIMIT, stands, prices, text))
    return found


def _priced(cause: Cause, stands: bool, prices: Prices, text: str) -> Reason:
    seen = Evidence(at=prices.at, source="KRX 시세", text=text)
    return Reason(cause=cause, confidence=0.95 if stands else 0.7, evidence=(seen,))


def breakout(prices: Prices) -> Reason | None:
    """A new high or low of 52 weeks: .7 while the price stays there, else .5.

    No threshold but the extreme itself. Extremes that were read during the session
    hold its own trades, which is why reaching one is enough: only today can have.
    """
    if not prices.high or not prices.base_price:
        return None
    if prices.high_year and prices.high >= prices.high_year:
        stays, text = prices.price >= prices.high_year, "신고가"
        edge = prices.high
    elif prices.low_year and prices.low <= prices.low_year:
        stays, text = prices.price <= prices.low_year, "신저가"
        edge = prices.low
    else:
        return None
    seen = Evidence(at=prices.at, source="KRX 시세", text=f"52주 {text} {edge:,}원")
    return Reason(
        cause=Cause.TECHNICAL_BREAKOUT,
        confidence=0.7 if stays else 0.5,
        evidence=(seen,),
    )


def interrupted(found: Sequence[Interruption]) -> Reason | None:
    """Volatility interruptions of the session: .6 for one, .75 for more.

    The exchange sets them off by its own bands, so there is no threshold to choose.
    They follow from a price that ran: what made it run may be another reason.
    """
    if not found:
        return None
    newest = sorted(found, key=lambda one: (one.at, one.price), reverse=True)
    return Reason(
        cause=Cause.VOLATILITY_INTERRUPTION,
        confidence=0.6 if len(found) == 1 else 0.75,
        evidence=tuple(
            Evidence(
                at=one.at,
                source="변동성완화장치 현황",
                text=f"{one.kind.value + ' ' if one.kind else ''}VI 발동 "
                f"{one.price:,}원",
            )
            for one in newest[:3]
        ),
    )
