"""Where the money is: the market's stocks by trading value (거래대금 순위)."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from application.answer import as_of, frame_notes, full_coverage, null_notes
from application.current_market import CurrentMarket, Sighting
from application.ports.market_data import Quotes
from application.totals import Totals, totals_of, totals_of_leaders
from domain.errors import InvalidRequestError, MarketDataError, MarketDataRefusedError
from domain.listing import Kind, Listing
from domain.provenance import AsOf, Basis, Coverage
from domain.ranking import Measure, Page, RankedQuote, order, page, places
from domain.screening import Screen, Universe
from domain.stock_lookup import find_stocks

HIGHEST_COUNT = 100

NO_DETAILS = (
    "previous_rank, rank_change, market_cap, foreign_ratio, per, turnover_rate는 "
    "과거 시세와 종목 상세가 있어야 하는 값이라 비워 두었습니다(null)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingQuery:
    """One question.

    Attributes:
        universe: Market, venue and kinds.
        screen: Which rows qualify.
        by: What is ranked by.
        count: Rows at most.
        offset: Rows to leave out from the top.
        stocks: Codes or names; when given, only these, with their rank in the whole.
    """

    universe: Universe = field(default_factory=Universe)
    screen: Screen = field(default_factory=Screen)
    by: Measure = Measure.TRADING_VALUE
    count: int = 20
    offset: int = 0
    stocks: tuple[str, ...] = ()

    @property
    def broker_can_answer(self) -> bool:
        """Whether the broker's own lists rank just this."""
        stocks_only = self.universe.kinds == {Kind.STOCK}
        first_page = not self.offset and not self.stocks
        return stocks_only and first_page and self.screen.passes_all


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingValueRanking:
    """The answer.

    Attributes:
        rows: In order.
        total: Rows that qualify; None until the whole market is held.
        next_offset: Where the next page begins; None at the end.
    """

    rows: tuple[RankedQuote, ...]
    total: int | None
    next_offset: int | None
    totals: Totals
    as_of: AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class RankByTradingValue:
    """Ranks the market's listings by trading value or volume.

    Attributes:
        highest_count: The configured cap of ``count``.
        leads_when_cold: Whether the broker's own first rows answer until the market
            is held; not where a sweep takes no time.
    """

    quotes: Quotes
    market: CurrentMarket
    highest_count: int = HIGHEST_COUNT
    leads_when_cold: bool = True

    async def __call__(self, query: RankingQuery) -> TradingValueRanking:
        """The rows asked for, of the running or the latest session.

        Raises:
            InvalidRequestError: A parameter is out of its bounds, or a name fits no
                stock or several.
            MarketDataError: Nothing is known, nor could it be had in time.
        """
        self._check(query)
        started = asyncio.get_running_loop().time()
        named = await self._named(query)
        leads = self.leads_when_cold and query.broker_can_answer
        if leads and not await self.market.holds(query.universe):
            answer = await self._led(query)
            if answer:
                return answer
        waited = asyncio.get_running_loop().time() - started
        return await self._whole(query, named, timedelta(seconds=waited))

    def _check(self, query: RankingQuery) -> None:
        if not 1 <= query.count <= self.highest_count:
            raise InvalidRequestError(
                f"count {query.count}: 1 이상 {self.highest_count} 이하여야 합니다.",
                parameter="count",
            )
        if query.offset < 0:
            raise InvalidRequestError(
                f"offset {query.offset}: 0 이상의 정수여야 합니다.", parameter="offset"
            )

    async def _named(self, query: RankingQuery) -> tuple[Listing, ...]:
        if not query.stocks:
            return ()
        return find_stocks(await self.market.listings(), query.stocks)

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
        rows = certified[: query.count]
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
                    _led_note(len(rows), query.count),
                    *null_notes(query.universe, leaders.frame.official),
                    NO_DETAILS,
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
        self, query: RankingQuery, named: tuple[Listing, ...], waited: timedelta
    ) -> TradingValueRanking:
        patience = self.market.timeliness.freshness.patience - waited
        sighting = await self.market.seen(
            query.universe, patience=max(patience, timedelta(milliseconds=1))
        )
        frame = sighting.frame
        ordered = order(
            frame, universe=query.universe, screen=query.screen, by=query.by
        )
        cut = page(frame, ordered, offset=query.offset, count=query.count)
        absent: tuple[Listing, ...] = ()
        if named:
            tickers = tuple(item.ticker for item in named)
            found = places(frame, ordered, tickers)
            cut = _cut(found, query)
            standing = {row.quote.listing.ticker for row in found}
            absent = tuple(item for item in named if item.ticker not in standing)
        coverage = full_coverage(frame, query.universe)
        return TradingValueRanking(
            rows=cut.rows,
            total=cut.total,
            next_offset=cut.next_offset,
            totals=totals_of(frame, query.universe),
            as_of=as_of(
                sighting,
                coverage,
                source=self.quotes.source,
                timeliness=self.market.timeliness,
                notes=(
                    *frame_notes(frame, query.universe, coverage),
                    *_query_notes(query, absent),
                    NO_DETAILS,
                ),
            ),
        )


def _cut(found: tuple[RankedQuote, ...], query: RankingQuery) -> Page:
    """The page of the named stocks alone, with their ranks in the whole."""
    rows = found[query.offset : query.offset + query.count]
    end = query.offset + len(rows)
    more = bool(rows) and end < len(found)
    return Page(rows=rows, total=len(found), next_offset=end if more else None)


def _led_note(rows: int, count: int) -> str:
    fewer = f" 요청한 {count}종목 중 {rows}종목입니다." if rows < count else ""
    return (
        f"전 종목을 모으는 중이라 순위가 확실한 종목만 담았습니다.{fewer} total, "
        "next_offset, 합계, HHI는 비워 두었고(null) KRX만 물은 집중도는 공식 합계 "
        "대비입니다. 전 종목은 보통 10초 뒤에 답합니다."
    )


def _query_notes(query: RankingQuery, absent: tuple[Listing, ...]) -> list[str]:
    notes = []
    if absent:
        names = ", ".join(f"{item.name}({item.ticker})" for item in absent)
        notes.append(f"조건이나 대상 밖이라 순위에 없는 종목: {names}")
    if query.screen.exclude:
        notes.append("exclude의 지정 상태는 아침에 만들어진 종목마스터 기준입니다.")
    return notes
