"""KOSPI and KOSDAQ: official totals and an index, from the stocks' figures."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.ticks import Bools

MARKETS = {"0001": "KOSPI", "1001": "KOSDAQ"}
_LEVELS = {"0001": 270_000, "1001": 86_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index; levels in hundredths of a point.

    Attributes:
        trading_value: Won, of the market's STOCK listings on KRX.
        volume: Shares of the same.
        at_upper: Listings at their upper limit; they count as advancers too.
    """

    session: date
    level: int
    previous: int
    open: int
    high: int
    low: int
    trading_value: int
    volume: int
    previous_trading_value: int
    previous_volume: int
    advancers: int
    at_upper: int
    level_count: int
    decliners: int
    at_lower: int


def _level(figures: Figures, here: Bools, column: str, reference: float) -> float:
    """Hundredths of a point per reference capitalisation: Σ price × shares."""
    price = getattr(figures, column)[here]
    price = np.where(price > 0, price, figures.base[here]).astype(np.float64)
    return float((price * figures.listed_shares[here]).sum()) / reference


def index_at(truth: Truth, code: str, at: datetime) -> Index:
    """The index at an instant: its level follows the market's capitalisation."""
    shown = truth.snapshot("J", at)
    first = int(np.argmax(truth.members(MARKETS[code])))
    return _index(truth, code, shown, date.fromordinal(int(shown.session[first])))


def index_on(truth: Truth, code: str, day: date) -> Index:
    """The index at the end of a session."""
    return _index(truth, code, truth.final("J", day), day)


def _index(truth: Truth, code: str, shown: Figures, session: date) -> Index:
    market, previous_day = MARKETS[code], truth.days.previous(session)
    before, there = truth.final("J", previous_day), truth.members(market, previous_day)
    here = truth.members(market, session)
    scale = max(truth.reference_cap(market), 1.0) / _LEVELS[code]
    level, opened, high, low = (
        round(_level(shown, here, column, scale))
        for column in ("price", "open", "high", "low")
    )
    price, base = shown.price[here], shown.base[here]
    return Index(
        session=session,
        level=level,
        previous=round(_level(before, there, "price", scale)),
        open=opened,
        high=max(high, level, opened),
        low=min(low, level, opened),
        trading_value=int(shown.trading_value[here].sum()),
        volume=int(shown.volume[here].sum()),
        previous_trading_value=int(before.trading_value[there].sum()),
        previous_volume=int(before.volume[there].sum()),
        advancers=int((price > base).sum()),
        at_upper=int((price == shown.upper[here]).sum()),
        level_count=int((price == base).sum()),
        decliners=int((price < base).sum()),
        at_lower=int((price == shown.lower[here]).sum()),
    )
