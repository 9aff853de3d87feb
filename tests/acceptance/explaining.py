"""The product's gathering of evidence, over a planted market and without a wire."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from adapters.archive.sql_archive import SqlArchive
from adapters.calendar.krx import KrxCalendar
from adapters.kis.client import KisClient
from adapters.kis.entered_nets import KisEnteredNets
from adapters.kis.evidence import KisEvidence
from adapters.kis.flow_client import KisFlowClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.index_names import IndexNames
from adapters.kis.indices import KisIndices
from adapters.kis.interruptions import KisInterruptions
from adapters.kis.investors import KisInvestors
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.past_bars import KisPastBars
from adapters.kis.profiles import KisProfiles
from adapters.kis.stock_client import KisStockClient
from application.asked_evidence import AskedEvidence
from application.fill_history import FillHistory
from application.gather_evidence import GatherEvidence
from application.harvest_session import HarvestSession
from application.keep_profiles import ProfileBook
from application.live_sectors import LiveSectors
from application.past_market import PastMarket
from application.sweeping import STOCKS, Sweeper
from application.timeliness import Timeliness
from domain.causes import Reason
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.provenance import Source
from tests.acceptance.direct import Direct
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket

SHOWN = 20
"""Rows of one question."""

PATIENCE = timedelta(seconds=60)
"""Nothing here is measured in time."""

_log = structlog.get_logger("explaining")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """The parts at one instant."""

    quotes: KisQuotes
    bars: KisPastBars
    investors: KisInvestors
    indices: KisIndices
    archive: SqlArchive
    timeliness: Timeliness
    book: ProfileBook
    gather: GatherEvidence

    async def fill(self, sessions: int) -> None:
        """Keeps bars of past sessions."""
        await FillHistory(
            quotes=self.quotes,
            bars=self.bars,
            archive=self.archive,
            timeliness=self.timeliness,
            journal=_log,
        )(sessions)

    async def harvest(self) -> None:
        """Keeps who bought and sold today."""
        await HarvestSession(
            quotes=self.quotes,
            investors=self.investors,
            indices=self.indices,
            archive=self.archive,
            timeliness=self.timeliness,
            frame_of=_no_frame,
            journal=_log,
        )(self.timeliness.clock.now().date())

    async def frame(self) -> MarketFrame:
        """The stocks of KRX now."""
        sweeper = Sweeper(quotes=self.quotes, timeliness=self.timeliness)
        return await sweeper.sweep((Venue.KRX, STOCKS), None)

    async def explained(self, codes: list[str]) -> Mapping[str, tuple[Reason, ...]]:
        """The reasons of some stocks, twenty a question, each asked until whole."""
        frame = await self.frame()
        listings = frame.listings
        await self.book.fill([listings[listings.row_of[code]] for code in codes])
        found: dict[str, tuple[Reason, ...]] = {}
        for start in range(0, len(codes), SHOWN):
            shown = codes[start : start + SHOWN]
            rows = [listings.row_of[code] for code in shown]
            gathered = await self.gather(frame, rows, PATIENCE)
            while gathered.incomplete:
                gathered = await self.gather(frame, rows, PATIENCE)
            found |= {listings[row].ticker: x for row, x in gathered.reasons.items()}
        return found


async def _no_frame(_: Venue) -> MarketFrame | None:
    return None


@asynccontextmanager
async def explaining(
    market: SimulatedMarket, folder: Path, at: datetime
) -> AsyncIterator[Explaining]:
    """The product at an instant; what is in the folder's archive stays."""
    clock = EmulatorClock(at)
    wire = Direct(market, clock)
    client, stocks = KisClient(wire), KisStockClient(wire)
    index, flows = KisIndexClient(wire), KisFlowClient(wire)
    scratch = folder / f"{at:%m%d%H%M}"
    quotes = KisQuotes(
        client, MasterStore(wire, scratch, clock), clock, Source(name="kis")
    )
    indices = KisIndices(index, IndexNames(wire, scratch, clock))
    archive = SqlArchive(f"sqlite:///{folder / 'archive.sqlite3'}")
    timeliness = Timeliness(clock=clock, calendar=KrxCalendar())
    investors = KisInvestors(flows, clock)
    book = ProfileBook(
        source=KisProfiles(stocks, clock),
        archive=archive,
        quotes=quotes,
        timeliness=timeliness,
        journal=_log,
    )
    sectors = LiveSectors(indices=indices, investors=investors)
    gather = GatherEvidence(
        past=PastMarket(frames=archive, timeliness=timeliness),
        profiles=book,
        asked=AskedEvidence(
            titles=KisEvidence(stocks),
            interruptions=KisInterruptions(wire),
            nets=KisEnteredNets(flows, clock),
            investors=investors,
        ),
        sectors=sectors,
        kept=archive,
        timeliness=timeliness,
    )
    try:
        yield Explaining(
            quotes=quotes,
            bars=KisPastBars(client, stocks, index),
            investors=investors,
            indices=indices,
            archive=archive,
            timeliness=timeliness,
            book=book,
            gather=gather,
        )
    finally:
        for part in (gather, sectors, book, quotes, indices, archive):
            await part.close()
