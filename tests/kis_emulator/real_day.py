"""A real KRX session, loaded from official daily rows; read, never copied."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.kis_emulator.base_change import BaseChange
from tests.kis_emulator.clock import in_kst
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.figures import COLUMNS, Figures, Quote
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Bools, Ints, limits

Row = Mapping[str, object]
_OPENS, _RESETS = time(9), time(8, 40)


def real_day(path: Path, day: date) -> "RealDay":
    """The market of one official day, in place of a simulated one.

    Args:
        path: The file of official rows; names come from ``meta.csv`` beside it.
        day: A session of that file.
    """
    table = pq.read_table(path)
    year = table.filter(pc.starts_with(table["date"], f"{day:%Y}-"))
    by_day: dict[date, dict[str, Row]] = {}
    for row in year.to_pylist():
        session = date.fromisoformat(row["date"])
        by_day.setdefault(session, {})[row["code"]] = row
    if day not in by_day:
        raise ValueError(f"no official rows of {day} in {path.name}")
    return RealDay(day, by_day, _names(path.with_name("meta.csv")))


def _names(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


class RealDay:
    """One day's real listings and final figures; the days before it in its year.

    No NXT, no ETF, no flags: the file holds none. From the opening on, the day shows
    its final figures: how it got there is not known.
    """

    def __init__(
        self,
        day: date,
        by_day: Mapping[date, Mapping[str, Row]],
        names: Mapping[str, str],
    ) -> None:
        self.day = day
        self._by_day = by_day
        self._days = TradingDays()
        self._codes = tuple(sorted(by_day[day]))
        self._row_of = {code: row for row, code in enumerate(self._codes)}
        self._listed = tuple(
            _listed(by_day[day][code], names.get(code, "")) for code in self._codes
        )
        self._listing_of = {item.code: item for item in self._listed}
        self._kept: dict[date, Figures] = {}

    @property
    def days(self) -> TradingDays:
        """Its calendar."""
        return self._days

    @property
    def anchor(self) -> date:
        """The day itself."""
        return self.day

    def listings(self) -> tuple[Listed, ...]:
        """Every code of the day, by code."""
        return self._listed

    @property
    def listing_of(self) -> Mapping[str, Listed]:
        """The same by code."""
        return self._listing_of

    def listings_on(self, day: date) -> tuple[Listed, ...]:
        """Those that the file has a row of."""
        rows = self._by_day.get(day, {})
        return tuple(item for item in self._listed if item.code in rows)

    def listing_on(self, code: str, day: date) -> Listed | None:
        """None where the file has no row."""
        known = code in self._by_day.get(day, {})
        return self._listing_of.get(code) if known else None

    def moved(self, day: date) -> Mapping[int, Listed]:
        """None: every listing is as on the day."""
        return {}

    def members(self, market: str, day: date | None = None) -> Bools:
        """Rows of this market, whether or not the file has them on that day."""
        return np.array([item.market == market for item in self._listed])

    def reference_cap(self, market: str) -> float:
        """The capitalisation at the day's close, won."""
        closes = self.final("J", self.day)
        caps = closes.price * closes.listed_shares.astype(np.float64)
        return float(caps[self.members(market)].sum())

    def snapshot(self, venue: str, at: datetime) -> Figures:
        """The latest session's final figures; zeros between reset and opening."""
        at = in_kst(at)
        day = at.date()
        if not self._days.is_session(day):
            return self.final(venue, self._days.latest(day))
        if at.time() < _RESETS:
            return self.final(venue, self._days.previous(day))
        figures = self.final(venue, day)
        return figures if at.time() >= _OPENS else figures.before_open()

    def final(self, venue: str, day: date) -> Figures:
        """Zeros, prices too, where the file has no row."""
        if venue != "J":
            return _empty()
        if day not in self._kept:
            self._kept[day] = self._load(day)
        return self._kept[day]

    def finals(self, venue: str, code: str, days: Sequence[date]) -> list[Quote]:
        """Of the days that the file has rows of."""
        quotes = (self.final(venue, day).quote(code) for day in days)
        return [quote for quote in quotes if quote is not None]

    def base_change(self, code: str, day: date) -> BaseChange:
        """Never: the file knows no base price."""
        return BaseChange.NONE

    def split_ratio(self, code: str, day: date) -> float:
        """Always 1: the file knows no base price."""
        return 1.0

    def _load(self, day: date) -> Figures:
        rows = self._by_day.get(day, {})
        before = self._by_day.get(self._days.previous(day), {})
        close = self._column(rows, "close")
        previous = self._column(before, "close")
        base = np.where(previous > 0, previous, close)
        opened = self._column(rows, "open")
        high, low = self._column(rows, "high"), self._column(rows, "low")
        upper, lower = limits(base)
        traded = opened > 0
        return Figures(
            codes=self._codes,
            row_of=self._row_of,
            session=np.full(len(close), day.toordinal()),
            price=close,
            base=base,
            previous_close=base,
            open=opened,
            high=high,
            low=low,
            upper=np.maximum(upper, high),
            lower=np.where(traded, np.minimum(lower, low), lower),
            volume=self._column(rows, "volume") * traded,
            trading_value=self._column(rows, "amount") * traded,
            previous_volume=self._column(before, "volume"),
            listed_shares=self._column(rows, "stocks"),
        )

    def _column(self, rows: Mapping[str, Row], name: str) -> Ints:
        found = (rows.get(code, {}).get(name, 0) for code in self._codes)
        return np.array([int(str(value).split(".")[0]) for value in found])


def _listed(row: Row, name: str) -> Listed:
    code = str(row["code"])
    label = (name or f"이름모름{code}").encode("cp949", "replace")[:40]
    return Listed(
        code=code,
        name=label.decode("cp949", "ignore"),
        market=str(row["market"]).split()[0],
    )


def _empty() -> Figures:
    nothing = np.zeros(0, dtype=np.int64)
    columns = dict.fromkeys(COLUMNS, nothing)
    return Figures(codes=(), row_of={}, session=nothing, tilts={}, **columns)
