"""This morning's masters: fetched once a day, kept on disk, never lost."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from adapters.kis.masters import (
    LAYOUTS,
    codes_of,
    parse_master,
    to_listings,
    unzip_master,
)
from adapters.kis.transport import Transport
from application.ports.clock import Clock
from domain.errors import MarketDataError, MarketDataUnavailableError
from domain.listing import Listings, Market, Venue
from domain.session import TradingSession, trades_on

FILES = ("kospi_code", "kosdaq_code", "nxt_kospi_code", "nxt_kosdaq_code")
RETRY_AFTER = timedelta(minutes=1)
"""How long older files serve before another download is tried."""
KEPT_DAYS = 3

_log = structlog.get_logger(__name__)


class MasterStore:
    """Listings of the day, by the Korean calendar day.

    Attributes:
        stale: Whether the listings at hand are those of an earlier day.
    """

    def __init__(self, transport: Transport, folder: Path, clock: Clock) -> None:
        self._transport = transport
        self._folder = folder
        self._clock = clock
        self._flight: asyncio.Task[Listings] | None = None
        self._listings: Listings | None = None
        self._day: date | None = None
        self._try_again: datetime | None = None
        self.stale = False

    async def listings(self) -> Listings:
        """Every listing of this morning's masters, or of the last that could be had.

        However many ask at once, the files are fetched once.

        Raises:
            MarketDataUnavailableError: No master could be had, not even an older one.
        """
        known = self._known()
        if known is not None:
            return known
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._load())
        return await asyncio.shield(self._flight)

    def _known(self) -> Listings | None:
        now = self._clock.now()
        if self._day == now.date() and not self.stale:
            return self._listings
        waiting = self._try_again is not None and (
            self._try_again - RETRY_AFTER <= now < self._try_again
        )
        return self._listings if waiting else None

    async def _load(self) -> Listings:
        today = self._clock.now().date()
        kept = await asyncio.to_thread(_newest_kept, self._folder)
        if kept is not None and kept[0] == today:
            return self._take(kept[1], today)
        try:
            zips = await self._download()
            fresh = await asyncio.to_thread(_listings_of, zips)
        except MarketDataError as error:
            return self._fall_back(kept, error)
        await asyncio.to_thread(_keep, self._folder, today, zips)
        _log.info("kis.masters_fetched", day=str(today), listings=len(fresh))
        return self._take(fresh, today)

    def _take(self, listings: Listings, day: date) -> Listings:
        self._listings, self._day, self.stale = listings, day, False
        self._try_again = None
        return listings

    def _fall_back(
        self, kept: tuple[date, Listings] | None, error: MarketDataError
    ) -> Listings:
        if kept is None and self._listings is None:
            raise MarketDataUnavailableError(
                "종목 마스터 파일을 받지 못했습니다. KIS_MASTER_URL과 네트워크를"
                " 확인하고 1분 뒤 다시 시도해 주세요.",
                retry_after=RETRY_AFTER.total_seconds(),
            ) from error
        if kept is not None and (self._day is None or kept[0] >= self._day):
            self._day, self._listings = kept
        self.stale = True
        self._try_again = self._clock.now() + RETRY_AFTER
        _log.warning("kis.masters_stale", day=str(self._day), error=str(error))
        if self._listings is None:  # for the type checker; the first lines saw to it
            raise error
        return self._listings

    async def _download(self) -> dict[str, bytes]:
        paths = [f"/common/master/{name}.mst.zip" for name in FILES]
        bodies = await asyncio.gather(*map(self._transport.download, paths))
        return dict(zip(FILES, bodies, strict=True))


def _listings_of(zips: Mapping[str, bytes]) -> Listings:
    """Parses the four files.

    Raises:
        MarketDataError: A file cannot be unzipped, or lists nothing.
    """
    day = unzip_master(zips["kospi_code"]).dated
    before_nxt = not trades_on(TradingSession(day), Venue.NXT)
    files = {
        name: unzip_master(zipped, may_be_empty=before_nxt and name.startswith("nxt_"))
        for name, zipped in zips.items()
    }
    records = {
        name: parse_master(
            file.data, LAYOUTS[Market.KOSDAQ if "kosdaq" in name else Market.KOSPI]
        )
        for name, file in files.items()
    }
    on_nxt = codes_of(records["nxt_kospi_code"]) | codes_of(records["nxt_kosdaq_code"])
    if not (on_nxt or before_nxt):  # KRX alone would pass for both venues
        raise MarketDataUnavailableError("NXT 종목 마스터 파일이 비어 있습니다.")
    bad: list[str] = []
    listings = to_listings(
        records["kospi_code"],
        records["kosdaq_code"],
        on_nxt,
        dated=max(files["kospi_code"].dated, files["kosdaq_code"].dated),
        on_bad=lambda code, why: bad.append(f"{code}: {why}"),
    )
    if bad:
        _log.warning("kis.bad_master_records", records=len(bad), first=bad[:5])
    if not listings:
        raise MarketDataUnavailableError("종목 마스터 파일이 비어 있습니다.")
    return listings


def _newest_kept(folder: Path) -> tuple[date, Listings] | None:
    """The newest day whose four files are all there and sound."""
    for day, path in _kept_days(folder):
        try:
            zips = {name: (path / f"{name}.mst.zip").read_bytes() for name in FILES}
            return day, _listings_of(zips)
        except (OSError, MarketDataError) as error:
            _log.warning("kis.kept_masters_unreadable", day=str(day), error=str(error))
    return None


def _kept_days(folder: Path) -> list[tuple[date, Path]]:
    days: list[tuple[date, Path]] = []
    try:
        paths = list(folder.iterdir())
    except OSError:
        return days
    for path in paths:
        try:
            days.append((date.fromisoformat(path.name), path))
        except ValueError:
            continue
    return sorted(days, reverse=True)


def _keep(folder: Path, day: date, zips: Mapping[str, bytes]) -> None:
    """Writes a day's files under their final name at once; prunes older days."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
            whole = Path(scratch) / "whole"
            whole.mkdir()
            for name, zipped in zips.items():
                (whole / f"{name}.mst.zip").write_bytes(zipped)
            final = folder / day.isoformat()
            shutil.rmtree(final, ignore_errors=True)  # unsound, or it would have served
            whole.rename(final)
    except OSError as error:
        _log.warning("kis.masters_not_kept", error=str(error))
    for _, path in _kept_days(folder)[KEPT_DAYS:]:
        shutil.rmtree(path, ignore_errors=True)
