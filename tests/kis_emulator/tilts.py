"""How planted stocks are bought and sold: shares of a day's volume by investor."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.kis_emulator.ticks import Floats, Ints

_OTHER = 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilt:
    """Fractions of the volume, bought and sold.

    Attributes:
        foreign, institution: Individuals make up for them.
        program: Never more than both together.
    """

    foreign: tuple[float, float] = (0.2, 0.2)
    institution: tuple[float, float] = (0.2, 0.2)
    program: tuple[float, float] = (0.06, 0.06)

    def of(self, side: int) -> list[float]:
        """By `Investor`."""
        foreign, house = self.foreign[side], self.institution[side]
        return [foreign, house, 1 - foreign - house - _OTHER, _OTHER]


NEUTRAL = Tilt()
PLANTED: Mapping[str, Tilt] = {
    "foreign_buying": Tilt(foreign=(0.42, 0.2)),
    "institution_buying": Tilt(institution=(0.42, 0.2)),
    "program_trading": Tilt(program=(0.3, 0.05)),
    "foreign": Tilt(foreign=(0.26, 0.2)),
    "program": Tilt(program=(0.11, 0.06)),
}
"""By cause, or by bait: what lies below any threshold worth the name."""

Tilts = Mapping[tuple[str, int], Tilt]


def tilted(
    usual: Floats, tilts: Tilts, row_of: Mapping[str, int], session: Ints, side: int
) -> None:
    """Writes the planted shares into a column for each investor."""
    for row, tilt in _here(tilts, row_of, session):
        usual[:, row] = tilt.of(side)


def tilted_programs(
    part: Floats, tilts: Tilts, row_of: Mapping[str, int], session: Ints, side: int
) -> Floats:
    """The planted shares of programs among the others'."""
    if not tilts:
        return part
    part = np.array(part)
    for row, tilt in _here(tilts, row_of, session):
        part[row] = tilt.program[side]
    return part


def _here(
    tilts: Tilts, row_of: Mapping[str, int], session: Ints
) -> list[tuple[int, Tilt]]:
    found = [(row_of.get(code, -1), day, tilt) for (code, day), tilt in tilts.items()]
    return [(row, x) for row, day, x in found if row >= 0 and session[row] == day]
