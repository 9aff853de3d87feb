"""Net buying that a quote shows while the session runs: program and foreign shares."""

import threading
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tests.kis_emulator.figures import Truth
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import flows_of, has_flows
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.programs import PROGRAM, program_of
from tests.kis_emulator.ticks import Ints


class _Nets(NamedTuple):
    """Columns over a division's listings; no foreigners before 15:40."""

    row_of: Mapping[str, int]
    program: Ints
    foreign: Ints | None


class _Book:
    """The nets of one market's last instants."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Kept[_Nets] = Kept(8)

    def at(self, truth: Truth, division: str, session: date, at: datetime) -> _Nets:
        def make() -> _Nets:
            ours = program_of(truth, division, at)
            theirs = flows_of(truth, division, session, at)
            program = ours.buy_volume[PROGRAM] - ours.sell_volume[PROGRAM]
            if theirs is None:
                return _Nets(ours.row_of, program, None)
            bought = theirs.buy_volume[Investor.FOREIGN]
            return _Nets(
                ours.row_of, program, bought - theirs.sell_volume[Investor.FOREIGN]
            )

        with self._lock:
            return self._kept.remember((division, session, at), make)


_BOOKS: WeakKeyDictionary[Truth, _Book] = WeakKeyDictionary()


def live_nets(
    truth: Truth, division: str, code: str, session: date, at: datetime
) -> tuple[int, int]:
    """Net shares of programs, and of foreigners (0 until the broker has them)."""
    if not has_flows(truth):
        return 0, 0
    book = _BOOKS.setdefault(truth, _Book())
    nets = book.at(truth, division, session, at.replace(microsecond=0))
    row = nets.row_of.get(code)
    if row is None:
        return 0, 0
    foreign = 0 if nets.foreign is None else int(nets.foreign[row])
    return int(nets.program[row]), foreign
