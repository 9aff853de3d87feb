"""What each listing is to end a session at: close, base price, volume."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.past_events import Halt, PastEvents
from tests.kis_emulator.planting import Planting
from tests.kis_emulator.ticks import Bools, Floats, Ints, limits, on_tick
from tests.kis_emulator.traits import CYCLE, Traits

_UP, _DOWN, _EX, _SURGE = 0, 1, 3, 5
_KEPT = 160


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Targets:
    """Columns of one session, KRX prices for both venues.

    Attributes:
        base: 기준가; not the previous close on ex-dates and splits.
        listed: Rows listed on the day; the others have prices, but trade nothing.
        volume: Final shares by venue.
    """

    day: date
    base: Ints
    previous_close: Ints
    close: Ints
    upper: Ints
    lower: Ints
    shares: Ints
    listed: Bools
    volume: dict[str, Ints]


class TargetBook:
    """Makes targets from (seed, row, date), never from what was asked before."""

    def __init__(
        self,
        traits: Traits,
        days: TradingDays,
        seed: int,
        past: PastEvents,
        planting: Planting | None = None,
    ) -> None:
        self._traits = traits
        self._days = days
        self._seed = seed
        self._past = past
        self._planting = planting or Planting()
        self._frozen: dict[Halt, int] = {}
        self._kept: OrderedDict[date, Targets] = OrderedDict()

    def on(self, day: date) -> Targets:
        """The session's targets; kept for a while."""
        if day not in self._kept:
            self._kept[day] = self._make(day)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[day]

    def _event(self, day: date, residue: int) -> Bools:
        """Rows whose rare event falls on this day; never two in a row."""
        traits = self._traits
        turn = (day.toordinal() * 7 + traits.phase) % CYCLE
        lively = traits.stock & (traits.restless > 0) & (traits.level > 1_000)
        plain = traits.split_on != day.toordinal()
        plain &= ~self._past.calm(day)
        if self._planting:
            plain &= ~self._planting.calm(day)
        return np.asarray((turn == residue) & lively & plain)

    def _split_factor(self, day: date) -> Floats:
        traits = self._traits
        return np.where(day.toordinal() < traits.split_on, traits.split_ratio, 1.0)

    def _price_factor(self, day: date) -> Floats:
        return self._split_factor(day) * self._past.price_factor(day)

    def _plain_close(self, day: date) -> Ints:
        """The close but for today's limit moves; yesterday's fade by half."""
        traits, before = self._traits, self._days.previous(day)
        draw = np.random.default_rng([self._seed, 4, day.toordinal()])
        noise = draw.standard_normal(len(traits.level))[traits.twin].clip(-2, 2)
        turn = 2 * np.pi * (day.toordinal() / traits.period + traits.phase / CYCLE)
        move = traits.restless * (0.06 * np.sin(turn) + 0.012 * noise)
        fading = np.log(1.3) * self._event(before, _UP)
        fading = fading + np.log(0.7) * self._event(before, _DOWN)
        if self._planting:
            move = move + self._planting.move(day)
        price = traits.level * np.exp(move + fading / 2) * self._price_factor(day)
        return on_tick(price, traits.fund)

    def _base(self, previous_close: Ints, day: date) -> Ints:
        traits, before = self._traits, self._days.previous(day)
        factor = self._price_factor(day) / self._price_factor(before)
        factor = factor * np.where(self._event(day, _EX), 0.97, 1.0)
        adjusted = on_tick(previous_close * factor, traits.fund)
        return np.where(factor == 1.0, previous_close, adjusted)

    def _close(self, day: date) -> Ints:
        """With limit moves, which start from the plain close of the day before."""
        plain = self._plain_close(day)
        for halt in self._past.under_way(day):
            plain[halt.row] = self._close_before(halt)
        up, down = self._event(day, _UP), self._event(day, _DOWN)
        if self._planting:
            up = up | self._planting.at_limit(day, "upper_price_limit")
            down = down | self._planting.at_limit(day, "lower_price_limit")
        if not (up | down).any():
            return plain
        base = self._base(self._plain_close(self._days.previous(day)), day)
        top, bottom = limits(base, self._traits.fund)
        return np.where(up, top, np.where(down, bottom, plain))

    def _close_before(self, halt: Halt) -> int:
        """The close that stands while the halt lasts."""
        if halt not in self._frozen:
            closes = self._close(date.fromordinal(halt.before))
            self._frozen[halt] = int(closes[halt.row])
        return self._frozen[halt]

    def _make(self, day: date) -> Targets:
        traits = self._traits
        before = self._days.previous(day)
        previous_close, close = self._close(before), self._close(day)
        base = self._base(previous_close, day)
        still = self._past.halted(day, traits.halted) | traits.dormant
        close = np.where(still, base, close)
        upper, lower = limits(base, traits.fund)
        shares = traits.shares / self._split_factor(day)
        shares = shares * self._past.share_factor(day)
        return Targets(
            day=day,
            base=base,
            previous_close=previous_close,
            close=close.clip(lower, upper),
            upper=upper,
            lower=lower,
            shares=shares.astype(np.int64),
            listed=self._past.is_listed(day),
            volume=self._volumes(day, close),
        )

    def _volumes(self, day: date, close: Ints) -> dict[str, Ints]:
        traits = self._traits
        draw = np.random.default_rng([self._seed, 5, day.toordinal()])
        noise = draw.standard_normal((2, len(close)))[:, traits.twin]
        market = 0.15 * draw.standard_normal()
        surge = 2.0 * self._event(day, _SURGE)
        if self._planting:
            surge = surge + self._planting.surge(day)
        value = np.exp(traits.log_value + 0.45 * noise[0] + market + surge)
        asleep = traits.dormant & ((day.toordinal() + traits.phase) % 3 > 0)
        silent = self._past.halted(day, traits.halted) | asleep
        silent |= ~self._past.is_listed(day)
        krx = np.where(silent, 0, np.maximum(np.rint(value / close), 1))
        nxt = krx * (traits.nxt_share * np.exp(0.2 * noise[1])).clip(0, 0.9)
        return {"J": krx.astype(np.int64), "NX": np.rint(nxt).astype(np.int64)}
