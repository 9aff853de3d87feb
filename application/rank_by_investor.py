"""Who buys and who sells what (투자자별 매매동향)."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from application.answer import (
    absent_of,
    as_of,
    frame_notes,
    full_coverage,
    part_coverage,
    question_notes,
)
from application.answering_flows import AnsweringFlows, Found, Wanted
from application.current_market import Sighting
from application.live_flows import LiveFlows, MarketTotals
from application.market_view import MarketView
from application.ports.archive import KeptFlows
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.recent import now
from domain.errors import InvalidRequestError
from domain.flow_table import FlowTable
from domain.frame import MarketFrame, Quote
from domain.investors import Flow, Investor
from domain.listing import Kind, Listing, Shares, Venue, Won
from domain.provenance import AsOf, Basis, Coverage
from domain.ranking import cut, order_by, rows_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STOCKS_ALONE = "ETF·ETN은 투자자별 매매를 모으지 않아 순위에 없습니다."


class TradeType(enum.Enum):
    """What is ranked by."""

    NET = "NET"
    BUY = "BUY"
    SELL = "SELL"


class Side(enum.Enum):
    """From which end: of nets the bottom are the largest net sellers' stocks."""

    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorQuery(Question):
    """One question."""

    investor: Investor = Investor.FOREIGN
    trade_type: TradeType = TradeType.NET
    side: Side = Side.TOP


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedFlow:
    """One row.

    Attributes:
        flow: Bought and sold; None where the broker gives nets alone.
        net_amount: Won; None where a slot has only shares.
        net_volume: Shares.
        impact: |net amount| ÷ the stock's trading value, a fraction.
    """

    rank: int
    quote: Quote
    flow: Flow | None
    net_amount: Won | None
    net_volume: Shares
    impact: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorRanking:
    """The answer.

    Attributes:
        slot: The broker's time slot that intraday nets are of; None: no slots.
        totals: Of the market; None where it is not known.
        impact: |net of the market| ÷ its trading value, a fraction.
        is_earlier: An earlier session answers than the one that stands; the first
            note says why.
    """

    rows: tuple[RankedFlow, ...]
    total: int
    next_offset: int | None
    slot: time | None
    totals: MarketTotals | None
    impact: float | None
    as_of: AsOf
    is_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RankByInvestor:
    """Ranks stocks by what a type of investor bought and sold."""

    quotes: Quotes
    view: MarketView
    kept: KeptFlows
    live: LiveFlows
    highest_count: int = HIGHEST_COUNT

    async def __call__(self, query: InvestorQuery) -> InvestorRanking:
        """The rows asked for.

        Raises:
            InvalidRequestError: A parameter is out of its bounds.
            MarketDataError: Nothing is known.
        """
        check(query, self.highest_count)
        asked, query = query, _of_stocks(query)
        started = now()
        await self.view.check_names(query)
        waited = timedelta(seconds=now() - started)
        sighting = await self.view.seen(query.universe, query.session, waited=waited)
        named = await self.view.named(query.stocks, sighting.frame)
        answering = AnsweringFlows(view=self.view, kept=self.kept, live=self.live)
        found = await answering.of(sighting, _wanted(query, named), started)
        frame, table = found.sighting.frame, found.table
        inside = query.universe.rows(frame) & query.screen.apply(frame)
        ordered = order_by(
            inside & table.known,
            _measure(table, query.trade_type),
            ascending=query.side is Side.BOTTOM,
        )
        only = rows_of(frame, [x.ticker for x in named]) if query.stocks else None
        part = cut(ordered, offset=query.offset, count=query.count, only=only)
        totals = await self._totals(query, sighting, found, started)
        coverage = _coverage(query, found)
        said = as_of(
            found.sighting,
            coverage,
            source=self.quotes.source,
            timeliness=self.view.timeliness,
            notes=(
                *found.notes,
                *_totals_notes(totals, frame.session),
                *_unit_notes(query),
                *([STOCKS_ALONE] if asked != query else []),
                *frame_notes(frame, query.universe, coverage),
                *question_notes(query, absent_of(named, frame, ordered)),
            ),
        )
        return InvestorRanking(
            rows=tuple(_row(frame, table, rank, row) for rank, row in part.places),
            total=part.total,
            next_offset=part.next_offset,
            slot=found.slot,
            totals=totals,
            impact=_market_impact(totals),
            is_earlier=found.is_earlier,
            as_of=said
            if found.is_final is None
            else replace(said, is_final=found.is_final),
        )

    async def _totals(
        self, query: InvestorQuery, sighting: Sighting, found: Found, started: float
    ) -> MarketTotals | None:
        """The market's: the session's own sums, else the exchange's live figures.

        Where an earlier session answers, the running one's live figures come first.
        """
        sums = _sums(query, found)
        if sums is not None and not found.is_earlier:
            return sums
        return await self._live_totals(query, sighting, started) or sums

    async def _live_totals(
        self, query: InvestorQuery, sighting: Sighting, started: float
    ) -> MarketTotals | None:
        """They bear no date, so only of a session of this very day that has opened."""
        frame, timeliness = sighting.frame, self.view.timeliness
        if sighting.stale or query.universe.venue is Venue.NXT:
            return None
        is_today = frame.session == timeliness.clock.now().date()
        if not is_today or timeliness.is_quiet(Venue.KRX):
            return None
        return await self.live.market(
            frame, query.universe, query.investor, self.view.left(started)
        )


def _wanted(query: InvestorQuery, named: Sequence[Listing]) -> Wanted:
    return Wanted(
        universe=query.universe,
        screen=query.screen,
        session=query.session,
        investor=query.investor,
        nets=query.trade_type is TradeType.NET,
        selling=query.side is Side.BOTTOM,
        named=tuple(item.ticker for item in named),
    )


def _sums(query: InvestorQuery, found: Found) -> MarketTotals | None:
    """The sums of a whole session; None where it is not whole, or not final."""
    if found.basis is not Basis.FULL_MARKET:
        return None
    frame = found.sighting.frame
    inside = query.universe.rows(frame)
    return MarketTotals(
        flow=found.table.sum_of(inside & found.table.known),
        trading_value=Won(int(frame.trading_value[inside].sum())),
        session=frame.session,
        is_live=False,
    )


def _coverage(query: InvestorQuery, found: Found) -> Coverage:
    frame = found.sighting.frame
    if found.basis is Basis.FULL_MARKET:
        return full_coverage(frame, query.universe)
    return part_coverage(frame, query.universe, found.table.known)


def _of_stocks(query: InvestorQuery) -> InvestorQuery:
    """The question of stocks alone: of funds no flows are gathered.

    Raises:
        InvalidRequestError: No stocks were asked for.
    """
    if Kind.STOCK not in query.universe.kinds:
        raise InvalidRequestError(
            "kinds: 투자자별 매매는 주식만 모읍니다. STOCK을 넣어 물어 주세요.",
            parameter="kinds",
        )
    universe = replace(query.universe, kinds=frozenset({Kind.STOCK}))
    return replace(query, universe=universe)


def _measure(table: FlowTable, trade_type: TradeType) -> "NDArray[np.int64]":
    match trade_type:
        case TradeType.NET:
            return table.net_amount
        case TradeType.BUY:
            return table.buy_amount
        case TradeType.SELL:
            return table.sell_amount


def _row(frame: MarketFrame, table: FlowTable, rank: int, row: int) -> RankedFlow:
    quote = frame.quote(row)
    net, value = int(table.net_amount[row]), table.trading_value_of(frame)[row]
    return RankedFlow(
        rank=rank,
        quote=quote,
        flow=table.flow(row),
        net_amount=Won(net),
        net_volume=Shares(int(table.net_volume[row])),
        impact=abs(net) / int(value) if value else None,
    )


def _market_impact(totals: MarketTotals | None) -> float | None:
    if totals is None or not totals.trading_value:
        return None
    return abs(totals.flow.net_amount) / totals.trading_value


def _totals_notes(totals: MarketTotals | None, session: date) -> list[str]:
    if totals is None:
        return ["시장 전체의 매수·매도를 알 수 없어 합계를 비워 두었습니다(null)."]
    if not totals.is_live:
        return []
    notes = ["시장 전체 합계는 거래소 당일 집계(KRX, 백만원 단위)입니다."]
    if totals.session != session:
        notes.append(
            f"합계는 {totals.session} 당일 값이고 순위는 {session}의 값입니다."
        )
    return notes


def _unit_notes(query: InvestorQuery) -> list[str]:
    if query.investor is Investor.PROGRAM:
        return []
    return ["투자자별 금액은 증권사가 백만원 단위로 준 값입니다."]
