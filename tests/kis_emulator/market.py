"""The simulated market: seeded, dated, and known in full at every instant."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import numpy as np

from tests.kis_emulator.clock import in_kst
from tests.kis_emulator.course import Course, Plan, Progress
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.targets import TargetBook, Targets
from tests.kis_emulator.ticks import Bools, Ints, on_tick
from tests.kis_emulator.timeline import seconds, timeline
from tests.kis_emulator.traits import draw_traits, sizes
from tests.kis_emulator.universe import invent

T = TypeVar("T")
VENUES = ("J", "NX")
DEFAULT_RESETS = {
    "KOSPI": time(8, 40),
    "KOSDAQ": time(8, 40),
    "KONEX": time(8, 40),
    "NXT": time(7, 50),
}


class Kept(OrderedDict[object, T]):
    """The last few answers, oldest out first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """The kept answer, or a new one."""
        if key not in self:
            self[key] = make()
            if len(self) > self._most:
                self.popitem(last=False)
        return self[key]


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """Which rows of the universe one venue quotes."""

    rows: Ints
    codes: tuple[str, ...]
    row_of: Mapping[str, int]


def _shelf(listed: tuple[Listed, ...], *, nxt_only: bool) -> _Shelf:
    rows = [row for row, item in enumerate(listed) if item.on_nxt or not nxt_only]
    codes = tuple(listed[row].code for row in rows)
    row_of = {code: row for row, code in enumerate(codes)}
    return _Shelf(np.array(rows, dtype=np.int64), codes, row_of)


class SimulatedMarket:
    """A whole market that never was; answers are the same for the same arguments.

    Args:
        seed: Everything follows from it and the date.
        stocks: How many of kind STOCK.
        etf: How many ETF.
        etn: How many ETN.
        nxt: How many of the heaviest stocks NXT trades too.
        days: The calendar.
        late_reset: When a market's quotes leave yesterday, by KOSPI, KOSDAQ, KONEX
            or NXT; 08:40 and 07:50 by default.
        shifts: How much later KRX's whole day runs on a date (수능).
    """

    def __init__(  # noqa: PLR0913 # the knobs of a whole market, all by name
        self,
        *,
        seed: int = 20261120,
        stocks: int = 2750,
        etf: int = 900,
        etn: int = 350,
        nxt: int = 640,
        days: TradingDays | None = None,
        late_reset: Mapping[str, time] | None = None,
        shifts: Mapping[date, timedelta] | None = None,
    ) -> None:
        self._seed = seed
        self._days = days or TradingDays()
        self._shifts = dict(shifts or {})
        resets = {**DEFAULT_RESETS, **(late_reset or {})}
        self._resets = {key: seconds(at) for key, at in resets.items()}
        invented = invent(seed=seed, stocks=stocks, etf=etf, etn=etn)
        size = sizes(invented, seed)
        self._listed = _with_nxt(invented, size, nxt)
        self._listing_of = {item.code: item for item in self._listed}
        self._traits = draw_traits(list(self._listed), size, seed)
        self._targets = TargetBook(self._traits, self._days, seed)
        self._shelves = {
            "J": _shelf(self._listed, nxt_only=False),
            "NX": _shelf(self._listed, nxt_only=True),
        }
        self._markets = np.array([item.market for item in self._listed])
        self._lock = threading.RLock()
        self._courses: Kept[Course] = Kept(6)
        self._finals: Kept[Figures] = Kept(280)
        self._snapshots: Kept[Figures] = Kept(16)

    @property
    def days(self) -> TradingDays:
        """Its calendar."""
        return self._days

    def listings(self) -> tuple[Listed, ...]:
        """Stocks, ETF, ETN, out-of-scope lines and KONEX."""
        return self._listed

    @property
    def listing_of(self) -> Mapping[str, Listed]:
        """The same by code."""
        return self._listing_of

    def members(self, market: str) -> Bools:
        """Rows of KRX's columns that make this market's index."""
        return self._of(market) & self._traits.stock

    def reference_cap(self, market: str) -> float:
        """The capitalisation about which the market moves, won."""
        traits = self._traits
        caps = traits.level * traits.shares.astype(np.float64)
        return float(caps[self.members(market)].sum())

    def snapshot(self, venue: str, at: datetime) -> Figures:
        """What a venue's quotes show at an instant, cut to the second."""
        at = in_kst(at).replace(microsecond=0)
        key = (venue, at)
        known = self._snapshots.get(key)
        if known is not None:
            return known
        with self._lock:
            return self._snapshots.remember(key, lambda: self._show(venue, at))

    def final(self, venue: str, day: date) -> Figures:
        """A session's last figures."""
        known = self._finals.get((venue, day))
        if known is not None:
            return known
        with self._lock:
            return self._finals.remember(
                (venue, day), lambda: self._figures(venue, day, 86_400)
            )

    def split_ratio(self, code: str, day: date) -> float:
        """Base price over previous close of a session."""
        row = self._shelves["J"].row_of.get(code)
        if row is None:
            return 1.0
        with self._lock:
            targets = self._targets.on(day)
        return float(targets.base[row] / targets.previous_close[row])

    def _show(self, venue: str, at: datetime) -> Figures:
        day = at.date()
        if not self._days.is_session(day):
            return self.final(venue, self._days.latest(day))
        second: float = seconds(at.time())
        if venue == "J":
            second -= self._shifts.get(day, timedelta()).total_seconds()
        if venue == "NX":
            return self._today(venue, day, second, self._resets["NXT"])
        shown: Figures | None = None
        for market in ("KONEX", "KOSDAQ", "KOSPI"):
            part = self._today(venue, day, second, self._resets[market])
            shown = part.where(self._of(market), shown) if shown else part
        return shown if shown else part

    def _of(self, market: str) -> Bools:
        return np.asarray(self._markets == market)

    def _today(self, venue: str, day: date, second: float, reset: int) -> Figures:
        """Yesterday's until the reset, then zeros until the open, then today's."""
        if second < reset:
            return self.final(venue, self._days.previous(day))
        figures = self._figures(venue, day, second)
        return figures if second >= timeline(venue).opens else figures.before_open()

    def _course(self, venue: str, day: date) -> Course:
        def make() -> Course:
            targets = self._targets.on(day)
            stream = [self._seed, 6 + VENUES.index(venue), day.toordinal()]
            draw = np.random.default_rng(stream)
            closes = targets.close
            if venue == "NX":
                drift = 0.003 * draw.standard_normal(len(closes))[self._traits.twin]
                closes = on_tick(closes * np.exp(drift), self._traits.fund)
                closes = closes.clip(targets.lower, targets.upper)
            plan = Plan(
                timeline=timeline(venue),
                traits=self._traits,
                targets=targets,
                volume=targets.volume[venue],
                closes=closes,
            )
            return Course(plan, draw)

        return self._courses.remember((venue, day), make)

    def _figures(self, venue: str, day: date, second: float) -> Figures:
        targets = self._targets.on(day)
        before = self._targets.on(self._days.previous(day))
        return _columns(
            self._course(venue, day).at(second),
            targets,
            before.volume[venue],
            self._shelves[venue],
        )


def _with_nxt(listed: list[Listed], size: np.ndarray, most: int) -> tuple[Listed, ...]:
    """The heaviest stocks, neither halted nor SPAC, also trade on NXT."""
    able = np.array(
        [item.kind == "STOCK" and item.market != "KONEX" for item in listed]
    )
    able &= np.array([not (item.halted or item.spac) for item in listed])
    order = np.argsort(np.where(able, -size, np.inf), kind="stable")
    chosen = frozenset(order[: min(most, int(able.sum()))].tolist())
    return tuple(replace(item, on_nxt=row in chosen) for row, item in enumerate(listed))


def _columns(
    progress: Progress,
    targets: Targets,
    previous_volume: Ints,
    shelf: _Shelf,
) -> Figures:
    """The venue's rows; the price is the base where nothing traded."""
    rows = shelf.rows
    price = np.where(progress.volume > 0, progress.price, targets.base)
    return Figures(
        codes=shelf.codes,
        row_of=shelf.row_of,
        session=np.full(len(rows), targets.day.toordinal()),
        price=price[rows],
        base=targets.base[rows],
        previous_close=targets.previous_close[rows],
        open=progress.open[rows],
        high=progress.high[rows],
        low=progress.low[rows],
        upper=targets.upper[rows],
        lower=targets.lower[rows],
        volume=progress.volume[rows],
        trading_value=progress.value[rows],
        previous_volume=previous_volume[rows],
        listed_shares=targets.shares[rows],
    )
