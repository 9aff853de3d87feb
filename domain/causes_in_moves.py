"""Reasons that others' moves give: the stock's industry, and its whole market."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from domain.causes import Cause, Evidence, Reason
from domain.frame import MarketFrame
from domain.listing import Market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]

LEAST_OTHERS = 8
"""Of fewer other stocks a median is chance."""

SECTOR_TIMES = 1.8
"""The others' median surge over the market's: half of the industry nearly doubles."""

SECTOR_MOVE = 0.025
"""The others' median change less the market's, a fraction: a chosen bound, well beyond
what the medians of eight stocks differ by from one another."""

MARKET_TIMES = 1.8
"""The market's median of times expected: a chosen bound, as for an industry."""

MARKET_MOVE = 0.03
"""The market's median change, a fraction: a chosen bound. At 5 % programs are stopped
for a while (사이드카), at 8 % everything is (서킷브레이커)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Surges:
    """How much of the usual each stock trades, and how far its price went.

    float64 of ``(len(listings),)``; NaN where not known.

    Attributes:
        times: Trading value ÷ the median of past whole days. While a session runs all
            are below what they will be, alike: only quotients of them say something.
        change: Against the base price, a fraction.
        is_whole: The session is over, so times are what they say.
    """

    times: "Real"
    change: "Real"
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The median surge and change of some stocks; NaN where not known."""

    times: float
    change: float
    count: int


def surges_of(frame: MarketFrame, usual: "Real", *, is_whole: bool) -> Surges:
    """Each row's surge over what is usual.

    Args:
        frame: The quotes.
        usual: Median trading value of past sessions, won; NaN where not known.
        is_whole: Whether the session is over.
    """
    traded = frame.known & (frame.trading_value > 0)
    times = np.full(len(traded), np.nan)
    able = traded & (np.nan_to_num(usual) > 0)
    np.divide(frame.trading_value, usual, out=times, where=able)
    change = np.full(len(traded), np.nan)
    priced = traded & (frame.base_price > 0)
    np.divide(
        frame.price - frame.base_price, frame.base_price, out=change, where=priced
    )
    return Surges(times=times, change=change, is_whole=is_whole)


def pace_of(surges: Surges, rows: "Mask") -> Pace:
    """The medians of some rows."""
    times, change = surges.times[rows], surges.change[rows]
    times, change = times[~np.isnan(times)], change[~np.isnan(change)]
    return Pace(
        times=float(np.median(times)) if times.size else np.nan,
        change=float(np.median(change)) if change.size else np.nan,
        count=min(len(times), len(change)),
    )


def sector_move(
    others: Pace, market: Pace, own_change: float, *, at: datetime, name: str
) -> Reason | None:
    """The other stocks of the industry surge, or move the stock's way, together: .5.

    `SECTOR_TIMES` or `SECTOR_MOVE` must hold of at least `LEAST_OTHERS`; both: .6.

    Args:
        others: The industry's stocks but for the one in question.
        market: The stocks of its market.
        own_change: The stock's own.
        at: When.
        name: What the industry is called.
    """
    if others.count < LEAST_OTHERS:
        return None
    times = others.times / market.times if market.times > 0 else 0.0
    change = others.change - market.change
    surges = times >= SECTOR_TIMES
    moves = abs(change) >= SECTOR_MOVE and change * own_change > 0
    if not (surges or moves):
        return None
    text = (
        f"{name} {others.count}종목 중앙값: 거래대금이 시장의 {times:.1f}배, 등락률은 "
        f"시장보다 {change * 100:+.1f}%p"
    )
    seen = Evidence(at=at, source="업종 집계", text=text)
    sure = 0.6 if surges and moves else 0.5
    return Reason(cause=Cause.SECTOR_MOVE, confidence=sure, evidence=(seen,))


def market_move(
    factor: float | None,
    change: float,
    own_change: float,
    *,
    at: datetime,
    market: Market,
) -> Reason | None:
    """The whole market surges, or moves the stock's way: .4, both .5.

    Args:
        factor: The market's median of times expected; None: not known.
        change: Its median change, a fraction.
        own_change: The stock's own.
        at: When.
        market: Which.
    """
    surges = factor is not None and factor >= MARKET_TIMES
    moves = abs(change) >= MARKET_MOVE and change * own_change > 0
    if not (surges or moves):
        return None
    times = f"거래대금이 평소의 {factor:.1f}배, " if factor is not None else ""
    text = f"{market.name} 종목 중앙값: {times}등락률 {change * 100:+.1f}%"
    seen = Evidence(at=at, source="시장 집계", text=text)
    sure = 0.5 if surges and moves else 0.4
    return Reason(cause=Cause.MARKET_MOVE, confidence=sure, evidence=(seen,))
