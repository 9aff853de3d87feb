"""The last frames on disk, so that a morning's question has an answer."""

import asyncio
import contextlib
import io
import tempfile
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import structlog
from typing_extensions import override

from application.ports.frames import KeptFrames
from domain.errors import VolumeRankingError
from domain.frame import COLUMNS, MarketFrame, OfficialTotals
from domain.listing import Flag, Kind, Listing, Listings, Market, Ticker, Venue

SESSIONS = 2
"""How many sessions are kept of each venue and pool."""

_ARRAYS = (*COLUMNS, "known", "carried", "suspect")
_DAMAGE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, OverflowError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, VolumeRankingError),
)
"""What reading a torn or altered archive was seen to raise."""

_log = structlog.get_logger(__name__)


class ForgottenFrames(KeptFrames):
    """Keeps nothing: a replay takes its frames from the recording."""

    @override
    async def keep(self, frame: MarketFrame) -> None:
        """Lets it go."""

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        return ()


class FrameFiles(KeptFrames):
    """One file per venue, pool and session: compressed columns, never pickled.

    Args:
        folder: Where they live; made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = asyncio.Lock()

    @override
    async def keep(self, frame: MarketFrame) -> None:
        async with self._lock:
            try:
                await asyncio.to_thread(self._write, frame)
            except OSError as error:
                _log.warning("frames.not_kept", error=str(error))

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        return await asyncio.to_thread(self._read_all, venue, kinds)

    def _write(self, frame: MarketFrame) -> None:
        """Under its final name at once; older sessions go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(frame.venue, frame.kinds, frame.session)
        with tempfile.NamedTemporaryFile(
            dir=self._folder, prefix=".new-", delete=False
        ) as new:
            written = Path(new.name)
            try:
                new.write(_packed(frame))
                new.flush()
                written.replace(path)
            except BaseException:  # a full disk must not fill up with halves
                written.unlink(missing_ok=True)
                raise
        for old in self._paths(frame.venue, frame.kinds)[SESSIONS:]:
            old.unlink(missing_ok=True)

    def _read_all(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        frames = []
        for path in self._paths(venue, kinds)[:SESSIONS]:
            try:
                frames.append(_unpacked(path.read_bytes()))
            except FileNotFoundError:
                continue  # another process has let an old session go
            except _DAMAGE as error:
                _log.warning("frames.set_aside", file=path.name, error=str(error))
                with contextlib.suppress(OSError):
                    path.rename(path.with_suffix(".damaged"))
        return tuple(frames)

    def _paths(self, venue: Venue, kinds: frozenset[Kind]) -> list[Path]:
        """Newest session first."""
        return sorted(self._folder.glob(f"{_name(venue, kinds)}-*.npz"), reverse=True)

    def _path(self, venue: Venue, kinds: frozenset[Kind], session: date) -> Path:
        return self._folder / f"{_name(venue, kinds)}-{session.isoformat()}.npz"


def _name(venue: Venue, kinds: frozenset[Kind]) -> str:
    return f"{venue.value}-{'+'.join(kind.name for kind in sorted(kinds))}".lower()


def _packed(frame: MarketFrame) -> bytes:
    facts: dict[str, Any] = {
        "venue": frame.venue.value,
        "kinds": sorted(frame.kinds),
        "session": frame.session,
        "as_of_from": frame.as_of_from,
        "as_of": frame.as_of,
        "is_final": frame.is_final,
        "official": [frame.official.kospi, frame.official.kosdaq],
        "dated": frame.listings.dated,
        "listings": [
            [
                str(item.ticker),
                item.name,
                int(item.market),
                int(item.kind),
                int(item.flags),
                item.on_nxt,
                item.base_price,
                item.previous_volume,
                item.sectors,
                item.shares_thousands,
                item.listed_on,
            ]
            for item in frame.listings
        ],
    }
    arrays: dict[str, Any] = {name: getattr(frame, name) for name in _ARRAYS}
    if frame.marks is not None:
        arrays["marks"] = frame.marks
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, facts=np.frombuffer(orjson.dumps(facts), dtype=np.uint8), **arrays
    )
    return buffer.getvalue()


def _unpacked(data: bytes) -> MarketFrame:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        facts = orjson.loads(file["facts"].tobytes())
        arrays: dict[str, Any] = {name: file[name] for name in _ARRAYS}
        if "marks" in file:
            arrays["marks"] = file["marks"]
    dated = facts["dated"]
    kospi, kosdaq = facts["official"]
    return MarketFrame(
        listings=Listings(
            items=tuple(_listing(*line) for line in facts["listings"]),
            dated=date.fromisoformat(dated) if dated else None,
        ),
        venue=Venue(facts["venue"]),
        kinds=frozenset(Kind(kind) for kind in facts["kinds"]),
        session=date.fromisoformat(facts["session"]),
        as_of_from=datetime.fromisoformat(facts["as_of_from"]),
        as_of=datetime.fromisoformat(facts["as_of"]),
        is_final=facts["is_final"],
        official=OfficialTotals(kospi=kospi, kosdaq=kosdaq),
        **arrays,
    )


def _listing(ticker: str, name: str, market: int, kind: int, *rest: Any) -> Listing:
    flags, on_nxt, base_price, previous_volume, sectors, thousands, listed_on = rest
    return Listing(
        ticker=Ticker(ticker),
        name=name,
        market=Market(market),
        kind=Kind(kind),
        flags=Flag(flags),
        on_nxt=on_nxt,
        base_price=base_price,
        previous_volume=previous_volume,
        sectors=tuple(sectors),
        shares_thousands=thousands,
        listed_on=date.fromisoformat(listed_on) if listed_on else None,
    )
