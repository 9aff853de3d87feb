"""Where the money is: the market's stocks by trading value (거래대금 순위)."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from application.answer import (
    absent_of,
    as_of,
    frame_notes,
    full_coverage,
    null_notes,
    question_notes,
)
from application.cold_notes import COLD_DETAILS, led_note
from application.current_market import CurrentMarket, Sighting
from application.details import (
    DetailColumns,
    Details,
    ProfileShelf,
    detail_columns,
    detail_notes,
)
from application.market_view import MarketView
from application.movement import UNRANKED, EarlierRanks, Movement
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.recent import now
from application.totals import Totals, totals_of, totals_of_leaders
from domain.errors import MarketDataError, MarketDataRefusedError
from domain.frame import MarketFrame, Quote
from domain.leaders import Leaders
from domain.listing import Kind, Listing
from domain.provenance import AsOf, Basis, Coverage
from domain.ranking import Cut, Measure, cut, order, order_by, page, rows_of
from domain.screening import Universe


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingQuery(Question):
    """One question.

    Attributes:
        by: What is ranked by.
        with_details: Whether details and yesterday's rank are wanted.
    """

    by: Measure = Measure.TRADING_VALUE
    with_details: bool = True

    @property
    def broker_can_answer(self) -> bool:
        """Whether the broker's own lists rank just this."""
        stocks_only = self.universe.kinds == {Kind.STOCK}
        first_page = not self.offset and not self.stocks and self.session is None
        listed = self.by is not Measure.TURNOVER_RATE
        return stocks_only and first_page and listed and self.screen.passes_all


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStock:
    """One row.

    Attributes:
        rank: From 1, dense in the whole screened ranking, whatever page is read.
        details: None where they were not wanted.
        previous_rank: Of the session before at this time; None: new, or not known.
    """

    rank: int
    quote: Quote
    details: Details | None = None
    previous_rank: int | None = None

    @property
    def rank_change(self) -> int | None:
        """Places gained since the session before."""
        return None if self.previous_rank is None else self.previous_rank - self.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingValueRanking:
    """The answer.

    Attributes:
        rows: In order.
        total: Rows that qualify; None until the whole market is held.
        next_offset: Where the next page begins; None at the end.
        knows_previous: The session before could be ranked: who has no previous rank
            was not in it.
    """

    rows: tuple[RankedStock, ...]
    total: int | None
    next_offset: int | None
    totals: Totals
    as_of: AsOf
    knows_previous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RankByTradingValue:
    """Ranks the market's listings by trading value, volume or turnover.

    Attributes:
        highest_count: The configured cap of ``count``.
        leads_when_cold: Whether the broker's own first rows answer until the market
            is held; not where a sweep takes no time.
    """

    quotes: Quotes
    view: MarketView
    profiles: ProfileShelf
    movement: Movement
    highest_count: int = HIGHEST_COUNT
    leads_when_cold: bool = True

    @property
    def market(self) -> CurrentMarket:
        """The current market."""
        return self.view.current

    async def __call__(self, query: RankingQuery) -> TradingValueRanking:
        """The rows asked for, of the running or the latest session, or of a past one.

        Raises:
            InvalidRequestError: A parameter is out of its bounds, or a name fits no
                stock or several.
            MarketDataError: Nothing is known, nor could it be had in time.
        """
        check(query, self.highest_count)
        started = now()
        await self.view.check_names(query)
        leads = self.leads_when_cold and query.broker_can_answer
        if leads and not await self.market.holds(query.universe):
            answer = await self._led(query)
            if answer:
                return answer
        return await self._whole(query, timedelta(seconds=now() - started))

    # -- a cold process: only what is certain ----------------------------------------

    async def _led(self, query: RankingQuery) -> TradingValueRanking | None:
        """The certified first rows; None where there are none yet."""
        try:
            leaders = await self.market.led(query.universe, query.by)
        except MarketDataRefusedError:
            raise
        except MarketDataError:
            return None  # the sweep that runs behind may still succeed
        if await self.market.holds(query.universe):
            return None  # swept meanwhile
        reason = self.market.overdue(leaders.frame)
        if reason and self.market.holds_session(query.universe, leaders.frame.session):
            return None  # a holiday nobody listed: the whole session is held
        certain = replace(leaders.frame, known=leaders.certified())
        ordered = order(
            certain, universe=query.universe, screen=query.screen, by=query.by
        )
        if not len(ordered):
            return None
        certified = page(certain, ordered, offset=0, count=len(ordered)).rows
        shown = certified[: query.count]
        details = await self._details(query, leaders.frame)
        rows = tuple(
            RankedStock(
                rank=row.rank,
                quote=row.quote,
                details=self._row(details, leaders, row.quote.listing),
            )
            for row in shown
        )
        coverage = Coverage(
            basis=Basis.LEADERS,
            listed=await self._listed(query.universe),
            quoted=int(np.count_nonzero(query.universe.rows(leaders.frame))),
        )
        return TradingValueRanking(
            rows=rows,
            total=None,
            next_offset=None,
            totals=totals_of_leaders(leaders, query.universe, certified),
            as_of=as_of(
                Sighting(frame=leaders.frame, stale=bool(reason), reason=reason),
                coverage,
                source=self.quotes.source,
                timeliness=self.market.timeliness,
                notes=(
                    led_note(len(rows), query.count),
                    *null_notes(query.universe, leaders.frame.official),
                    *([COLD_DETAILS] if query.with_details else []),
                    *self._detail_notes(details, leaders.frame, rows),
                ),
            ),
        )

    async def _listed(self, universe: Universe) -> int:
        listings = (await self.market.listings()).on_venue(universe.venue)
        return sum(
            item.kind in universe.kinds and universe.market in {None, item.market}
            for item in listings
        )

    # -- the whole market ------------------------------------------------------------

    async def _whole(
        self, query: RankingQuery, waited: timedelta
    ) -> TradingValueRanking:
        sighting = await self.view.seen(query.universe, query.session, waited=waited)
        frame = sighting.frame
        named = await self.view.named(query.stocks, frame)
        details = await self._details(query, frame)
        ordered = self._ordered(query, frame, details)
        only = rows_of(frame, [x.ticker for x in named]) if query.stocks else None
        part = cut(ordered, offset=query.offset, count=query.count, only=only)
        earlier = await self._earlier(query, frame)
        rows = _rows(frame, part, details if query.with_details else None, earlier)
        coverage = full_coverage(frame, query.universe)
        return TradingValueRanking(
            rows=rows,
            total=part.total,
            next_offset=part.next_offset,
            totals=totals_of(frame, query.universe),
            knows_previous=earlier.is_known,
            as_of=as_of(
                sighting,
                coverage,
                source=self.quotes.source,
                timeliness=self.market.timeliness,
                notes=(
                    *frame_notes(frame, query.universe, coverage),
                    *null_notes(query.universe, frame.official),
                    *question_notes(query, absent_of(named, frame, ordered)),
                    *([earlier.note] if earlier.note else []),
                    *self._detail_notes(details, frame, rows),
                ),
            ),
        )

    async def _details(
        self, query: RankingQuery, frame: MarketFrame
    ) -> DetailColumns | None:
        if not query.with_details and query.by is not Measure.TURNOVER_RATE:
            return None
        profiles = await self.profiles.of(frame.listings, frame.session)
        return detail_columns(frame, profiles)

    def _ordered(
        self, query: RankingQuery, frame: MarketFrame, details: DetailColumns | None
    ) -> "np.typing.NDArray[np.int64]":
        if query.by is not Measure.TURNOVER_RATE or details is None:
            return order(
                frame, universe=query.universe, screen=query.screen, by=query.by
            )
        able = query.universe.rows(frame) & query.screen.apply(frame)
        return order_by(able, details.turnover)

    async def _earlier(self, query: RankingQuery, frame: MarketFrame) -> EarlierRanks:
        if not query.with_details:
            return UNRANKED
        if query.by is Measure.TURNOVER_RATE:
            return EarlierRanks(
                note="회전율 순위에는 previous_rank와 rank_change가 없습니다(null).",
            )
        return await self.movement.ranks(
            frame,
            universe=query.universe,
            screen=query.screen,
            by=query.by,
        )

    def _detail_notes(
        self,
        details: DetailColumns | None,
        frame: MarketFrame,
        rows: tuple[RankedStock, ...],
    ) -> list[str]:
        """Asks for what is missing of the shown rows, and says that it is."""
        if details is None:
            return []
        row_of = frame.listings.row_of
        shown = [row_of[row.quote.listing.ticker] for row in rows]
        is_past = self.view.is_past(frame)
        if not is_past:
            self.profiles.want(frame.listings[row].ticker for row in shown)
        return detail_notes(details, shown, is_past=is_past)

    @staticmethod
    def _row(
        details: DetailColumns | None, leaders: Leaders, listing: Listing
    ) -> Details | None:
        row = leaders.frame.listings.row_of[listing.ticker]
        return None if details is None else details.row(row)


def _rows(
    frame: MarketFrame, part: Cut, details: DetailColumns | None, earlier: EarlierRanks
) -> tuple[RankedStock, ...]:
    return tuple(
        RankedStock(
            rank=rank,
            quote=frame.quote(row),
            details=None if details is None else details.row(row),
            previous_rank=earlier.of(frame.listings[row].ticker),
        )
        for rank, row in part.places
    )
