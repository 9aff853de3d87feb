"""Scores every day of a panel of real series, for a judge outside.

Run as ``python -m tests.benchmarks.unusual_volume INPUT OUTPUT [--rule RULE]``. INPUT
is parquet or csv with code, date, market, volume, amount and shares, among others.
OUTPUT is csv: code, date, score, alert; a day that is not judged has no row. A day is
judged out of the 60 sessions before it by the domain's own policy, as the server would
have that evening; nothing of a later day is seen. RULE is the policy, or one of the
plain rules that it is compared with, on the same days, splits taken out for them too.
"""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pyarrow import Table, parquet
from pyarrow import csv as arrow_csv

from domain.unusual_volume import Judgement, Past, Sensitivity, Today, judge
from domain.volume_baseline import LONG_WINDOW, WINDOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]

Rule = Callable[[Judgement], "tuple[Real, float]"]
"""A score of each listing, and from which on it is an alert."""

RULES: dict[str, Rule] = {
    "policy": lambda found: (found.score, Sensitivity.NORMAL.least_score),
    "zscore": lambda found: (found.plain.z_score, 3.0),
    "ratio": lambda found: (found.plain.volume_ratio, 2.0),
    "bollinger": lambda found: (_bands_above(found), 2.0),
}


def _bands_above(found: Judgement) -> "Real":
    """Today's volume in standard deviations above the average."""
    plain = found.plain
    volume = plain.volume_ratio * plain.average_volume
    with np.errstate(divide="ignore", invalid="ignore"):
        above = 2 * (volume - plain.average_volume)
        return np.asarray(above / (plain.upper_band - plain.average_volume))


def read(path: Path) -> Table:
    """The panel, codes and dates as text."""
    if path.suffix == ".csv":
        text = arrow_csv.ConvertOptions(column_types={"code": "string"})
        return arrow_csv.read_csv(path, convert_options=text)
    return parquet.read_table(path)


class Panel:
    """Series as ``[session, listing]``.

    Args:
        table: One row per stock and session.
    """

    def __init__(self, table: Table) -> None:
        days = np.array([str(day)[:10] for day in table["date"].to_pylist()])
        codes = np.array([str(code) for code in table["code"].to_pylist()])
        self.days, self.day = np.unique(days, return_inverse=True)
        self.codes, self.code = np.unique(codes, return_inverse=True)
        markets = np.array(table["market"].to_pylist())
        self.groups = np.zeros(len(self.codes), dtype=np.int64)
        self.groups[self.code] = np.unique(markets, return_inverse=True)[1]
        self.value = self._placed(table["amount"].to_numpy())
        self.volume = self._placed(table["volume"].to_numpy())
        self.shares = self._placed(table["shares"].to_numpy())
        self.known = self._placed(np.ones(len(days))) > 0

    def judged(self, day: int) -> Judgement:
        """The verdicts on one day."""
        before = slice(max(day - LONG_WINDOW, 0), day)
        return judge(
            Today(
                volume=self.volume[day],
                trading_value=self.value[day],
                quoted=self.known[day],
                groups=self.groups,
            ),
            Past(
                trading_value=self.value[before],
                volume=self.volume[before] * self._splits(before, day),
                known=self.known[before],
            ),
        )

    def _splits(self, before: slice, day: int) -> "Real":
        """Today's listed shares over those of then."""
        ratio = self.shares[day] / np.maximum(self.shares[before], 1)
        return np.asarray(ratio, dtype=np.float64)

    def _placed(self, column: "Real") -> "NDArray[np.int64]":
        table = np.zeros((len(self.days), len(self.codes)), dtype=np.int64)
        table[self.day, self.code] = np.nan_to_num(column)
        return table


def main() -> None:
    """Reads, scores and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--rule", choices=RULES, default="policy")
    asked = parser.parse_args()
    panel = Panel(read(asked.input))
    rule = RULES[asked.rule]
    with asked.output.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "date", "score", "alert"))
        for day in range(WINDOW, len(panel.days)):
            score, least = rule(panel.judged(day))
            for row in np.flatnonzero(np.isfinite(score)).tolist():
                shown = float(score[row])
                rows.writerow(
                    (panel.codes[row], panel.days[day], shown, int(shown >= least))
                )


if __name__ == "__main__":
    main()
