"""Where trading value grows: against 1, 5 and 20 past sessions (거래대금 증가율)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from application.answer import (
    absent_of,
    as_of,
    frame_notes,
    full_coverage,
    part_coverage,
    question_notes,
)
from application.current_market import Sighting
from application.growth_baselines import Compared, GrowthBaselines, Wanted
from application.market_view import LEAST_PATIENCE, MarketView
from application.news_counts import NewsCount, NewsCounts
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.recent import now
from application.same_time_bars import SameTimeBars
from domain.frame import Quote
from domain.growth import Period, TimeBasis, growth_rates
from domain.listing import Listing, Ticker, Venue, Won
from domain.provenance import AsOf
from domain.ranking import cut, order_by, rows_of
from domain.session import closes_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEWS_PATIENCE = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthQuery(Question):
    """One question.

    Attributes:
        period: What is compared with.
        basis: Same time of day or whole days; None: same time while the market is
            open, whole days after.
        min_baseline: Stocks whose baseline is below it do not qualify, won.
        with_news: Whether headlines are counted.
    """

    period: Period = Period.ONE
    basis: TimeBasis | None = None
    min_baseline: Won = Won(0)  # noqa: RUF009 - a plain number
    with_news: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownStock:
    """One row.

    Attributes:
        baseline: Mean trading value of the period's sessions, won, half up.
        growth_rate: Trading value over the unrounded baseline less one, a fraction.
        news: None where it could not be counted.
    """

    rank: int
    quote: Quote
    baseline: Won
    growth_rate: float
    news: NewsCount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthRanking:
    """The answer.

    Attributes:
        basis: What was compared: same time only where that was possible.
        ranked: Rows that qualify.
        too_short_history: Stocks that would qualify, but lack some of the sessions.
    """

    rows: tuple[GrownStock, ...]
    total: int
    next_offset: int | None
    basis: TimeBasis
    ranked: int
    too_short_history: int
    as_of: AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class RankByGrowth:
    """Ranks stocks by the growth of their trading value."""

    quotes: Quotes
    view: MarketView
    bars: SameTimeBars
    news: NewsCounts
    highest_count: int = HIGHEST_COUNT

    async def __call__(self, query: GrowthQuery) -> GrowthRanking:
        """The rows asked for.

        Raises:
            InvalidRequestError: A parameter is out of its bounds.
            MarketDataError: Nothing is known, or sessions are not archived that are
                needed.
        """
        check(query, self.highest_count)
        started = now()
        await self.view.check_names(query)
        waited = timedelta(seconds=now() - started)
        sighting = await self.view.seen(query.universe, query.session, waited=waited)
        frame = sighting.frame
        named = await self.view.named(query.stocks, frame)
        able = query.universe.rows(frame) & query.screen.apply(frame)
        only = rows_of(frame, [x.ticker for x in named]) if query.stocks else None
        compared = await self._compared(query, sighting, able, only, started)
        if compared.looked_at is not None:
            able &= compared.looked_at | compared.too_short
        base = compared.base
        rates = growth_rates(frame.trading_value, base)
        qualifying = able & ~np.isnan(rates) & (base.mean >= query.min_baseline)
        ordered = order_by(qualifying, rates)
        part = cut(ordered, offset=query.offset, count=query.count, only=only)
        shown = [frame.listings[row].ticker for _, row in part.places]
        news, notes = await self._news(query, sighting, shown, started)
        return GrowthRanking(
            rows=tuple(
                GrownStock(
                    rank=rank,
                    quote=frame.quote(row),
                    baseline=Won(int(base.mean[row])),
                    growth_rate=float(rates[row]),
                    news=news.get(frame.listings[row].ticker),
                )
                for rank, row in part.places
            ),
            total=part.total,
            next_offset=part.next_offset,
            basis=compared.basis,
            ranked=len(ordered),
            too_short_history=int(np.count_nonzero(able & compared.too_short)),
            as_of=self._provenance(
                query,
                sighting,
                compared,
                notes,
                absent_of(named, frame, ordered),
            ),
        )

    async def _compared(
        self,
        query: GrowthQuery,
        sighting: Sighting,
        able: "NDArray[np.bool_]",
        only: frozenset[int] | None,
        started: float,
    ) -> Compared:
        frame = sighting.frame
        running = self.view.timeliness.is_running(frame)
        usual = TimeBasis.SAME_TIME if running else TimeBasis.FULL_DAY
        wanted = Wanted(
            period=query.period,
            basis=query.basis or usual,
            able=able,
            named=only or frozenset(),
            asks=not sighting.stale,
        )
        baselines = GrowthBaselines(past=self.view.past, bars=self.bars)
        return await baselines.of(frame, wanted, self.view.left(started))

    # -- what stands beside it -------------------------------------------------------

    async def _news(
        self,
        query: GrowthQuery,
        sighting: Sighting,
        shown: Sequence[Ticker],
        started: float,
    ) -> "tuple[Mapping[Ticker, NewsCount], list[str]]":
        """Titles since the close before the session, and what they are."""
        if not query.with_news:
            return {}, []
        frame = sighting.frame
        before = self.view.timeliness.calendar.previous(frame.session)
        since = closes_at(before, Venue.KRX)
        patience = min(self.view.left(started), NEWS_PATIENCE)
        if sighting.stale:  # the broker that would be asked is failing
            patience = LEAST_PATIENCE
        news = await self.news.of(shown, since, frame.as_of, patience)
        return news, _news_notes(since, shown, news)

    def _provenance(
        self,
        query: GrowthQuery,
        sighting: Sighting,
        compared: Compared,
        notes: Sequence[str],
        absent: Sequence[Listing],
    ) -> AsOf:
        frame, universe = sighting.frame, query.universe
        coverage = full_coverage(frame, universe)
        if compared.looked_at is not None:
            coverage = part_coverage(frame, universe, compared.looked_at)
        return as_of(
            sighting,
            coverage,
            source=self.quotes.source,
            timeliness=self.view.timeliness,
            notes=(
                *compared.notes,
                *notes,
                *frame_notes(frame, universe, coverage),
                *question_notes(query, absent),
            ),
        )


def _news_notes(
    since: datetime, shown: Sequence[Ticker], news: Mapping[Ticker, NewsCount]
) -> list[str]:
    notes = [f"뉴스·공시 수는 {since:%m-%d %H:%M} 이후 제목에 종목이 지정된 것입니다."]
    if len(news) < len(shown):
        notes.append(
            f"{len(shown) - len(news)}종목은 뉴스를 제때 받지 못해 비워 "
            "두었습니다(null)."
        )
    if any(count.is_cut for count in news.values()):
        notes.append(
            "제목이 많은 종목은 최근 쪽까지만 세었습니다(news_count는 그 이상)."
        )
    return notes
