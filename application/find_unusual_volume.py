"""Whose volume is unusual today (이상 거래량)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from application.gather_evidence import GatherEvidence
from application.market_view import MarketView
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.reasons_of_rows import Reasons
from application.recent import Recent, now
from application.usual_volumes import Usual, UsualVolumes
from application.volume_curves import groups_of
from domain.causes import UNKNOWN, Cause, Reason
from domain.errors import InvalidRequestError, MarketDataUnavailableError
from domain.frame import MarketFrame, Quote
from domain.growth import TimeBasis
from domain.listing import Flag, Won
from domain.provenance import AsOf
from domain.ranking import cut, order_by, rows_of
from domain.unusual_volume import (
    LEVELS,
    Judgement,
    Level,
    NotJudged,
    Sensitivity,
    Today,
    consecutive_days,
    judge,
)
from domain.volume_baseline import LONG_WINDOW, WINDOW
from domain.volume_patterns import PATTERNS, Pattern

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 1.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualVolumeQuery(Question):
    """One question.

    Attributes:
        threshold: The least volume ratio, a fraction: 2.0 is twice the average.
        sensitivity: The least anomaly score; it and the threshold both must hold.
        min_history: Past sessions that a stock must have.
        level: Only this level and those above it; None is all.
        pattern: Only this one; None is all, and those without any.
        reasons: Only rows with one of these; none is all.
    """

    threshold: float = 2.0
    sensitivity: Sensitivity = Sensitivity.NORMAL
    min_history: int = WINDOW
    level: Level | None = None
    pattern: Pattern | None = None
    reasons: frozenset[Cause] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualStock:
    """One row; see `domain.unusual_volume.Judgement` for the figures.

    Attributes:
        row: Where it stands in the frame.
        reasons: The surest first; unknown alone where none was found.
    """

    rank: int
    row: int
    quote: Quote
    average_volume: float
    volume_ratio: float
    expected: Won
    times_expected: float
    score: float
    p_value: float
    level: Level | None
    pattern: Pattern | None
    consecutive_days: int
    z_score: float
    upper_band: float
    lower_band: float
    reasons: tuple[Reason, ...] = (UNKNOWN,)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualVolume:
    """The answer.

    Attributes:
        scanned: Stocks of the universe that are quoted.
        not_judged: How many of them could not be judged, by cause.
        detected: Rows that qualify.
        market_factor: The median of times_expected over the judged.
        basis: What the volume ratio and the plain figures compare with: past sessions
            by this time of day, or their whole days.
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
    gather: GatherEvidence | None = None
    highest_count: int = HIGHEST_COUNT
    _volumes: UsualVolumes = field(init=False)
    _judged: "Recent[object, tuple[Usual, Judgement]]" = field(
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
        inside = query.universe.rows(frame) & query.screen.apply(frame)
        found = self._judge(query.min_history, frame, usual).within(inside)
        runs = consecutive_days(usual.past, found, query.threshold)
        ordered = order_by(_unusual(found, query), found.score)
        reasons = Reasons(self.gather, frame, found)
        if query.reasons:
            left = self.view.left(started)
            ordered = await reasons.only(ordered, query.reasons, left)
        only = rows_of(frame, [x.ticker for x in named]) if query.stocks else None
        part = cut(ordered, offset=query.offset, count=query.count, only=only)
        await reasons.look([row for _, row in part.places], self.view.left(started))
        coverage = full_coverage(frame, query.universe)
        return UnusualVolume(
            rows=tuple(
                replace(_row(frame, found, runs, rank, row), reasons=reasons.of(row))
                for rank, row in part.places
            ),
            total=part.total,
            next_offset=part.next_offset,
            scanned=int(np.count_nonzero(inside)),
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
                    *usual.notes,
                    *reasons.notes,
                    *frame_notes(frame, query.universe, coverage),
                    *question_notes(query, absent_of(named, frame, ordered)),
                ),
            ),
        )

    def _judge(self, min_history: int, frame: MarketFrame, usual: Usual) -> Judgement:
        """The verdicts on a whole frame; the same serve until it changes."""
        key = (id(usual), min_history)
        known = self._judged.get(key)
        if known is not None and known[0] is usual:
            return known[1]
        if usual.held < min_history:
            raise MarketDataUnavailableError(
                f"보관된 지난 거래일이 {usual.held}일이라 {min_history}거래일과 비교할 "
                "수 없습니다. `mcp-volume-ranking backfill`로 채우거나 min_history를 "
                "줄여 주세요(녹화본에서는 채울 수 없습니다).",
                retry_after=600,
            )
        found = judge(
            _today(frame, usual),
            usual.past,
            refused=_refused(frame, usual),
            plain_past=usual.plain_past,
            min_history=min_history,
        )
        self._judged.keep(key, (usual, found))
        return found


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


def _today(frame: MarketFrame, usual: Usual) -> Today:
    whole = Today(
        volume=frame.volume,
        trading_value=frame.trading_value,
        quoted=frame.known,
        groups=groups_of(frame),
    )
    running = usual.running
    if running is None or running.foretold is None:
        return whole
    return replace(
        whole,
        share_of_day=running.foretold.share_of_day,
        usual_share=running.usual_share,
        pace_spread=running.foretold.doubt,
    )


def _refused(frame: MarketFrame, usual: Usual) -> "dict[NotJudged, NDArray[np.bool_]]":
    """Who is not judged whatever their past."""
    refused = {
        NotJudged.HALTED: (frame.flags & int(Flag.HALTED)) > 0,
        NotJudged.TOO_SHORT_HISTORY: usual.is_thin,
    }
    if usual.running is not None:
        early = np.full(len(frame.flags), usual.running.is_early)
        refused[NotJudged.CALL_AUCTION_ONLY] = usual.running.auction_only
        refused[NotJudged.TOO_EARLY] = early
    return refused


def _unusual(found: Judgement, query: UnusualVolumeQuery) -> "NDArray[np.bool_]":
    """Both the ratio and the score hold, and what else is asked; NaN holds nothing."""
    score = np.nan_to_num(found.score, nan=-np.inf)
    ratio = np.nan_to_num(found.plain.volume_ratio, nan=-np.inf)
    unusual = found.judged & (ratio >= query.threshold)
    unusual &= score >= query.sensitivity.least_score
    if query.level is not None:
        unusual &= found.level >= LEVELS.index(query.level)
    if query.pattern is not None:
        unusual &= found.pattern == PATTERNS.index(query.pattern)
    return unusual


def _row(
    frame: MarketFrame,
    found: Judgement,
    runs: "NDArray[np.int64]",
    rank: int,
    row: int,
) -> UnusualStock:
    plain = found.plain
    return UnusualStock(
        rank=rank,
        row=row,
        quote=frame.quote(row),
        average_volume=float(plain.average_volume[row]),
        volume_ratio=float(plain.volume_ratio[row]),
        expected=Won(round(float(found.expected[row]))),
        times_expected=float(found.times_expected[row]),
        score=float(found.score[row]),
        p_value=float(found.p_value[row]),
        level=LEVELS[int(found.level[row])],
        pattern=PATTERNS[int(found.pattern[row])],
        consecutive_days=int(runs[row]),
        z_score=float(plain.z_score[row]),
        upper_band=float(plain.upper_band[row]),
        lower_band=float(plain.lower_band[row]),
    )
