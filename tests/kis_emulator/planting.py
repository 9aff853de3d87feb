"""What plants do to the columns of a market: prices, volumes, ranges, flows, past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.past_events import Halt, Issue, PastEvents
from tests.kis_emulator.plants import Plant
from tests.kis_emulator.ticks import Bools, Floats, Ints, on_tick
from tests.kis_emulator.tilts import NEUTRAL, PLANTED, Tilt
from tests.kis_emulator.traits import Traits

AROUND = timedelta(days=12)
"""About a plant nothing else befalls its stock."""

_SURGE, _SECTOR_SURGE, _MARKET_SURGE = 2.5, 1.4, 1.2
"""Logs of how much more is traded."""

_ALL_MOVE = 0.05
_MOVES = {
    "technical_breakout": (0.08, -0.08),
    "volatility_interruption": (0.11, -0.11),
    "upper_price_limit": (np.log(1.3),),
    "lower_price_limit": (np.log(0.7),),
}
_LIMITS = ("upper_price_limit", "lower_price_limit")


@dataclass(frozen=True, eq=False)
class Planting:
    """Plants, with the rows of one universe."""

    plants: tuple[Plant, ...] = ()
    listed: tuple[Listed, ...] = ()
    row_of: Mapping[str, int] = field(default_factory=dict)
    days: TradingDays | None = None

    def __bool__(self) -> bool:
        return bool(self.plants)

    def on(self, day: date) -> list[tuple[int, Plant]]:
        """The day's plants and their rows."""
        return [(self._row(x.code), x) for x in self.plants if x.day == day]

    def calm(self, day: date) -> Bools:
        """Rows that nothing else may befall."""
        found = np.zeros(len(self.listed), dtype=np.bool_)
        for plant in self.plants:
            if abs(plant.day - day) <= AROUND:
                found[self._row(plant.code)] = True
        return found

    def surge(self, day: date) -> Floats:
        """Log of how much more is traded."""
        found = np.zeros(len(self.listed))
        for row, plant in self.on(day):
            found[self._along(row, plant)] = (
                _MARKET_SURGE if plant.cause == "market_move" else _SECTOR_SURGE
            )
        for row, _ in self.on(day):
            found[row] = _SURGE
        return found

    def move(self, day: date) -> Floats:
        """Log of the close over what it would be, save limits; half the day after."""
        return self._moves(day, limits=False) + 0.5 * self._moves(
            self._before(day), limits=True
        )

    def at_limit(self, day: date, cause: str) -> Bools:
        """Rows that close at their limit."""
        found = np.zeros(len(self.listed), dtype=np.bool_)
        for row, plant in self.on(day):
            found[row] |= plant.cause == cause
        return found

    def early(self, day: date) -> Bools | None:
        """Rows whose price has gone all its way by noon: they stay at their limit."""
        if not self.plants:
            return None
        return self.at_limit(day, _LIMITS[0]) | self.at_limit(day, _LIMITS[1])

    @cached_property
    def tilts(self) -> Mapping[tuple[str, int], Tilt]:
        """How the planted are bought and sold, by code and day's ordinal."""
        return {
            (x.code, x.day.toordinal()): PLANTED.get(x.cause)
            or PLANTED.get(x.bait)
            or NEUTRAL
            for x in self.plants
        }

    def quiet(self, day: date) -> set[int]:
        """Rows of which nobody else writes: planted that day, or the session after."""
        after = None if self.days is None else self.days.next(day)
        return {self._row(x.code) for x in self.plants if x.day in (day, after)}

    def ranges(
        self, day: date, base: Ints, high: Ints, year: tuple[Ints, Ints]
    ) -> tuple[Ints, Ints]:
        """The year's high and low before the session: crossed, just missed, or far."""
        top, bottom = year[0].copy(), year[1].copy()
        for row, plant in self.on(day):
            far, near = on_tick(base[row] * 1.7), on_tick(base[row] * 0.4)
            top[row], bottom[row] = far, near
            if plant.cause == "technical_breakout" and plant.number % 2 == 0:
                top[row] = on_tick(base[row] * 1.005)
            elif plant.cause == "technical_breakout":
                bottom[row] = on_tick(base[row] * 0.995)
            elif plant.bait == "near_high":
                top[row] = on_tick(high[row] * 1.02)
        return top, bottom

    def _along(self, row: int, plant: Plant) -> Bools:
        """Rows that a plant takes along."""
        here = self.listed[row]
        whole = plant.cause == "market_move"
        if not whole and plant.cause != "sector_move":
            return np.zeros(len(self.listed), dtype=np.bool_)
        leaf = (here.sector_large, here.sector_medium, here.sector_small)
        return np.array(
            [
                x.kind == "STOCK"
                and x.market == here.market
                and (whole or (x.sector_large, x.sector_medium, x.sector_small) == leaf)
                for x in self.listed
            ]
        )

    def _moves(self, day: date, *, limits: bool) -> Floats:
        found = np.zeros(len(self.listed))
        for row, plant in self.on(day):
            found[self._along(row, plant)] = _ALL_MOVE
            shapes = _MOVES.get(plant.cause, ())
            if shapes and (limits or plant.cause not in _LIMITS):
                found[row] = shapes[plant.number % len(shapes)]
        return found

    def _before(self, day: date) -> date:
        return day if self.days is None else self.days.previous(day)

    def _row(self, code: str) -> int:
        return self.row_of[code]


def plant(
    listed: tuple[Listed, ...],
    past: PastEvents,
    traits: Traits,
    days: TradingDays,
    plants: Sequence[Plant],
) -> tuple[tuple[Listed, ...], PastEvents, Traits, Planting]:
    """A universe and its past with new listings, halts and corporate actions in it."""
    if not plants:
        return listed, past, traits, Planting()
    shown, row_of = list(listed), {x.code: row for row, x in enumerate(listed)}
    issues, halts = list(past.issues), list(past.halts)
    listed_on = past.listed_on.copy()
    split_on, ratio = traits.split_on.copy(), traits.split_ratio.copy()
    for one in plants:
        row = row_of[one.code]
        back = days.back(one.day - timedelta(days=40), one.day, 12)
        if one.cause == "new_listing":
            first = back[one.number % 5]
            shown[row] = replace(shown[row], listed_on=first)
            listed_on[row] = first.toordinal()
        elif one.cause == "trading_resumption":
            first, before = back[one.number % 4 + 2], back[one.number % 4 + 3]
            halts.append(
                Halt(
                    row=row,
                    before=before.toordinal(),
                    first=first.toordinal(),
                    last=back[1].toordinal(),
                )
            )
        elif one.cause == "corporate_action" and one.number % 2:
            split_on[row], ratio[row] = one.day.toordinal(), 5.0
        elif one.cause == "corporate_action":
            later = (one.day + timedelta(days=30)).toordinal()
            issues.append(
                Issue(
                    row=row,
                    ex_on=one.day.toordinal(),
                    ratio=0.8,
                    listed_on=later,
                    growth=1.25,
                )
            )
    befallen = replace(
        past, listed_on=listed_on, issues=tuple(issues), halts=tuple(halts)
    )
    traits = replace(traits, split_on=split_on, split_ratio=ratio)
    planting = Planting(tuple(plants), tuple(shown), row_of, days)
    return tuple(shown), befallen, traits, planting
