"""What each index is called: the broker's public file, fetched once a day and kept."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from adapters.kis.kept_masters import keep_zips, kept_days, read_zips
from adapters.kis.masters import unzip_master
from adapters.kis.transport import Transport
from adapters.kis.unreadable import unreadable
from application.ports.clock import Clock
from application.single_flight import SingleFlight
from domain.errors import MarketDataError

FILE = "idxcode"
RETRY_AFTER = timedelta(minutes=1)
"""How long after a failed download the next is tried, while older names serve."""

_CODE = slice(1, 5)  # byte 0 tells the market
_NAME = slice(5, 45)

_log = structlog.get_logger(__name__)


def parse_index_names(data: bytes) -> dict[str, str]:
    """Names by code, of every line that has both; the first of two stands.

    Raises:
        MarketDataMalformedError: No line has.
    """
    names: dict[str, str] = {}
    lines = [line for line in data.split(b"\n") if line.strip()]
    bad = 0
    for line in lines:
        code = line[_CODE].decode("ascii", "replace")
        try:
            name = line[_NAME].decode("cp949").strip()
        except UnicodeDecodeError:
            name = ""
        if name and code.isascii() and code.isdigit() and len(code) == 4:
            names.setdefault(code, name)
        else:
            bad += 1
    if bad:
        _log.warning("kis.bad_index_names", lines=bad, good=len(names))
    if not names:
        raise unreadable(f"{FILE}.mst", f"{len(lines)}줄")
    return names


class IndexNames:
    """Names of the day, by the day they were fetched on.

    Args:
        transport: Where the file is downloaded.
        folder: Where it is kept; of its own, since its days are pruned.
        clock: Tells the day.
    """

    def __init__(self, transport: Transport, folder: Path, clock: Clock) -> None:
        self._transport = transport
        self._folder = folder
        self._clock = clock
        self._flights = SingleFlight()
        self._names: Mapping[str, str] = {}
        self._fetched_on = date.min
        self._failed: datetime | None = None

    async def names(self) -> Mapping[str, str]:
        """Today's names, or the last that could be had.

        However many ask at once, the file is fetched once.

        Raises:
            MarketDataError: None could be had, not even older ones.
        """
        if self._is_due():
            await asyncio.shield(self._flights.start(FILE, self._fetch))
        return self._names

    async def close(self) -> None:
        """Ends a download that still runs."""
        await self._flights.close()

    def _is_due(self) -> bool:
        if self._fetched_on == self._clock.now().date():
            return False
        if not self._names or self._failed is None:
            return True
        return not timedelta() <= self._clock.now() - self._failed < RETRY_AFTER

    async def _fetch(self) -> None:
        today = self._clock.now().date()
        if not self._names:
            kept = await asyncio.to_thread(_newest_kept, self._folder, today)
            self._fetched_on, self._names = kept
            if self._fetched_on == today:
                return
        try:
            zipped = await self._transport.download(f"/common/master/{FILE}.mst.zip")
            self._names = parse_index_names(unzip_master(zipped).data)
        except MarketDataError as error:
            self._failed = self._clock.now()
            if not self._names:
                raise
            _log.warning(
                "kis.index_names_stale", dated=str(self._fetched_on), error=str(error)
            )
            return
        self._fetched_on, self._failed = today, None
        await asyncio.to_thread(keep_zips, self._folder, today, {FILE: zipped})


def _newest_kept(folder: Path, today: date) -> tuple[date, Mapping[str, str]]:
    """Names on disk and the day they were fetched on; none where there is no file."""
    for day, path in kept_days(folder):
        if day > today:
            continue
        try:
            zipped = read_zips(path, [FILE])[FILE]
            return day, parse_index_names(unzip_master(zipped).data)
        except (OSError, MarketDataError) as error:
            _log.warning("kis.kept_masters_unreadable", day=str(day), error=str(error))
    return date.min, {}
