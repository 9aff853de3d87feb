"""Where the money is by industry (업종별 거래대금)."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from application.answer import (
    absent_of,
    as_of,
    frame_notes,
    full_coverage,
    question_notes,
)
from application.live_sectors import LiveSectors
from application.market_view import MarketView
from application.ports.archive import KeptFlows
from application.ports.market_data import Quotes
from application.question import HIGHEST_COUNT, Question, check
from application.recent import now
from application.sector_figures import Beside, SectorFigures
from domain.errors import InvalidRequestError
from domain.investors import Investor
from domain.listing import Won
from domain.provenance import AsOf
from domain.ranking import rows_of
from domain.sectors import Level, Sector, sectors_of

MOST_LEADERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorQuery(Question):
    """One question; ``stocks`` asks for the sectors of these.

    Attributes:
        level: Leaves tile the market; large ones do too, more coarsely.
        leaders: Stocks to name of each, 1 to 10.
    """

    level: Level = Level.LEAF
    leaders: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSector:
    """One row.

    Attributes:
        name: As the exchange calls it; None where its list could not be read.
        index_change_rate: The industry index's own, a fraction.
        foreign_net, institution_net: Won, bought less sold.
    """

    rank: int
    sector: Sector
    name: str | None
    index_change_rate: float | None
    foreign_net: Won | None
    institution_net: Won | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorRanking:
    """The answer."""

    rows: tuple[RankedSector, ...]
    total: int
    next_offset: int | None
    total_trading_value: Won
    as_of: AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSectors:
    """Ranks industries by the trading value of their stocks."""

    quotes: Quotes
    view: MarketView
    live: LiveSectors
    kept: KeptFlows
    highest_count: int = HIGHEST_COUNT

    async def __call__(self, query: SectorQuery) -> SectorRanking:
        """The sectors asked for.

        Raises:
            InvalidRequestError: A parameter is out of its bounds.
            MarketDataError: Nothing is known.
        """
        check(query, self.highest_count)
        if not 1 <= query.leaders <= MOST_LEADERS:
            raise InvalidRequestError(
                f"leaders {query.leaders}: 1 이상 {MOST_LEADERS} 이하여야 합니다.",
                parameter="leaders",
            )
        started = now()
        await self.view.check_names(query)
        waited = timedelta(seconds=now() - started)
        sighting = await self.view.seen(query.universe, query.session, waited=waited)
        frame = sighting.frame
        named = await self.view.named(query.stocks, frame)
        inside = query.universe.rows(frame) & query.screen.apply(frame)
        found = sectors_of(frame, inside, level=query.level, leaders=query.leaders)
        ranked = list(enumerate(found, 1))
        if query.stocks:
            only = rows_of(frame, [x.ticker for x in named])
            ranked = [x for x in ranked if not only.isdisjoint(x[1].rows)]
        shown = ranked[query.offset : query.offset + query.count]
        end = query.offset + len(shown)
        sectors = [sector for _, sector in shown]
        beside = await Beside(view=self.view, live=self.live, kept=self.kept).of(
            sighting, sectors, started, is_screened=not query.screen.passes_all
        )
        coverage = full_coverage(frame, query.universe)
        absent = absent_of(named, frame, np.flatnonzero(inside))
        return SectorRanking(
            rows=tuple(_row(beside, rank, sector) for rank, sector in shown),
            total=len(ranked),
            next_offset=end if shown and end < len(ranked) else None,
            total_trading_value=Won(int(frame.trading_value[inside].sum())),
            as_of=as_of(
                sighting,
                coverage,
                source=self.quotes.source,
                timeliness=self.view.timeliness,
                notes=(
                    *beside.notes(sectors),
                    *frame_notes(frame, query.universe, coverage),
                    *question_notes(query, absent),
                ),
            ),
        )


def _row(beside: SectorFigures, rank: int, sector: Sector) -> RankedSector:
    return RankedSector(
        rank=rank,
        sector=sector,
        name=beside.name(sector),
        index_change_rate=beside.index_change_rate(sector),
        foreign_net=beside.net(sector, Investor.FOREIGN),
        institution_net=beside.net(sector, Investor.INSTITUTION),
    )
