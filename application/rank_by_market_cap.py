"""The largest companies: price × listed shares (시가총액)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from application.answer import (
    absent_of,
    as_of,
    frame_notes,
    full_coverage,
    question_notes,
)
from application.cap_movement import CapMovement
from application.details import (
    DetailColumns,
    Details,
    ProfileShelf,
    detail_columns,
    detail_notes,
)
from application.market_view import MarketView
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.recent import now
from domain.concentration import top_share
from domain.errors import MarketDataUnavailableError
from domain.frame import MarketFrame, Quote
from domain.listing import Won
from domain.market_cap import Multiple, multiple, sum_of, weights
from domain.provenance import AsOf
from domain.ranking import cut, order_by, ranks, rows_of
from domain.screening import Universe

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeStock:
    """One row.

    Attributes:
        market_cap: Won.
        rank_change: Places gained since the session before, both unscreened.
        trading_value_rank: In the unscreened universe.
        weight: Part of its own market's cap, a fraction.
    """

    rank: int
    quote: Quote
    market_cap: Won
    rank_change: int | None
    trading_value_rank: int
    weight: float | None
    details: Details


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTotals:
    """Aggregates over the universe before any screen.

    Attributes:
        total: Won.
        top10: Fraction of the total.
        per, pbr: Σ cap ÷ Σ (cap ÷ multiple) over those who have one.
        unknown: Stocks whose cap is not known.
    """

    total: Won
    top10: float | None
    per: Multiple
    pbr: Multiple
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCapRanking:
    """The answer."""

    rows: tuple[LargeStock, ...]
    total: int
    next_offset: int | None
    totals: CapTotals
    as_of: AsOf


@dataclass(slots=True, kw_only=True)
class RankByMarketCap:
    """Ranks stocks by market capitalisation."""

    quotes: Quotes
    view: MarketView
    profiles: ProfileShelf
    highest_count: int = HIGHEST_COUNT
    _movement: CapMovement = field(init=False)

    def __post_init__(self) -> None:
        """The earlier ranks are kept from question to question."""
        self._movement = CapMovement(past=self.view.past, profiles=self.profiles)

    async def __call__(self, query: Question) -> MarketCapRanking:
        """The rows asked for.

        Raises:
            InvalidRequestError: A parameter is out of its bounds.
            MarketDataError: Nothing is known, or nobody's listed shares.
        """
        check(query, self.highest_count)
        started = now()
        await self.view.check_names(query)
        waited = timedelta(seconds=now() - started)
        sighting = await self.view.seen(query.universe, query.session, waited=waited)
        frame = sighting.frame
        named = await self.view.named(query.stocks, frame)
        profiles = await self.profiles.of(frame.listings, frame.session)
        details = detail_columns(frame, profiles)
        caps, inside = details.caps, query.universe.rows(frame)
        if inside.any() and not (inside & (caps >= 0)).any():
            raise _no_shares(frame.session)
        ordered = order_by(inside & query.screen.apply(frame) & (caps >= 0), caps)
        only = rows_of(frame, [x.ticker for x in named]) if query.stocks else None
        part = cut(ordered, offset=query.offset, count=query.count, only=only)
        earlier = await self._movement.ranks(frame, query.universe)
        now_ranks = ranks(order_by(inside & (caps >= 0), caps), len(caps))
        by_value = ranks(order_by(inside, frame.trading_value), len(caps))
        own_market = weights(caps, frame.market, _both_markets(query.universe, frame))
        shown = [row for _, row in part.places]
        is_past = self.view.is_past(frame)
        if not is_past:
            self.profiles.want(frame.listings[row].ticker for row in shown)
        coverage = full_coverage(frame, query.universe)
        totals = _totals(frame, details, inside)
        return MarketCapRanking(
            rows=tuple(
                LargeStock(
                    rank=rank,
                    quote=frame.quote(row),
                    market_cap=Won(int(caps[row])),
                    rank_change=_change(
                        earlier.of(frame.listings[row].ticker), int(now_ranks[row])
                    ),
                    trading_value_rank=int(by_value[row]),
                    weight=float(own_market[row]),
                    details=details.row(row),
                )
                for rank, row in part.places
            ),
            total=part.total,
            next_offset=part.next_offset,
            totals=totals,
            as_of=as_of(
                sighting,
                coverage,
                source=self.quotes.source,
                timeliness=self.view.timeliness,
                notes=(
                    *([earlier.note] if earlier.note else []),
                    *_totals_notes(totals, details, inside),
                    *detail_notes(details, shown, is_past=is_past),
                    *frame_notes(frame, query.universe, coverage),
                    *question_notes(query, absent_of(named, frame, ordered)),
                ),
            ),
        )


def _change(before: int | None, rank: int) -> int | None:
    return None if before is None else before - rank


def _no_shares(session: date) -> MarketDataUnavailableError:
    return MarketDataUnavailableError(
        f"session {session}: 그날의 상장주식수가 보관되어 있지 않아 시가총액을 구할 수 "
        "없습니다. 서버가 시세를 받아 보관한 거래일로 묻거나 session을 비워 주세요."
    )


def _both_markets(universe: Universe, frame: MarketFrame) -> "NDArray[np.bool_]":
    """The universe's kinds on both markets: what weights are taken over."""
    return Universe(venue=universe.venue, kinds=universe.kinds).rows(frame)


def _totals(
    frame: MarketFrame, details: DetailColumns, inside: "NDArray[np.bool_]"
) -> CapTotals:
    caps, profiles = details.caps, details.profiles
    known = inside & (caps >= 0)
    return CapTotals(
        total=sum_of(caps, inside),
        top10=top_share(caps[known], 10),
        per=multiple(caps, frame.price, profiles.eps, inside),
        pbr=multiple(caps, frame.price, profiles.bps, inside),
        unknown=int(np.count_nonzero(inside & (caps < 0))),
    )


def _totals_notes(
    totals: CapTotals, details: DetailColumns, inside: "NDArray[np.bool_]"
) -> list[str]:
    unread = int(np.count_nonzero(inside & ~details.profiles.known))
    notes = []
    if totals.unknown:
        notes.append(
            f"상장주식수를 모르는 {totals.unknown:,}종목은 순위와 합계에서 빠졌습니다."
        )
    if unread:
        notes.append(
            f"평균 PER·PBR은 종목 상세를 아직 읽지 않은 {unread:,}종목을 빼고 "
            "구했습니다."
        )
    return notes
