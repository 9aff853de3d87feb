"""Whose volume is unusual today (이상 거래량), in plain figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from application.answer import (
    absent_of,
    as_of,
    frame_notes,
    full_coverage,
    question_notes,
)
from application.market_view import MarketView
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.recent import Recent, now
from application.usual_volumes import Usual, UsualVolumes
from domain.errors import InvalidRequestError, MarketDataUnavailableError
from domain.frame import MarketFrame, Quote
from domain.growth import TimeBasis
from domain.listing import Flag, Won
from domain.provenance import AsOf
from domain.ranking import cut, order_by, rows_of
from domain.unusual_volume import (
    LONG_WINDOW,
    WINDOW,
    Judgement,
    Level,
    NotJudged,
    Past,
    Sensitivity,
    consecutive_days,
    judge,
    level_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 1.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualVolumeQuery(Question):
    """One question.

    Attributes:
        threshold: The least volume ratio, a fraction: 2.0 is twice the average.
        sensitivity: The least z-score.
        min_history: Past sessions that a stock must have.
        level: Only this level and those above it; None is all.
    """

    threshold: float = 2.0
    sensitivity: Sensitivity = Sensitivity.NORMAL
    min_history: int = WINDOW
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualStock:
    """One row; see `domain.unusual_volume.Judgement` for the figures."""

    rank: int
    quote: Quote
    average_volume: float
    volume_ratio: float
    expected: Won
    times_expected: float
    z_score: float
    level: Level | None
    consecutive_days: int
    upper_band: float
    lower_band: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualVolume:
    """The answer.

    Attributes:
        scanned: Stocks of the universe that are quoted.
        not_judged: How many of them could not be judged, by cause.
        detected: Rows that qualify.
        market_factor: The median of times_expected over the judged.
        basis: Whether past sessions are compared by this time of day.
    """

    rows: tuple[UnusualStock, ...]
    total: int
    next_offset: int | None
    scanned: int
    not_judged: Mapping[NotJudged, int]
    detected: int
    market_factor: float | None
    basis: TimeBasis
    as_of: AsOf


@dataclass(slots=True, kw_only=True)
class FindUnusualVolume:
    """Compares each stock's volume with its own past sessions."""

    quotes: Quotes
    view: MarketView
    highest_count: int = HIGHEST_COUNT
    _volumes: UsualVolumes = field(init=False)
    _judged: "Recent[object, tuple[Usual, _Judged]]" = field(
        default_factory=lambda: Recent(8)
    )

    def __post_init__(self) -> None:
        """What is usual by now is kept from question to question."""
        self._volumes = UsualVolumes(past=self.view.past)

    async def __call__(self, query: UnusualVolumeQuery) -> UnusualVolume:
        """The unusual ones, most unusual first.

        Raises:
            InvalidRequestError: A parameter is out of its bounds.
            MarketDataError: Nothing is known, or no past sessions are archived.
        """
        _check(query, self.highest_count)
        started = now()
        await self.view.check_names(query)
        waited = timedelta(seconds=now() - started)
        sighting = await self.view.seen(query.universe, query.session, waited=waited)
        frame = sighting.frame
        named = await self.view.named(query.stocks, frame)
        usual = await self._volumes.of(frame)
        judged = self._judge(query, frame, usual)
        found, runs = judged.found, judged.runs(query.threshold)
        ordered = order_by(_unusual(found, query), found.z_score)
        only = rows_of(frame, [x.ticker for x in named]) if query.stocks else None
        part = cut(ordered, offset=query.offset, count=query.count, only=only)
        coverage = full_coverage(frame, query.universe)
        return UnusualVolume(
            rows=tuple(
                _row(frame, found, runs, rank, row) for rank, row in part.places
            ),
            total=part.total,
            next_offset=part.next_offset,
            scanned=judged.scanned,
            not_judged={
                cause: int(np.count_nonzero(rows))
                for cause, rows in found.causes.items()
            },
            detected=len(ordered),
            market_factor=found.market_factor,
            basis=usual.basis,
            as_of=as_of(
                sighting,
                coverage,
                source=self.quotes.source,
                timeliness=self.view.timeliness,
                notes=(
                    *([usual.note] if usual.note else []),
                    *frame_notes(frame, query.universe, coverage),
                    *question_notes(query, absent_of(named, frame, ordered)),
                ),
            ),
        )

    def _judge(
        self, query: UnusualVolumeQuery, frame: MarketFrame, usual: Usual
    ) -> "_Judged":
        """The verdicts on a frame's rows; the same serve until the frame changes."""
        key = (id(usual), query.universe, query.screen, query.min_history)
        known = self._judged.get(key)
        if known is not None and known[0] is usual:
            return known[1]
        inside = query.universe.rows(frame) & query.screen.apply(frame)
        held = int(np.count_nonzero(usual.days.any(axis=1)))
        if held < query.min_history:
            raise MarketDataUnavailableError(
                f"보관된 지난 거래일이 {held}일이라 {query.min_history}거래일과 비교할 "
                "수 없습니다. `mcp-volume-ranking backfill`로 채우거나 min_history를 "
                "줄여 주세요(녹화본에서는 채울 수 없습니다).",
                retry_after=600,
            )
        past, least = usual.with_history(query.min_history)
        found = judge(
            volume=frame.volume,
            trading_value=frame.trading_value,
            inside=inside,
            halted=(frame.flags & int(Flag.HALTED)) > 0,
            past=past,
            min_history=least,
        )
        scanned = int(np.count_nonzero(inside))
        judged = _Judged(found=found, past=past, scanned=scanned)
        self._judged.keep(key, (usual, judged))
        return judged


def _check(query: UnusualVolumeQuery, highest_count: int) -> None:
    check(query, highest_count)
    if not LOWEST_THRESHOLD <= query.threshold <= HIGHEST_THRESHOLD:
        raise InvalidRequestError(
            f"threshold {query.threshold * 100:g}: 100 이상 1000 이하(%)여야 합니다.",
            parameter="threshold",
        )
    if not WINDOW <= query.min_history <= LONG_WINDOW:
        raise InvalidRequestError(
            f"min_history {query.min_history}: {WINDOW} 이상 {LONG_WINDOW} 이하의 "
            "거래일 수여야 합니다.",
            parameter="min_history",
        )


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Judged:
    """Verdicts, and the past they rest on."""

    found: Judgement
    past: Past
    scanned: int

    def runs(self, threshold: float) -> "NDArray[np.int64]":
        """Sessions in a row at the threshold, of each row."""
        found = self.found
        return consecutive_days(
            self.past, found.expected, found.times_expected, threshold
        )


def _unusual(found: Judgement, query: UnusualVolumeQuery) -> "NDArray[np.bool_]":
    """Both the ratio and the score hold; NaN holds nothing."""
    score = np.nan_to_num(found.z_score, nan=-np.inf)
    least = query.sensitivity.least_score
    if query.level is not None:
        least = max(least, query.level.least_score)
    ratio = np.nan_to_num(found.volume_ratio, nan=-np.inf)
    return found.judged & (ratio >= query.threshold) & (score >= least)


def _row(
    frame: MarketFrame,
    found: Judgement,
    runs: "NDArray[np.int64]",
    rank: int,
    row: int,
) -> UnusualStock:
    score = float(found.z_score[row])
    return UnusualStock(
        rank=rank,
        quote=frame.quote(row),
        average_volume=float(found.average_volume[row]),
        volume_ratio=float(found.volume_ratio[row]),
        expected=Won(round(float(found.expected[row]))),
        times_expected=float(found.times_expected[row]),
        z_score=score,
        level=level_of(score),
        consecutive_days=int(runs[row]),
        upper_band=float(found.upper_band[row]),
        lower_band=float(found.lower_band[row]),
    )
