"""One session's course on one venue: every trade, by segment of the day."""

from dataclasses import dataclass

import numpy as np

from tests.kis_emulator.targets import Targets
from tests.kis_emulator.ticks import Bools, Ints, on_tick
from tests.kis_emulator.timeline import Timeline
from tests.kis_emulator.traits import Traits

_FAR = np.int64(1) << 62


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Progress:
    """What has traded by an instant; zeros (price too) where nothing has."""

    price: Ints
    open: Ints
    high: Ints
    low: Ints
    volume: Ints
    value: Ints


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plan:
    """What a session is to become on one venue.

    Attributes:
        volume: Final shares.
        closes: The last trade's price where anything trades.
        early: Rows that are there by noon and stay; None: none.
    """

    timeline: Timeline
    traits: Traits
    targets: Targets
    volume: Ints
    closes: Ints
    early: Bools | None = None


class Course:
    """Segment by segment: one price on a tick, and so many shares at it.

    So value is a sum of shares times prices: it never falls, and value over volume
    lies between the low and the high at every instant.
    """

    def __init__(self, plan: Plan, draw: np.random.Generator) -> None:
        done = plan.timeline.done[:, None] ** plan.traits.pace[None, :]
        self._timeline = plan.timeline
        self._shares = np.floor(plan.volume * done).astype(np.int64)
        traded = np.diff(self._shares, axis=0) > 0
        self._prices = _prices(plan, traded, draw)
        step = np.diff(self._shares, axis=0) * self._prices
        nothing = np.zeros((1, traded.shape[1]), dtype=np.int64)
        self._values = np.concatenate([nothing, np.cumsum(step, axis=0)])
        highs = np.where(traded, self._prices, 0)
        self._high = np.concatenate([nothing, np.maximum.accumulate(highs)])
        lows = np.where(traded, self._prices, _FAR)
        self._low = np.concatenate([nothing + _FAR, np.minimum.accumulate(lows)])
        self._last = np.concatenate([nothing, _last_traded(self._prices, traded)])
        first = np.argmax(traded, axis=0)
        self._first = np.take_along_axis(self._prices, first[None, :], axis=0)[0]

    def segments(self) -> tuple[Timeline, Ints, Ints]:
        """Shares and price of each segment of the timeline, by listing."""
        return self._timeline, np.diff(self._shares, axis=0), self._prices

    def at(self, second: float) -> Progress:
        """The figures at a second of the day."""
        row, part = self._timeline.locate(second)
        if row == len(self._prices):
            row, part = row - 1, 1.0
        before = self._shares[row]
        more = np.floor((self._shares[row + 1] - before) * part).astype(np.int64)
        price, traded = self._prices[row], more > 0
        volume = before + more
        low = np.where(traded, np.minimum(self._low[row], price), self._low[row])
        return Progress(
            price=np.where(traded, price, self._last[row]),
            open=np.where(volume > 0, self._first, 0),
            high=np.where(traded, np.maximum(self._high[row], price), self._high[row]),
            low=np.where(volume > 0, low, 0),
            volume=volume,
            value=self._values[row] + more * price,
        )

    def end(self) -> Progress:
        """The session's last figures."""
        return self.at(86_400)


def _last_traded(prices: Ints, traded: Bools) -> Ints:
    """The last traded price up to and with each segment; 0 before the first."""
    rows = np.arange(len(prices))[:, None]
    last = np.maximum.accumulate(np.where(traded, rows, -1))
    found = np.take_along_axis(prices, np.maximum(last, 0), axis=0)
    return np.where(last >= 0, found, 0)


def _prices(plan: Plan, traded: Bools, draw: np.random.Generator) -> Ints:
    """From near the base price to the close, the last trade exactly at it."""
    timeline, traits, targets = plan.timeline, plan.traits, plan.targets
    closes = plan.closes
    count, width = traded.shape
    noise = draw.standard_normal((count, width), dtype=np.float32)[:, traits.twin]
    walk = np.cumsum(noise, axis=0) / np.sqrt(count)
    place = (np.arange(count) / max(timeline.at_close, 1)).clip(0, 1)[:, None]
    walk = (walk - place * walk[-1]) * 0.012 * (traits.restless > 0)
    if plan.early is not None:
        place = np.where(plan.early, np.minimum(2.2 * place, 1.0), place)
        walk = walk * ~plan.early
    change = np.log(closes / targets.base)
    raw = targets.base * np.exp(change * (0.3 + 0.7 * place) + walk)
    prices = on_tick(raw, traits.fund).clip(targets.lower, targets.upper)
    prices[timeline.at_close :] = closes
    last = count - 1 - np.argmax(traded[::-1], axis=0)
    np.put_along_axis(prices, last[None, :], closes[None, :], axis=0)
    return prices
