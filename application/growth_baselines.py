"""What growth is measured against: past sessions by this time of day, or whole days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from application.past_market import PastMarket
from application.same_time_bars import MOST_CALLS, SameTimeBars, calls_of
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame
from domain.growth import Baseline, Period, TimeBasis, baseline, growth_rates
from domain.history import History
from domain.ranking import order_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

FEWEST_CANDIDATES = 20
"""With fewer likely stocks than this, minute bars are not worth their calls."""

VALUES = ("trading_value",)

WHOLE_DAYS = (
    "지난 거래일의 같은 시각 시세가 없어 하루 전체(full_day)와 비교했습니다. "
    "장중에는 실제보다 작게 나옵니다."
)
OVER = "이미 끝난 거래일이라 같은 시각(same_time)이 아니라 하루 전체와 비교했습니다."


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Wanted:
    """What a baseline is wanted for.

    Attributes:
        able: Rows that could be ranked.
        named: Rows that were asked for by name; none: all of them.
        asks: Whether the broker answers: minute bars may be asked.
    """

    period: Period
    basis: TimeBasis
    able: "Mask"
    named: frozenset[int]
    asks: bool


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Compared:
    """Baselines, and what they rest on.

    Attributes:
        too_short: Rows without a trading day in some of the sessions.
        looked_at: Rows that have been looked at; None is all.
    """

    base: Baseline
    basis: TimeBasis
    too_short: "Mask"
    notes: tuple[str, ...] = ()
    looked_at: "Mask | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthBaselines:
    """Archived instants first, then minute bars of the likeliest, then whole days."""

    past: PastMarket
    bars: SameTimeBars

    async def of(
        self, frame: MarketFrame, wanted: Wanted, patience: timedelta
    ) -> Compared:
        """The baselines of a frame's rows.

        Raises:
            MarketDataUnavailableError: Sessions that are needed are not archived.
        """
        if wanted.basis is TimeBasis.FULL_DAY:
            return self._of_days(await self._days(frame, wanted), ())
        if frame.is_final:
            return self._of_days(await self._days(frame, wanted), (OVER,))
        count = wanted.period.sessions
        by_now = await self._by_now(frame, count)
        if by_now is not None:
            base = baseline(by_now["trading_value"], by_now.known)
            return Compared(base=base, basis=TimeBasis.SAME_TIME, too_short=~base.known)
        if wanted.asks and self.past.timeliness.is_running(frame):
            found = await self._of_bars(frame, wanted, patience)
            if found is not None:
                return found
        return self._of_days(await self._days(frame, wanted), (WHOLE_DAYS,))

    # -- archived instants, whole days -----------------------------------------------

    async def _by_now(self, frame: MarketFrame, count: int) -> History | None:
        """Every session by this time of day; None where one lacks, or the archive."""
        try:
            found = await self.past.same_time.history(frame, count)
        except MarketDataUnavailableError:
            return None
        return found if found.known.any(axis=1).all() else None

    async def _days(self, frame: MarketFrame, wanted: Wanted) -> History:
        """The sessions' whole days; the longest period is loaded for all."""
        longest = Period.TWENTY.sessions
        history = await self.past.history(frame, longest, VALUES)
        return history.last(wanted.period.sessions)

    @staticmethod
    def _of_days(history: History, notes: tuple[str, ...]) -> Compared:
        lacking = _lacking(history)
        if lacking:
            more = f" 외 {len(lacking) - 1}거래일" if len(lacking) > 1 else ""
            raise MarketDataUnavailableError(
                f"비교할 지난 거래일({lacking[-1]}{more})의 {history.venue.value} "
                "시세가 보관되어 있지 않습니다. `mcp-volume-ranking backfill`로 "
                "채우거나 period를 줄여 다시 물어 주세요"
                "(녹화본에서는 채울 수 없습니다).",
                retry_after=600,
            )
        base = baseline(history["trading_value"], history.known)
        return Compared(
            base=base, basis=TimeBasis.FULL_DAY, too_short=~base.known, notes=notes
        )

    # -- minute bars -----------------------------------------------------------------

    async def _of_bars(
        self, frame: MarketFrame, wanted: Wanted, patience: timedelta
    ) -> Compared | None:
        """The candidates' baselines; None where they would be too few."""
        days = self.past.timeliness.sessions_before(
            frame.session, wanted.period.sessions
        )
        whole = await self._known_days(frame, wanted)
        short = _listed_since(frame, days[0])
        if whole is not None:
            short = short | ~whole.known
        likely = _candidates(frame, wanted, whole, short)
        rows = _affordable(frame, likely, len(days))
        enough = len(wanted.named) or FEWEST_CANDIDATES
        if not rows or len(rows) < min(enough, len(likely)):
            return None
        values, known = await self._values(frame, rows, days, patience)
        if not values.any():
            return None  # nothing came, or nothing had been traded by then
        base = baseline(values, known)
        looked_at = np.zeros(len(frame.listings), dtype=bool)
        looked_at[rows] = True
        late = looked_at & ~base.known
        return Compared(
            base=replace(base, known=base.known & looked_at),
            basis=TimeBasis.SAME_TIME,
            too_short=short,
            looked_at=looked_at,
            notes=_bar_notes(
                len(rows), int(np.count_nonzero(late)), by_days=whole is not None
            ),
        )

    async def _known_days(self, frame: MarketFrame, wanted: Wanted) -> Baseline | None:
        """The whole days' baseline; None where the archive cannot tell."""
        try:
            history = await self._days(frame, wanted)
        except MarketDataUnavailableError:
            return None
        if _lacking(history):
            return None
        return baseline(history["trading_value"], history.known)

    async def _values(
        self,
        frame: MarketFrame,
        rows: Sequence[int],
        days: Sequence[date],
        patience: timedelta,
    ) -> "tuple[NDArray[np.int64], Mask]":
        """What each candidate had traded by this time, as far as it came."""
        listings = [frame.listings[row] for row in rows]
        moments = [self.past.same_time.moment(frame, day) for day in days]
        found = await self.bars.values(
            listings, frame.venue, [at for at in moments if at is not None], patience
        )
        values = np.zeros((len(days), len(frame.listings)), dtype=np.int64)
        known = np.zeros(values.shape, dtype=bool)
        for row, item in zip(rows, listings, strict=True):
            for place, value in enumerate(found[item.ticker]):
                if value is not None:
                    values[place, row], known[place, row] = value, True
        return values, known


def _lacking(history: History) -> list[date]:
    """Sessions of which nothing is archived."""
    held = [bool(row.any()) for row in history.known]
    return [
        day for day, is_held in zip(history.sessions, held, strict=True) if not is_held
    ]


def _listed_since(frame: MarketFrame, day: date) -> "Mask":
    """Rows whose first trading day came after a day."""
    return np.array(
        [
            item.listed_on is not None and item.listed_on > day
            for item in frame.listings
        ],
        dtype=bool,
    )


def _candidates(
    frame: MarketFrame, wanted: Wanted, whole: Baseline | None, short: "Mask"
) -> list[int]:
    """Likeliest first: the most of today against whole days, else the heaviest.

    Those that were named come before them, to be ranked among them.
    """
    able = wanted.able & ~short
    named = [row for row in sorted(wanted.named) if able[row]]
    if whole is None:
        likely = order_by(able, frame.trading_value)
    else:
        rates = growth_rates(frame.trading_value, whole)
        likely = order_by(able & ~np.isnan(rates), rates)
    return list(dict.fromkeys([*named, *(int(row) for row in likely)]))


def _affordable(frame: MarketFrame, rows: Sequence[int], sessions: int) -> list[int]:
    """As many of the first rows as one question may ask for."""
    chosen: list[int] = []
    calls = 0
    for row in rows:
        calls += calls_of([frame.listings[row]], frame.venue, sessions)
        if calls > MOST_CALLS:
            break
        chosen.append(row)
    return chosen


def _bar_notes(asked: int, late: int, *, by_days: bool) -> tuple[str, ...]:
    how = "하루 전체 대비 증가율이 높은" if by_days else "오늘 거래대금이 큰"
    note = (
        f"지난 거래일의 같은 시각 값은 1분봉(분 단위)에서 {how} 후보 {asked}종목만 "
        "받았습니다. 순위는 후보 안의 것이고, 더 크게 는 종목이 밖에 있을 수 있습니다."
    )
    if not late:
        return (note,)
    return (
        note,
        f"후보 {late}종목은 1분봉을 제때 받지 못해 순위에서 빠졌습니다. 잠시 뒤 다시 "
        "물으면 채워집니다.",
    )
