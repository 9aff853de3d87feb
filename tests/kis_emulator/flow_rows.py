"""Listing by listing what the flow endpoints serve: kept tables, a row at a time."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakKeyDictionary

import numpy as np

from tests.kis_emulator.clock import in_kst
from tests.kis_emulator.figures import Figures, Truth
from tests.kis_emulator.flow_columns import Flows, Side
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import Shown, flows_in, provisional_instant, shown
from tests.kis_emulator.kept import Kept
from tests.kis_emulator.programs import PROGRAM, programs_in
from tests.kis_emulator.ticks import Ints

VENUES = {"J": ("J",), "NX": ("NX",), "UN": ("J", "NX")}
_WIDTH = len(Investor)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One instant of one venue: flows and program trades, a row a listing."""

    row_of: Mapping[str, int]
    rows: Ints

    def of(self, code: str) -> list[int] | None:
        """Sixteen numbers of flows and four of programs; None where unknown."""
        row = self.row_of.get(code)
        return None if row is None else list(self.rows[row].tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A venue's quotes at an instant, and the program trades within them."""

    figures: Figures
    programs: Table


def table_of(figures: Figures, venue: str) -> Table:
    """The rows of one venue's figures."""
    flows, programs = flows_in(figures, venue), programs_in(figures, venue)
    columns = [*flows.columns(), *programs.columns()]
    rows = np.ascontiguousarray(np.concatenate(columns).T)
    return Table(figures.row_of, rows)


def sides(row: list[int]) -> tuple[Side, ...]:
    """The flows of a row by ``Investor``."""
    return tuple(Side(*row[kind : 4 * _WIDTH : _WIDTH]) for kind in Investor)


def program_side(row: list[int]) -> Side:
    """The program trades of a row."""
    return Side(*row[-4:])


def added(rows: list[list[int]]) -> list[int]:
    """Rows of several venues in one."""
    return [sum(cells) for cells in zip(*rows, strict=True)]


class FlowTables:
    """What was reckoned for one market; days for as long as endpoints look back."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._days: Kept[Table] = Kept(80)
        self._moments: Kept[Moment] = Kept(80)
        self._live: Kept[Flows] = Kept(4)
        self._totals: Kept[Ints] = Kept(400)

    def row(
        self, truth: Truth, division: str, code: str, day: date, at: datetime
    ) -> list[int] | None:
        """A listing's row of a session as shown at an instant; None before 15:40."""
        found: list[list[int]] = []
        for venue in VENUES[division]:
            state = shown(venue, day, at)
            if state is Shown.NOTHING:
                return None
            row = self.day(truth, venue, day, state).of(code)
            if row is not None:
                found.append(row)
        if len(found) < 2:
            return found[0] if found else None
        return added(found)

    def day(self, truth: Truth, venue: str, day: date, state: Shown) -> Table:
        """A session's table, provisional or final."""

        def make() -> Table:
            if state is Shown.FINAL:
                return table_of(truth.final(venue, day), venue)
            return table_of(truth.snapshot(venue, provisional_instant(day)), venue)

        with self.lock:
            return self._days.remember((venue, day, state), make)

    def live(self, truth: Truth, venue: str, at: datetime) -> Flows:
        """A venue's flows by an instant, cut to the second."""
        at = in_kst(at).replace(microsecond=0)
        with self.lock:
            return self._live.remember(
                (venue, at), lambda: flows_in(truth.snapshot(venue, at), venue)
            )

    def totals(self, day: date, make: Callable[[], Ints]) -> Ints:
        """A session's sums over every index, made where they are not kept."""
        with self.lock:
            return self._totals.remember(day, make)

    def moment(self, truth: Truth, venue: str, at: datetime) -> Moment:
        """A venue's program trades by an instant."""

        def make() -> Moment:
            figures = truth.snapshot(venue, at)
            columns = [
                column[PROGRAM] for column in programs_in(figures, venue).columns()
            ]
            return Moment(figures, Table(figures.row_of, np.stack(columns, axis=1)))

        with self.lock:
            return self._moments.remember((venue, at), make)


_TABLES: WeakKeyDictionary[Truth, FlowTables] = WeakKeyDictionary()
_MAKING = threading.Lock()


def tables_of(truth: Truth) -> FlowTables:
    """The market's kept tables; gone with the market."""
    with _MAKING:
        return _TABLES.setdefault(truth, FlowTables())
