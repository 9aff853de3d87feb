"""While the session runs (장중): which share of a day's trading is usually done by now.

A morning is compared with mornings, not with whole days. A **curve** says which share
of a day's trading value is done by a minute: the stock's own, shrunken to its market's.
The market's is the one that is shipped until `LEARNT_FROM` sessions are archived.

Minutes are those of a usual day, from the open: a day that opens late is shifted, and
one that also is shorter (the year's first) is stretched, so that the open, the closing
auction and the close lie where they always lie.
"""

import enum
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from domain.listing import Flag, Venue
from domain.session import TradingSession, closes_at, opens_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]

JUDGED_FROM = 30.0
"""Minutes after the open; no verdict before them (09:30)."""

CONTINUOUS = 380.0
"""Minutes from the open to the closing auction (15:20), on a usual day."""

DAY_DONE = math.inf
"""The minute of an instant at or after the close: the whole day is done."""

CLOSING_AUCTION = timedelta(minutes=10)

LEARNT_FROM = 10
"""Sessions of our own from which a market's curve is theirs; the shipped one before."""

OWN_HALF = 3
"""A stock's own curve of n sessions counts n ÷ (n + 3), its market's the rest."""

OWN_FROM = 3
"""Fewer sessions of its own are not called a stock's own curve."""

FARTHEST = 1.5
"""Of a session's log share from its market's; what is farther counts as this far."""

LEAST_SHARE = 1e-4
"""Of a day; the logarithm of less says nothing."""

CALL_AUCTION_ONLY = Flag.OVERHEATED | Flag.DELISTING
"""단기과열, 정리매매: traded by auctions every half hour, so no curve is theirs."""


class CurveBasis(enum.Enum):
    """Whose curve a stock is compared by."""

    OWN = "own"
    MARKET = "market"
    SHIPPED = "shipped"


def _falls(values: Sequence[float], *, strictly: bool = False) -> bool:
    pairs = itertools.pairwise(values)
    return any(a > b or (strictly and a == b) for a, b in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeCurve:
    """The share of a day's trading value that is done by each of some minutes.

    Attributes:
        minutes: Since the open of a usual day, ascending, from 0 to `CONTINUOUS`.
        shares: Fractions of the whole day, never falling.
    """

    minutes: tuple[float, ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        """A share never falls, and the whole is 1."""
        ends = (self.minutes[0], self.minutes[-1])
        if ends != (0.0, CONTINUOUS) or _falls(self.minutes, strictly=True):
            raise ValueError("minutes: from the open to the closing auction, ascending")
        if len(self.shares) != len(self.minutes) or _falls(self.shares):
            raise ValueError("shares: one a minute, never falling")
        if self.shares[0] < 0 or self.shares[-1] > 1:
            raise ValueError("shares: fractions of a day")

    def share_at(self, minute: float) -> float:
        """The share done by a minute: 0 at the open or less, 1 from the close on.

        Through the closing auction it stands as at its beginning: what the auction
        trades is shown at its end.
        """
        if minute == DAY_DONE:
            return 1.0
        return float(np.interp(minute, self.minutes, self.shares))


_SHIPPED: dict[float, float] = {
    0: 0.0,
    10: 0.062,
    20: 0.108,
    30: 0.147,
    45: 0.196,
    60: 0.240,
    90: 0.314,
    120: 0.382,
    150: 0.445,
    180: 0.498,
    210: 0.548,
    240: 0.595,
    270: 0.657,
    300: 0.722,
    330: 0.790,
    360: 0.874,
    CONTINUOUS: 0.943,
}
SHIPPED = VolumeCurve(minutes=tuple(_SHIPPED), shares=tuple(_SHIPPED.values()))
"""The usual curve of the market (KRX alone), until our own is learnt.

Source: 124 stocks of KOSPI 200 over 19 sessions of July and August 2026, cumulative
volume × price about every ten minutes: of each stock the mean log share, of those the
median. What is left at the closing auction is that auction, and five points of a
hundred are usual for it on KRX.
"""


def usual_minute(at: datetime, session: TradingSession) -> float:
    """Where an instant of a session lies on a usual day, in minutes since the open.

    Returns:
        0 before the open, `CONTINUOUS` through the closing auction, `DAY_DONE` from the
        close on.

    Raises:
        InvalidRequestError: KRX did not exist that day.
    """
    opening, close = opens_at(session, Venue.KRX), closes_at(session, Venue.KRX)
    if at >= close:
        return DAY_DONE
    done = (at - opening) / (close - CLOSING_AUCTION - opening)
    return CONTINUOUS * min(max(done, 0.0), 1.0)


def instant_of(minute: float, session: TradingSession) -> datetime:
    """When a session reaches a usual day's minute; the close for `DAY_DONE`.

    Raises:
        InvalidRequestError: KRX did not exist that day.
    """
    opening, close = opens_at(session, Venue.KRX), closes_at(session, Venue.KRX)
    if minute == DAY_DONE:
        return close
    return opening + (close - CLOSING_AUCTION - opening) * (minute / CONTINUOUS)


def is_judged(minute: float) -> bool:
    """Whether enough of the day has run for a verdict."""
    return minute >= JUDGED_FROM


@dataclass(frozen=True, eq=False, kw_only=True)
class StockCurves:
    """The curves of a market's stocks.

    Attributes:
        minutes: Of a usual day, ascending, from 0 to `CONTINUOUS`.
        shares: float64 ``[minute, listing]``, never falling from minute to minute.
        own_sessions: int64 ``[listing]``: how many sessions of its own are in each.
        sessions: How many sessions were learnt from.
    """

    minutes: tuple[float, ...]
    shares: "Real"
    own_sessions: "NDArray[np.int64]"
    sessions: int

    def share_of_day(self, minute: float) -> "Real":
        """The share of its day that each listing has usually done by a minute."""
        if minute == DAY_DONE:
            return np.ones(self.shares.shape[1])
        place = float(np.interp(minute, self.minutes, range(len(self.minutes))))
        low, part = int(place), place - int(place)
        high = min(low + 1, len(self.minutes) - 1)
        done = self.shares[low] * (1 - part) + self.shares[high] * part
        return np.asarray(done, dtype=np.float64)

    def basis_of(self, row: int) -> CurveBasis:
        """Whose curve a listing's mostly is."""
        if self.own_sessions[row] >= OWN_FROM:
            return CurveBasis.OWN
        return self.market_basis

    @property
    def most_rows_basis(self) -> CurveBasis:
        """Whose curve at least half of the listings' are."""
        own = int(np.count_nonzero(self.own_sessions >= OWN_FROM))
        return CurveBasis.OWN if 2 * own > len(self.own_sessions) else self.market_basis

    @property
    def market_basis(self) -> CurveBasis:
        """Whose curve the rest is shrunken to."""
        learnt = self.sessions >= LEARNT_FROM
        return CurveBasis.MARKET if learnt else CurveBasis.SHIPPED


def shipped_curves(listings: int) -> StockCurves:
    """The shipped curve for so many listings."""
    return StockCurves(
        minutes=SHIPPED.minutes,
        shares=np.repeat(np.array(SHIPPED.shares)[:, None], listings, axis=1),
        own_sessions=np.zeros(listings, dtype=np.int64),
        sessions=0,
    )


def learn(
    sessions: "Sequence[Real]", groups: "NDArray[np.integer]", minutes: Sequence[float]
) -> StockCurves:
    """Curves out of past sessions; today is never one of them.

    Window: the sessions given; minimum: one of its own for a stock's own curve to
    count at all (by n ÷ (n + `OWN_HALF`)), `LEARNT_FROM` for the market's.

    Args:
        sessions: Of each, float64 ``[minute, listing]``: value by the minute ÷ the
            whole day's; NaN where not known or nothing was traded.
        groups: Which market each listing is of: whose curve its own is shrunken to.
        minutes: Of a usual day, the rows; from 0 to `CONTINUOUS`.
    """
    shape = (len(minutes), len(groups))
    common = np.array([SHIPPED.share_at(minute) for minute in minutes])
    usual = np.log(
        np.maximum(np.repeat(common[:, None], shape[1], axis=1), LEAST_SHARE)
    )
    logs = [np.log(np.clip(table, LEAST_SHARE, 1.0)) for table in sessions]
    if len(logs) >= LEARNT_FROM:
        mean, _ = _mean_near(logs, usual)
        for one in np.unique(groups):
            of_market = groups == one
            usual[:, of_market] = _medians(mean[:, of_market], usual[:, of_market])
    mean, counts = _mean_near(logs, usual)
    weight = counts / (counts + OWN_HALF)
    shares = np.exp(weight * np.where(counts > 0, mean, 0.0) + (1 - weight) * usual)
    shares[0] = np.where(shares[0] <= 2 * LEAST_SHARE, 0.0, shares[0])
    return StockCurves(
        minutes=tuple(minutes),
        shares=np.minimum(np.maximum.accumulate(shares, axis=0), 1.0),
        own_sessions=counts.max(axis=0, initial=0),
        sessions=len(sessions),
    )


def _mean_near(
    logs: "Sequence[Real]", usual: "Real"
) -> "tuple[Real, NDArray[np.int64]]":
    """Mean log share of the known sessions, none farther than `FARTHEST`; how many."""
    total = np.zeros(usual.shape)
    counts = np.zeros(usual.shape, dtype=np.int64)
    for table in logs:
        known = np.isfinite(table)
        near = np.clip(table, usual - FARTHEST, usual + FARTHEST)
        total += np.where(known, near, 0.0)
        counts += known
    mean = np.full(usual.shape, np.nan)
    np.divide(total, counts, out=mean, where=counts > 0)
    return mean, counts


def _medians(means: "Real", usual: "Real") -> "Real":
    """Of each minute the median over the listings that know it, as a column."""
    rows = [
        np.median(known) if (known := row[np.isfinite(row)]).size else default
        for row, default in zip(means, usual[:, 0], strict=True)
    ]
    return np.array(rows)[:, None]
