"""Unusual volume (이상 거래량): who trades far more than was to be expected of them.

A statistic, not a finding of misconduct (이상거래). The steps, each over the market at
once and none with a figure of a later day:

1. What is expected, out of at most 60 past sessions: `domain.volume_baseline`.
2. Today's value (while open: of the day that it foretells, `domain.foretold`), less
   that, less the market's move × the stock's slope, less the echo of five sessions.
3. The score, that over the stock's usual spread to the power .6: `domain.volume_score`.
4. The level, by the score and by the day's whole cross-section; and the pattern.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from domain.plain_volume import PlainFigures, logs_of, over, plain_figures
from domain.volume_baseline import LONG_WINDOW, WINDOW, median
from domain.volume_score import Scored, score_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Codes = NDArray[np.int8]

LOWEST_MEDIAN = 100_000_000
"""Won: a stock whose median of 20 sessions is less is not judged."""


class Sensitivity(enum.Enum):
    """The least score that is unusual."""

    STRICT = "strict"
    NORMAL = "normal"
    WIDE = "wide"

    @property
    def least_score(self) -> float:
        """From this anomaly score on."""
        return {"strict": 2.0, "normal": 1.5, "wide": 1.0}[self.value]


class Level(enum.Enum):
    """How unusual: notable from 1.5, strong from 2.0, extreme among the discoveries."""

    NOTABLE = "notable"
    STRONG = "strong"
    EXTREME = "extreme"


LEVELS = (None, *Level)
"""What the numbers of `Judgement.level` stand for; a higher one is more unusual."""

NOTABLE_FROM, STRONG_FROM = 1.5, 2.0


class NotJudged(enum.Enum):
    """Why a stock is not judged; the first that holds is counted."""

    HALTED = "halted"
    """This morning; or, after all other causes, a session of the last 20 untraded."""
    CALL_AUCTION_ONLY = "call_auction_only"
    """While open: traded by auctions alone."""
    TOO_EARLY = "too_early"
    """While open: the day has hardly begun."""
    TOO_SHORT_HISTORY = "too_short_history"
    TOO_LITTLE_TRADED = "too_little_traded"


@dataclass(frozen=True, eq=False, kw_only=True)
class Past:
    """A table of past sessions ``[session, listing]``, oldest first; never today.

    Attributes:
        trading_value: int64, won.
        volume: float64, in today's shares.
        known: bool.
    """

    trading_value: "Whole"
    volume: "Real"
    known: "Mask"

    def last(self, count: int) -> "Past":
        """Only the newest sessions."""
        return Past(
            trading_value=self.trading_value[-count:],
            volume=self.volume[-count:],
            known=self.known[-count:],
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Today:
    """The columns of the day that is judged, over listings.

    Attributes:
        volume: int64, shares.
        trading_value: int64, won.
        quoted: bool: the figures are known.
        groups: Which market each is of: they move together, and are ranked together.
        share_of_day: float64: the share that is done of the day as it is foretold;
            None is a whole day.
        usual_share: float64: the share of a day that is usually done by now; None is
            the same.
        pace_spread: float64: how uncertain the log of the day foretold is, in standard
            deviations; None is not at all.
    """

    volume: "Whole"
    trading_value: "Whole"
    quoted: "Mask"
    groups: "NDArray[np.integer]"
    share_of_day: "Real | None" = None
    usual_share: "Real | None" = None
    pace_spread: "Real | None" = None

    def logs(self) -> "Real":
        """Log trading value as of a whole day; NaN of nothing."""
        share = self.share_of_day
        by_now = logs_of(self.trading_value)
        return by_now if share is None else np.subtract(by_now, logs_of(share))


@dataclass(frozen=True, eq=False, kw_only=True)
class Judgement:
    """What each listing's volume is today, against its past; arrays over listings.

    NaN (0 of ``level`` and ``pattern``) where not judged.

    Attributes:
        judged: bool.
        causes: Which rows are not judged, by cause.
        expected_day: float64, won: what a whole ordinary day was expected to be.
        expected: float64, won: of that the share that is usually done by now.
        times_expected: float64: today's trading value ÷ expected.
        score: float64: how unusual; NaN also of a stock without a trade today.
        p_value: float64: of the score; see `domain.volume_score.p_values`.
        level: int8 into `LEVELS`.
        pattern: int8 into `domain.volume_patterns.PATTERNS`.
        plain: Average, band and z-score against the plain past.
        market_factor: The median of times_expected over the judged; None without.
    """

    judged: "Mask"
    causes: "Mapping[NotJudged, Mask]"
    expected_day: "Real"
    expected: "Real"
    times_expected: "Real"
    score: "Real"
    p_value: "Real"
    level: "Codes"
    pattern: "Codes"
    plain: PlainFigures
    market_factor: float | None

    def within(self, inside: "Mask") -> "Judgement":
        """The same verdicts, counted over some rows."""
        judged = self.judged & inside
        return replace(
            self,
            judged=judged,
            causes={cause: rows & inside for cause, rows in self.causes.items()},
            market_factor=_middle(self.times_expected[judged]),
        )


def judge(
    today: Today,
    past: Past,
    *,
    refused: "Mapping[NotJudged, Mask] | None" = None,
    plain_past: Past | None = None,
    min_history: int = WINDOW,
) -> Judgement:
    """Judges every quoted row, the market at once.

    Args:
        today: The day's columns.
        past: Whole past sessions, the newest last; 60 at most are used.
        refused: Rows that are not judged whatever their past, by cause.
        plain_past: What the plain figures compare with; None is ``past``.
        min_history: Past sessions that a stock must have, at least.
    """
    causes = _causes(past, today.quoted, refused or {}, min_history)
    judged = today.quoted & ~np.logical_or.reduce(list(causes.values()))
    rows = np.flatnonzero(judged)
    held = past.last(LONG_WINDOW)
    traded = np.where(held.known, held.trading_value, 0)[:, rows]
    pace = today.pace_spread
    scored = score_day(
        logs_of(traded),
        today.logs()[rows],
        today.groups[rows],
        None if pace is None else pace[rows],
    )
    day = _spread_out(scored.expected, rows, len(judged))
    share = today.share_of_day if today.usual_share is None else today.usual_share
    expected = day if share is None else day * share
    times = over(today.trading_value, expected)
    plain = (plain_past or past).last(WINDOW)
    return Judgement(
        judged=judged,
        causes=causes,
        expected_day=day,
        expected=expected,
        times_expected=times,
        score=_spread_out(scored.score, rows, len(judged)),
        p_value=_spread_out(scored.p_value, rows, len(judged)),
        level=_numbers(_levels(scored), rows, len(judged)),
        pattern=_numbers(scored.pattern, rows, len(judged)),
        plain=plain_figures(
            volume=today.volume,
            trading_value=today.trading_value,
            past_volume=plain.volume,
            past_value=plain.trading_value,
            known=plain.known & judged,
        ),
        market_factor=_middle(times[judged]),
    )


def consecutive_days(past: Past, found: Judgement, least: float) -> "Whole":
    """Sessions in a row, today included, at ``least`` times what is expected today."""
    rows = np.flatnonzero(np.nan_to_num(found.times_expected) >= least)
    reached = past.trading_value[:, rows] >= least * found.expected_day[rows]
    above = np.flip(reached & past.known[:, rows], axis=0)
    days = np.zeros(len(found.judged), dtype=np.int64)
    days[rows] = np.cumprod(above, axis=0).sum(axis=0) + 1
    return days


def _causes(
    past: Past, quoted: "Mask", refused: "Mapping[NotJudged, Mask]", min_history: int
) -> "dict[NotJudged, Mask]":
    """One cause at most for each row, in the order of `NotJudged`."""
    recent = past.last(max(WINDOW, min_history)).known.sum(axis=0) >= min_history
    window = past.last(WINDOW)
    values = np.where(window.known, window.trading_value, np.nan).T
    much = np.nan_to_num(median(values)) >= LOWEST_MEDIAN
    idle = (window.known & (window.trading_value <= 0)).any(axis=0)
    nobody = np.zeros(len(quoted), dtype=bool)
    holding = {cause: refused.get(cause, nobody) for cause in NotJudged}
    holding[NotJudged.TOO_SHORT_HISTORY] = (
        holding[NotJudged.TOO_SHORT_HISTORY] | ~recent
    )
    holding[NotJudged.TOO_LITTLE_TRADED] = ~much
    left, causes = quoted, {}
    for cause, rows in holding.items():
        causes[cause] = left & rows
        left = left & ~rows
    causes[NotJudged.HALTED] = causes[NotJudged.HALTED] | (left & idle)
    return causes


def _levels(scored: Scored) -> "Codes":
    score = np.nan_to_num(scored.score, nan=-np.inf)
    strong = score >= STRONG_FROM
    rungs = (score >= NOTABLE_FROM, strong, strong & scored.discovered)
    return np.asarray(np.sum(rungs, axis=0), dtype=np.int8)


def _spread_out(values: "Real", rows: "NDArray[np.intp]", size: int) -> "Real":
    found = np.full(size, np.nan)
    found[rows] = values
    return found


def _numbers(values: "Codes", rows: "NDArray[np.intp]", size: int) -> "Codes":
    found = np.zeros(size, dtype=np.int8)
    found[rows] = values
    return found


def _middle(values: "Real") -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else None
