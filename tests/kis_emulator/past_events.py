"""What befell a few listings before the market's day: new shares, halts, moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Bools, Floats, Ints

AROUND = 7
"""Calendar days about a halt without a limit move, an ex-date or a surge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """New shares (유상·무상증자), or fewer (감자); days are ordinals.

    Attributes:
        ex_on: The day whose base price is ``ratio`` of the close before.
        listed_on: The first day with the new number of shares, some weeks later.
        growth: Shares after over before.
    """

    row: int
    ex_on: int
    ratio: float
    listed_on: int
    growth: float
    reduction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Sessions without trading (거래정지), from the first to the last; ordinals."""

    row: int
    before: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A listing that came from another market (이전상장).

    Attributes:
        on: Ordinal of its first day where it now is.
        was: The listing as it was.
    """

    on: int
    was: Listed


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PastEvents:
    """Everything that befell, by row of the universe; days are ordinals.

    Attributes:
        listed_on: First session.
        delisted_on: First session without it; far ahead for what is still there.
        halted_since: When a halt that still holds began; 0 for ever.
        winding_up: First session of the clearance sale (정리매매) before a delisting.
    """

    listed_on: Ints
    delisted_on: Ints
    halted_since: Ints
    winding_up: Mapping[int, int]
    issues: tuple[Issue, ...]
    halts: tuple[Halt, ...]
    moves: Mapping[int, Move]

    def is_listed(self, day: date) -> Bools:
        """Rows listed on a day."""
        on = day.toordinal()
        return np.asarray((self.listed_on <= on) & (on < self.delisted_on))

    def halted(self, day: date, always: Bools) -> Bools:
        """Rows halted on a day, of which ``always`` are halted at the end."""
        found = always & (self.halted_since <= day.toordinal())
        for halt in self.under_way(day):
            found[halt.row] = True
        return found

    def under_way(self, day: date) -> list[Halt]:
        """The halts of a day that ended later."""
        on = day.toordinal()
        return [halt for halt in self.halts if halt.first <= on <= halt.last]

    def price_factor(self, day: date) -> Floats:
        """A price of the day over the same in the shares of the end."""
        factor = np.ones(len(self.listed_on))
        for issue in self.issues:
            if day.toordinal() < issue.ex_on:
                factor[issue.row] /= issue.ratio
        return factor

    def share_factor(self, day: date) -> Floats:
        """Shares of the day over those of the end."""
        factor = np.ones(len(self.listed_on))
        for issue in self.issues:
            if day.toordinal() < issue.listed_on:
                factor[issue.row] /= issue.growth
        return factor

    def calm(self, day: date) -> Bools:
        """Rows that nothing else may befall on the day."""
        on = day.toordinal()
        found = np.zeros(len(self.listed_on), dtype=np.bool_)
        for issue in self.issues:
            found[issue.row] |= issue.ex_on == on
        for halt in self.halts:
            found[halt.row] |= halt.first - AROUND <= on <= halt.last + AROUND
        return found

    def issue_on(self, row: int, day: date) -> Issue | None:
        """The issue that moved a row's base price on the day."""
        on = day.toordinal()
        here = (x for x in self.issues if x.row == row and x.ex_on == on)
        return next(here, None)

    def moved(self, day: date) -> dict[int, Listed]:
        """Rows that were in another market on the day, as they were."""
        on = day.toordinal()
        return {row: move.was for row, move in self.moves.items() if on < move.on}
