"""An archive filled in one go, without a wire, a limit or a process of its own."""

from datetime import datetime
from pathlib import Path

import structlog

from adapters.archive.archive_url import file_url
from adapters.archive.sql_archive import SqlArchive
from adapters.calendar.krx import KrxCalendar
from adapters.kis.client import KisClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.past_bars import KisPastBars
from adapters.kis.stock_client import KisStockClient
from application.fill_history import FillHistory
from application.timeliness import Timeliness
from domain.provenance import Source
from tests.acceptance.direct import Direct
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.figures import Truth


async def quick_fill(truth: Truth, file: Path, at: datetime, sessions: int) -> None:
    """Fills the last sessions before an instant."""
    clock = EmulatorClock(at)
    wire = Direct(truth, clock)
    client = KisClient(wire)
    masters = MasterStore(wire, file.with_suffix(".masters"), clock)
    quotes = KisQuotes(client, masters, clock, Source(name="kis"))
    archive = SqlArchive(file_url(file))
    try:
        await FillHistory(
            quotes=quotes,
            bars=KisPastBars(client, KisStockClient(wire), KisIndexClient(wire)),
            archive=archive,
            timeliness=Timeliness(clock=clock, calendar=KrxCalendar()),
            journal=structlog.get_logger("quick"),
        )(sessions)
    finally:
        await quotes.close()
        await archive.close()
