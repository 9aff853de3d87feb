"""An archive with a past, made by the product's own parts without the limiter.

Tests take the session's fixture ``prepared`` and a copy of one of its stages; a server
is given the copy by ``ARCHIVE_URL``. Each stage holds all that the one before it does.
"""

import asyncio
import enum
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import structlog

from adapters.archive.sql_archive import SqlArchive
from adapters.calendar.krx import KrxCalendar
from adapters.kis.client import KisClient
from adapters.kis.flow_client import KisFlowClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.index_names import IndexNames
from adapters.kis.indices import KisIndices
from adapters.kis.investors import KisInvestors
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.past_bars import KisPastBars
from adapters.kis.profiles import KisProfiles
from adapters.kis.stock_client import KisStockClient
from application.fill_history import FillHistory
from application.harvest_session import HarvestSession
from application.keep_profiles import ProfileBook
from application.sweeping import PRODUCTS, STOCKS, Sweeper
from application.timeliness import Timeliness
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.provenance import Source
from tests.acceptance.direct import Direct
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.market import SimulatedMarket

EXAM_DAY = THURSDAY = date(2026, 11, 19)
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
CHRISTMAS_EVE, CHRISTMAS = date(2026, 12, 24), date(2026, 12, 25)

SESSIONS = 70
WITH_INSTANTS = 20
WITH_OWN_FINALS = 6
INSTANTS = (time(10), time(10, 5), time(13), time(13, 5))
"""Of a usual day; a late one has them as much later."""

EVENING = time(20, 30)
POOLS = ((Venue.KRX, STOCKS), (Venue.NXT, STOCKS), (Venue.KRX, PRODUCTS))

_log = structlog.get_logger("prepared")


class Stage(enum.Enum):
    """What an archive holds.

    BARS: Bars of the sessions to Thursday, and nothing else.
    THURSDAY: Instants and swept finals of the last sessions too; Thursday's flows and
        profiles.
    MORNING: Friday's profiles.
    CLOSE: Friday's provisional flows, as of 15:45.
    EVENING: Friday's last frame and final flows.
    CHRISTMAS: Bars of the sessions to Christmas Eve; its last frame, flows and
        profiles.
    """

    BARS = "bars"
    THURSDAY = "thursday"
    MORNING = "morning"
    CLOSE = "close"
    EVENING = "evening"
    CHRISTMAS = "christmas"


def market() -> SimulatedMarket:
    """A small market with every trait of a large one; its exam day begins late."""
    return SimulatedMarket(
        stocks=300,
        etf=40,
        etn=20,
        nxt=80,
        past_events=True,
        shifts={EXAM_DAY: timedelta(hours=1)},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The product's parts at one instant, on a broker that answers at once."""

    clock: EmulatorClock
    quotes: KisQuotes
    bars: KisPastBars
    profiles: KisProfiles
    investors: KisInvestors
    indices: KisIndices
    archive: SqlArchive
    timeliness: Timeliness

    async def sweep(self) -> None:
        """Keeps a frame of each pool."""
        sweeper = Sweeper(quotes=self.quotes, timeliness=self.timeliness)
        for pool in POOLS:
            await self.archive.keep_frame(await sweeper.sweep(pool, None))

    async def fill(self, sessions: int) -> None:
        """Keeps bars."""
        await FillHistory(
            quotes=self.quotes,
            bars=self.bars,
            archive=self.archive,
            timeliness=self.timeliness,
            journal=_log,
        )(sessions)

    async def read_profiles(self) -> None:
        """Keeps every profile of the newest session."""
        book = ProfileBook(
            source=self.profiles,
            archive=self.archive,
            quotes=self.quotes,
            timeliness=self.timeliness,
            journal=_log,
        )
        await book.fill(await self.quotes.listings())
        await book.close()

    async def harvest(self, day: date) -> None:
        """Keeps who bought and sold, and the industries' indices."""
        await HarvestSession(
            quotes=self.quotes,
            investors=self.investors,
            indices=self.indices,
            archive=self.archive,
            timeliness=self.timeliness,
            frame_of=_no_frame,
            journal=_log,
        )(day)


async def _no_frame(_: Venue) -> MarketFrame | None:
    return None


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A market, and archives of its past; a stage is made when it is first wanted."""

    folder: Path
    market: SimulatedMarket = field(default_factory=market)
    _made: set[Stage] = field(default_factory=set)

    def archive(self, stage: Stage, into: Path) -> str:
        """Copies a stage's archive; the address to serve it by."""
        self._make(stage)
        into.mkdir(parents=True, exist_ok=True)
        copy = shutil.copyfile(self._file(stage), into / "archive.sqlite3")
        return f"sqlite:///{copy}"

    def instants(self, day: date) -> list[datetime]:
        """When frames of a day were archived."""
        late = self.market.delay("J", day)
        return [datetime.combine(day, clock, KST) + late for clock in INSTANTS]

    def sessions(self, count: int) -> list[date]:
        """The last sessions to Thursday, oldest first."""
        return self.market.days.back(date(2020, 1, 1), THURSDAY, count)[::-1]

    def _file(self, stage: Stage) -> Path:
        return self.folder / f"{stage.value}.sqlite3"

    def _make(self, stage: Stage) -> None:
        if stage in self._made:
            return
        stages = list(Stage)
        if stage is not stages[0]:
            before = stages[stages.index(stage) - 1]
            self._make(before)
            shutil.copyfile(self._file(before), self._file(stage))
        asyncio.run(getattr(self, f"_{stage.value}")(self._file(stage)))
        self._made.add(stage)

    async def _bars(self, file: Path) -> None:
        async with self._at(file, THURSDAY, "20:30") as parts:
            await parts.fill(SESSIONS)

    async def _thursday(self, file: Path) -> None:
        own = self.sessions(WITH_OWN_FINALS)
        for day in self.sessions(WITH_INSTANTS):
            async with self._at(file, day, "09:00") as parts:
                for at in self.instants(day):
                    parts.clock.set(at)
                    await parts.sweep()
                if day in own:
                    parts.clock.set(datetime.combine(day, EVENING, KST))
                    await parts.sweep()
        async with self._at(file, THURSDAY, "20:30") as parts:
            await parts.harvest(THURSDAY)
            await parts.read_profiles()

    async def _morning(self, file: Path) -> None:
        async with self._at(file, FRIDAY, "09:30") as parts:
            await parts.read_profiles()

    async def _close(self, file: Path) -> None:
        async with self._at(file, FRIDAY, "15:45") as parts:
            await parts.harvest(FRIDAY)

    async def _evening(self, file: Path) -> None:
        async with self._at(file, FRIDAY, "20:30") as parts:
            await parts.sweep()
            await parts.harvest(FRIDAY)

    async def _christmas(self, file: Path) -> None:
        async with self._at(file, CHRISTMAS_EVE, "20:30") as parts:
            await parts.sweep()
            await parts.fill(SESSIONS)
            await parts.harvest(CHRISTMAS_EVE)
            await parts.read_profiles()

    @asynccontextmanager
    async def _at(self, file: Path, day: date, clock: str) -> AsyncIterator[_Parts]:
        """Everything anew, so that nothing is remembered of another instant."""
        stands = EmulatorClock(datetime.combine(day, time.fromisoformat(clock), KST))
        wire = Direct(self.market, stands)
        client, stocks, index = (
            KisClient(wire),
            KisStockClient(wire),
            KisIndexClient(wire),
        )
        folder = self.folder / f"{day}-{clock.replace(':', '')}"
        quotes = KisQuotes(
            client, MasterStore(wire, folder, stands), stands, Source(name="kis")
        )
        indices = KisIndices(index, IndexNames(wire, folder, stands))
        archive = SqlArchive(f"sqlite:///{file}")
        try:
            yield _Parts(
                clock=stands,
                quotes=quotes,
                bars=KisPastBars(client, stocks, index),
                profiles=KisProfiles(stocks, stands),
                investors=KisInvestors(KisFlowClient(wire), stands),
                indices=indices,
                archive=archive,
                timeliness=Timeliness(clock=stands, calendar=KrxCalendar()),
            )
        finally:
            await quotes.close()
            await indices.close()
            await archive.close()
