"""This morning's masters: fetched once they are made, kept on disk, never lost."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from adapters.kis.kept_masters import keep_zips, kept_days, read_zips
from adapters.kis.morning_listings import listings_of
from adapters.kis.transport import Transport
from application.ports.clock import Clock
from application.single_flight import SingleFlight
from domain.errors import MarketDataError, MarketDataUnavailableError
from domain.listing import Listings

FILES = ("kospi_code", "kosdaq_code", "nxt_kospi_code", "nxt_kosdaq_code")
RETRY_AFTER = timedelta(minutes=1)
"""How long after a failed download the next is tried."""
ASK_AGAIN_AFTER = timedelta(minutes=10)
"""How long after one that brought files of an earlier day."""
PATIENCE_SECONDS = 3.0
"""How long a process that just started waits before files on disk must do."""

_log = structlog.get_logger(__name__)


class MasterStore:
    """Listings of the day, by the day that the files themselves say.

    Files are made anew each business morning. On a weekday those of an earlier day are
    stale: they serve, and while somebody asks, another download is tried behind the
    caller every ten minutes. That goes for a weekday holiday too, when nothing newer
    can come. On a weekend the last business day's files are right.

    Args:
        transport: Where files are downloaded.
        folder: Where they are kept.
        clock: Tells the day.
        patience: Seconds that the first callers wait for a download when older files
            are on disk; without any they wait for its end.
    """

    def __init__(
        self,
        transport: Transport,
        folder: Path,
        clock: Clock,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._transport = transport
        self._folder = folder
        self._clock = clock
        self._patience = patience
        self._flights = SingleFlight()
        self._listings: Listings | None = None
        self._fetched_on: date | None = None
        self._wait_until = 0.0
        self._tried: datetime | None = None
        self._pause = RETRY_AFTER
        self._closed = False

    @property
    def stale(self) -> bool:
        """Whether the listings at hand are not known to be this morning's."""
        return self._listings is not None and not self._is_right(self._listings)

    async def listings(self) -> Listings:
        """Every listing of this morning's masters, or of the last that could be had.

        However many ask at once, the files are fetched once. Nobody waits for a
        download when older listings are known, but for the patience of a start.

        Raises:
            MarketDataUnavailableError: No master could be had, not even an older one.
        """
        if self._listings is None and not self._closed:
            await asyncio.wait({self._flights.start("kept", self._read)})
        if self._is_due():
            await self._wait_for(self._flights.start("fresh", self._fetch))
        if self._listings is None:  # closed meanwhile
            raise _nothing_could_be_had()
        return self._listings

    async def close(self) -> None:
        """Cancels a download that still runs and awaits its end; starts no other."""
        self._closed = True
        await self._flights.close()

    async def _wait_for(self, flight: asyncio.Task[None]) -> None:
        """Waits as long as what is known so far allows."""
        if self._listings is None:
            await asyncio.wait({flight})
            if self._listings is None and not flight.cancelled():
                flight.result()
            return
        patience = self._wait_until - asyncio.get_running_loop().time()
        if patience > 0:
            await asyncio.wait({flight}, timeout=patience)

    def _is_due(self) -> bool:
        if self._closed:
            return False
        if self._listings is None:
            return True
        waited = None if self._tried is None else self._clock.now() - self._tried
        paused = waited is not None and timedelta() <= waited < self._pause
        return not paused and self.stale

    def _is_right(self, listings: Listings) -> bool:
        today, dated = self._clock.now().date(), _day_of(listings)
        if self._fetched_on == today:
            return dated >= today or _is_weekend(today)
        return _last_weekday(today) <= dated <= today

    async def _read(self) -> None:
        """Takes the newest files on disk for what is known so far."""
        kept = await asyncio.to_thread(_newest_kept, self._folder)
        if kept is not None and self._listings is None:
            self._listings = kept
            self._wait_until = asyncio.get_running_loop().time() + self._patience

    async def _fetch(self) -> None:
        """Takes this morning's files for what is known.

        Raises:
            MarketDataUnavailableError: They could not be had, and nothing is known.
        """
        started = self._clock.now().date()
        self._tell_if_stale("older listings serve while a download runs")
        try:
            zips = await self._download()
            fresh = await asyncio.to_thread(listings_of, zips)
        except MarketDataError as error:
            self._tried, self._pause = self._clock.now(), RETRY_AFTER
            if self._listings is None:
                raise _nothing_could_be_had() from error
            self._tell_if_stale(f"the download failed: {error}")
            return
        self._listings, self._fetched_on = fresh, started
        self._tried, self._pause = self._clock.now(), ASK_AGAIN_AFTER
        _log.info("kis.masters_fetched", dated=str(fresh.dated), listings=len(fresh))
        self._tell_if_stale("the newest files are not of today")
        await _to_its_end(self._folder, _day_of(fresh), zips)

    def _tell_if_stale(self, why: str) -> None:
        if self._listings is not None and self.stale:
            _log.warning("kis.masters_stale", dated=str(self._listings.dated), why=why)

    async def _download(self) -> dict[str, bytes]:
        """The four files; when one fails, the others are not left running."""
        paths = [f"/common/master/{name}.mst.zip" for name in FILES]
        tasks = [asyncio.create_task(self._transport.download(p)) for p in paths]
        try:
            return dict(zip(FILES, await asyncio.gather(*tasks), strict=True))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _to_its_end(folder: Path, day: date, zips: Mapping[str, bytes]) -> None:
    """Keeps files; a thread cannot be cancelled, so not even then it is left alone."""
    writing = asyncio.create_task(asyncio.to_thread(keep_zips, folder, day, zips))
    try:
        await asyncio.shield(writing)
    finally:
        await asyncio.wait({writing})


def _nothing_could_be_had() -> MarketDataUnavailableError:
    return MarketDataUnavailableError(
        "종목 마스터 파일을 받지 못했습니다. KIS_MASTER_URL과 네트워크를"
        " 확인하고 1분 뒤 다시 시도해 주세요.",
        retry_after=RETRY_AFTER.total_seconds(),
    )


def _day_of(listings: Listings) -> date:
    return listings.dated or date.min  # never None: `listings_of` dates them


def _is_weekend(day: date) -> bool:
    return day.isoweekday() > 5


def _last_weekday(day: date) -> date:
    """The day itself, or the Friday before it on a weekend."""
    return day - timedelta(days=max(day.isoweekday() - 5, 0))


def _newest_kept(folder: Path) -> Listings | None:
    """Those of the newest day whose four files are all there and sound."""
    for day, path in kept_days(folder):
        try:
            return listings_of(read_zips(path, FILES))
        except (OSError, MarketDataError) as error:
            _log.warning("kis.kept_masters_unreadable", day=str(day), error=str(error))
    return None
