"""The simulated market: seeded, dated, and known in full at every instant."""

import threading
import time as waiting
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from tests.kis_emulator.base_change import BaseChange
from tests.kis_emulator.clock import in_kst
from tests.kis_emulator.course import Course, Plan, Progress
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.figures import Figures, Quote
from tests.kis_emulator.kept import Kept, PackedFinals
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.past_draw import THE_DAY, draw_past
from tests.kis_emulator.past_events import PastEvents
from tests.kis_emulator.planting import Planting, plant
from tests.kis_emulator.plants import Plant
from tests.kis_emulator.roll import Roll
from tests.kis_emulator.shelf import Shelf, shelf, with_nxt
from tests.kis_emulator.targets import TargetBook, Targets
from tests.kis_emulator.ticks import Bools, Ints, on_tick
from tests.kis_emulator.timeline import seconds, timeline
from tests.kis_emulator.traits import draw_traits, sizes
from tests.kis_emulator.universe import invent

__all__ = ["DEFAULT_RESETS", "NXT_SINCE", "VENUES", "Kept", "SimulatedMarket"]

VENUES = ("J", "NX")
NXT_SINCE = date(2025, 3, 4)
DEFAULT_RESETS = {
    "KOSPI": time(8, 40),
    "KOSDAQ": time(8, 40),
    "KONEX": time(8, 40),
    "NXT": time(7, 50),
}


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
        past_events: Three of the listings were delisted, and two came from KOSDAQ to
            KOSPI, on days before 2026-11-20. New listings, rights issues and halts
            are in every market's past.
        plants: Surges of known cause; without them nothing is other than it was.
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
        past_events: bool = False,
        plants: Sequence[Plant] = (),
    ) -> None:
        self._seed = seed
        self._days = days or TradingDays()
        self._shifts = dict(shifts or {})
        resets = {**DEFAULT_RESETS, **(late_reset or {})}
        self._resets = {key: seconds(at) for key, at in resets.items()}
        invented = invent(seed=seed, stocks=stocks, etf=etf, etn=etn)
        size = sizes(invented, seed)
        listed = with_nxt(invented, size, nxt)
        self._traits = draw_traits(list(listed), size, seed)
        listed, past = draw_past(listed, self._traits, self._days, leaving=past_events)
        listed, past, self._traits, self.planting = plant(
            listed, past, self._traits, self._days, plants
        )
        self._past = past
        self._roll = Roll(listed, past)
        self._targets = TargetBook(self._traits, self._days, seed, past, self.planting)
        self._shelves = {
            "J": shelf(listed, nxt_only=False),
            "NX": shelf(listed, nxt_only=True),
        }
        self._lock = threading.RLock()
        self._courses: Kept[Course] = Kept(6)
        self._finals: Kept[Figures] = Kept(96)
        self._packed = {venue: self._pack(venue) for venue in VENUES}
        self._snapshots: Kept[Figures] = Kept(16)

    @property
    def days(self) -> TradingDays:
        """Its calendar."""
        return self._days

    def listings(self) -> tuple[Listed, ...]:
        """Stocks, ETF, ETN, out-of-scope lines and KONEX."""
        return self._roll.listed

    @property
    def listing_of(self) -> Mapping[str, Listed]:
        """The same by code."""
        return self._roll.of_code

    @property
    def anchor(self) -> date:
        """The session before the day that everything is made for."""
        return self._days.previous(THE_DAY)

    @property
    def past(self) -> PastEvents:
        """What befell whom; rows are those of ``listings``."""
        return self._past

    def listings_on(self, day: date) -> tuple[Listed, ...]:
        """Those of a day, as its morning's master has them."""
        return self._roll.on(day)

    def listing_on(self, code: str, day: date) -> Listed | None:
        """One of them; None where it is not listed on that day."""
        return self._roll.find(code, day)

    def moved(self, day: date) -> Mapping[int, Listed]:
        """Rows that were in another market on that day, as they were."""
        return self._roll.moved(day)

    def members(self, market: str, day: date | None = None) -> Bools:
        """Rows of KRX's columns that make this market's index."""
        return self._roll.members(market, day)

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
            packed = self._packed[venue]
            return self._finals.remember((venue, day), lambda: packed.on(day))

    def finals(self, venue: str, code: str, days: Sequence[date]) -> list[Quote]:
        """One listing's last figures of sessions; those without it are left out."""
        packed = self._packed[venue]
        known = [day for day in days if venue == "J" or day >= NXT_SINCE]
        for day in known:
            if not packed.knows(day):
                with self._lock:
                    packed.on(day)
                waiting.sleep(0.0002)  # the event loop gets the lock
        with self._lock:
            return packed.quotes(code, known)

    def course(self, venue: str, day: date) -> Course:
        """Every trade of a session; a column for each of ``listings``, in order."""
        with self._lock:
            return self._course(venue, day)

    def delay(self, venue: str, day: date) -> timedelta:
        """How much later a venue's whole day runs."""
        return self._shifts.get(day, timedelta()) if venue == "J" else timedelta()

    def split_ratio(self, code: str, day: date) -> float:
        """Base price over previous close of a session."""
        row = self._shelves["J"].row_of.get(code)
        if row is None:
            return 1.0
        with self._lock:
            targets = self._targets.on(day)
        return float(targets.base[row] / targets.previous_close[row])

    def base_change(self, code: str, day: date) -> BaseChange:
        """Why the base price of a session is not the previous close."""
        ratio = self.split_ratio(code, day)
        row = self._shelves["J"].row_of.get(code)
        if row is None or ratio == 1.0:
            return BaseChange.NONE
        issue = self._past.issue_on(row, day)
        if issue is not None and issue.reduction:
            return BaseChange.REDUCTION
        if issue is None and self._traits.split_on[row] == day.toordinal():
            return BaseChange.SPLIT if ratio < 1 else BaseChange.MERGER
        return BaseChange.RIGHTS

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
            shown = part.where(self._roll.of(market), shown) if shown else part
        return shown if shown else part

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
                early=self.planting.early(day),
            )
            return Course(plan, draw)

        return self._courses.remember((venue, day), make)

    def _pack(self, venue: str) -> PackedFinals:
        here = self._shelves[venue]

        def make(day: date) -> Figures:
            return self._figures(venue, day, 86_400)

        return PackedFinals(here.codes, here.row_of, make, 320, self.planting.tilts)

    def _figures(self, venue: str, day: date, second: float) -> Figures:
        targets = self._targets.on(day)
        before = self._targets.on(self._days.previous(day))
        return _columns(
            self._course(venue, day).at(second),
            targets,
            before.volume[venue],
            self._shelves[venue],
            self.planting,
        )


def _columns(
    progress: Progress,
    targets: Targets,
    previous_volume: Ints,
    here: Shelf,
    planting: Planting,
) -> Figures:
    """The venue's rows; the price is the base where nothing traded."""
    rows = here.rows
    still = np.where(targets.listed, targets.base, targets.close)
    price = np.where(progress.volume > 0, progress.price, still)
    return Figures(
        codes=here.codes,
        row_of=here.row_of,
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
        listed_shares=(targets.shares * targets.listed)[rows],
        tilts=planting.tilts,
    )
