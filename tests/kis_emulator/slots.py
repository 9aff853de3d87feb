"""The broker-entered estimates (가집계): net buying at a few times of the day."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from weakref import WeakKeyDictionary

import numpy as np

from tests.kis_emulator.clock import KST, in_kst
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.flow_split import Investor, chance
from tests.kis_emulator.flows import flows_in
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.ticks import Ints

SLOTS = (time(9, 30), time(10), time(11, 20), time(13, 20), time(14, 30))
"""When figures are entered; the slot's number is its place, from 1."""

_FOREIGN_AT = (1, 1, 3, 4, 5)
_INSTITUTION_AT = (0, 2, 3, 4, 5)


_lock = threading.RLock()
_kept: WeakKeyDictionary[Truth, "Kept[Estimates]"] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Estimates:
    """Net buying on KRX by listing: shares, in whole thousands.

    Attributes:
        session: The day they are of.
        slot: 1 to 5; institutions have nothing before the second, and foreigners
            keep their first figure in it.
        other: Corporations that are no institutions; entered with the institutions.
    """

    session: date
    slot: int
    codes: tuple[str, ...]
    row_of: Mapping[str, int]
    foreign: Ints
    institution: Ints
    other: Ints


def slot_of(at: datetime) -> int:
    """The last slot entered by this time of day; 0 before the first."""
    moment = in_kst(at).time()
    return sum(moment >= entered for entered in SLOTS)


def estimates_of(truth: Truth, at: datetime) -> Estimates | None:
    """The figures that stand at an instant; None on a session before 09:30.

    On a day without a session, the last session's last slot.
    """
    at = in_kst(at)
    if not truth.days.is_session(at.date()):
        return estimates_at(truth, truth.days.latest(at.date()), len(SLOTS))
    slot = slot_of(at)
    return estimates_at(truth, at.date(), slot) if slot else None


def estimates_at(truth: Truth, day: date, slot: int) -> Estimates:
    """One slot's figures of a session."""
    with _lock:
        kept = _kept.setdefault(truth, Kept(12))
        return kept.remember((day, slot), lambda: _estimates(truth, day, slot))


def _estimates(truth: Truth, day: date, slot: int) -> Estimates:
    foreign = _entered(truth, day, _FOREIGN_AT[slot - 1])
    house = _entered(truth, day, _INSTITUTION_AT[slot - 1])
    columns = truth.final("J", day)
    return Estimates(
        session=day,
        slot=slot,
        codes=columns.codes,
        row_of=columns.row_of,
        foreign=foreign[Investor.FOREIGN],
        institution=house[Investor.INSTITUTION],
        other=house[Investor.OTHER],
    )


def _entered(truth: Truth, day: date, slot: int) -> Ints:
    """Near what was true at the slot's time: brokers guess within 1 % of the volume."""
    if not slot:
        return np.zeros((len(Investor), len(truth.final("J", day))), dtype=np.int64)
    entered = datetime.combine(day, SLOTS[slot - 1], KST)
    figures = truth.snapshot("J", entered)
    flows = flows_in(figures, "J")
    guess = np.stack(
        [2 * chance(figures, 200 + 10 * slot + who) - 1 for who in Investor]
    )
    guess[Investor.OTHER] *= 0.1
    near = flows.buy_volume - flows.sell_volume + 0.01 * guess * figures.volume
    return np.trunc(near / 1_000 + np.sign(near) * 0.5).astype(np.int64) * 1_000
