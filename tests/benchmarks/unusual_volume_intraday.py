"""The judge's command for intraday comparison: snapshots in, a score for each out.

Run as ``python -m tests.benchmarks.unusual_volume_intraday {snap} {hist} {output}``;
`anomaly_eval.py` (intraday-eval) says what it reads and what it wants. Causal: a
snapshot is scored by snapshots of its time or before, and by days that were over. The
domain is called, not copied. To compare with, ``--rule so_far`` scores by the value so
far ÷ the mean of 20 whole days, ``--rule same_time`` by it ÷ that mean × the mean share
that past sessions had done by this time.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from domain.foretold import RECENT_PACES, Foretold, SoFar, foretell
from domain.intraday import (
    CONTINUOUS,
    DAY_DONE,
    SHIPPED,
    StockCurves,
    is_judged,
    learn,
    usual_minute,
)
from domain.session import KST, TradingSession
from domain.volume_baseline import LONG_WINDOW, WINDOW, baseline
from domain.volume_score import score_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]

CURVE_SESSIONS = 20
ALERT_FROM = 0.85
"""For this judge, who calls a day unusual from twice its usual volume on; the widest
sensitivity of the server asks for 1.0."""
RULES = ("foretold", "so_far", "same_time")


@dataclass(kw_only=True)
class Day:
    """One session's snapshots; ``value``: won since the open, ``[snapshot, code]``."""

    day: date
    times: list[str]
    minutes: "Real"
    value: "Real"

    def by(self, minute: float) -> "Real":
        """Won by a minute, on the straight line between snapshots."""
        minutes, value = self.minutes, self.value
        if minute <= minutes[0]:
            share = max(minute, 0.0) / minutes[0] if minutes[0] > 0 else 1.0
            return np.asarray(value[0] * share)
        high = int(np.searchsorted(minutes, minute))
        if high >= len(minutes):
            return np.asarray(value[-1])
        start, end = minutes[high - 1], minutes[high]
        part = (minute - start) / (end - start)
        return np.asarray(value[high - 1] + (value[high] - value[high - 1]) * part)

    @property
    def whole(self) -> "Real | None":
        """The day's own, if its last snapshot is of after the close."""
        return self.value[-1] if self.minutes[-1] == DAY_DONE else None


@dataclass(kw_only=True)
class Past:
    """What is over.

    Attributes:
        logs: Of whole days' won, ``[session, code]``, the newest last.
        tables: Of some of them, the shares done by the curve's minutes.
    """

    logs: "Real"
    tables: "list[Real]" = field(default_factory=list)

    def take(self, day: Day) -> None:
        """A day that is over becomes past."""
        whole = day.whole
        if whole is None:
            return
        self.logs = np.vstack([self.logs, _logs(whole)])[-LONG_WINDOW:]
        if day.minutes[0] <= 0:  # seen from its opening on
            by = np.array([day.by(minute) for minute in SHIPPED.minutes])
            shares = np.divide(
                by, whole, out=np.full(by.shape, np.nan), where=whole > 0
            )
            self.tables = [*self.tables, shares][-CURVE_SESSIONS:]


def scored(day: Day, past: Past, rule: str) -> "Iterator[tuple[str, Real]]":
    """Time and scores of each snapshot that is judged."""
    market = np.zeros(day.value.shape[1], dtype=np.int8)
    curves = learn(past.tables, market, SHIPPED.minutes)
    usual = baseline(past.logs, market)
    expected = np.exp(usual.expected + usual.echo)
    mean = np.nanmean(np.exp(past.logs[-WINDOW:]), axis=0)
    for row, (time, minute) in enumerate(zip(day.times, day.minutes, strict=True)):
        if not is_judged(minute):
            continue
        logs = _logs(day.value[row])
        if rule == "so_far":
            yield time, logs - np.log(mean)
        elif rule == "same_time":
            shares = np.array([_at(table, minute) for table in past.tables])
            known = np.isfinite(shares).sum(axis=0)
            share = np.nansum(shares, axis=0) / np.where(known > 0, known, np.nan)
            yield time, logs - np.log(mean * share)
        else:
            found = _foretold(day, curves, row, expected)
            logs = _logs(found.value)
            yield time, score_day(past.logs, logs, market, found.doubt).score


def _foretold(day: Day, curves: StockCurves, row: int, expected: "Real") -> Foretold:
    minute = day.minutes[row]
    stand = min(minute, CONTINUOUS)  # the minutes before the closing auction
    earlier = [
        SoFar(value=day.by(stand - back), share=curves.share_of_day(stand - back))
        for back, _ in RECENT_PACES
    ]
    now = SoFar(value=day.value[row], share=curves.share_of_day(minute))
    market = np.zeros(len(expected), dtype=np.int8)
    return foretell(now, expected=expected, groups=market, earlier=earlier)


def _logs(won: "Real") -> "Real":
    """NaN where nothing was traded."""
    return np.asarray(np.log(np.where(won > 0, won, np.nan)))


def _at(table: "Real", minute: float) -> "Real":
    if minute == DAY_DONE:
        return np.ones(table.shape[1])
    place = float(np.interp(minute, SHIPPED.minutes, range(len(SHIPPED.minutes))))
    low = int(place)
    high = min(low + 1, len(table) - 1)
    return np.asarray(table[low] + (table[high] - table[low]) * (place - low))


def read(snap: Path, hist: Path) -> "tuple[list[str], Real, list[Day]]":
    """Codes, past whole days ``[session, code]`` and the days with snapshots."""
    past = pq.read_table(hist).to_pydict()
    rows = pq.read_table(snap).to_pydict()
    codes = sorted(set(rows["code"]))
    column = {code: place for place, code in enumerate(codes)}
    sessions = sorted(set(past["date"]))
    place_of = {day: place for place, day in enumerate(sessions)}
    values = np.full((len(sessions), len(codes)), np.nan)
    for code, day, close, volume in zip(
        past["code"], past["date"], past["close"], past["volume"], strict=True
    ):
        if code in column and volume > 0:
            values[place_of[day], column[code]] = float(close) * volume
    return codes, values, _days(rows, column)


def _days(rows: "dict[str, list[object]]", column: dict[str, int]) -> list[Day]:
    """Volume between two snapshots counts at the later one's price."""
    by_day: dict[str, dict[str, list[tuple[int, float, float]]]] = {}
    for code, day, time, price, volume in zip(
        *(rows[x] for x in ("code", "date", "time", "price", "cum_volume")), strict=True
    ):
        at = by_day.setdefault(str(day), {}).setdefault(str(time), [])
        at.append((column[str(code)], float(str(price)), float(str(volume))))
    return [_day(day, times, len(column)) for day, times in sorted(by_day.items())]


def _day(day: str, times: dict[str, list[tuple[int, float, float]]], codes: int) -> Day:
    session = TradingSession(date.fromisoformat(day))
    ordered = sorted(times)
    value, volume, total = [], np.zeros(codes), np.full(codes, np.nan)
    for time in ordered:
        for code, price, so_far in times[time]:
            more = max(so_far - volume[code], 0.0) * price
            total[code] = np.nan_to_num(total[code]) + more
            volume[code] = so_far
        value.append(total.copy())
    instants = [
        datetime.fromisoformat(f"{day}T{x}").replace(tzinfo=KST) for x in ordered
    ]
    return Day(
        day=session.day,
        times=ordered,
        minutes=np.array([usual_minute(at, session) for at in instants]),
        value=np.array(value),
    )


def main() -> None:
    """Scores every snapshot from 09:30 on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snap", type=Path)
    parser.add_argument("hist", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--rule", choices=RULES, default=RULES[0])
    asked = parser.parse_args()
    codes, values, days = read(asked.snap, asked.hist)
    past = Past(logs=_logs(values[-LONG_WINDOW:]))
    with asked.output.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("code", "date", "time", "score", "alert"))
        for day in days:
            for time, scores in scored(day, past, asked.rule):
                for code, score in zip(codes, scores, strict=True):
                    if np.isfinite(score):
                        alert = int(score >= ALERT_FROM)
                        out.writerow((code, day.day, time, f"{score:.6f}", alert))
            past.take(day)


if __name__ == "__main__":
    main()
