"""Records what goes over the wire, sweep by sweep, without a secret."""

import asyncio
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from adapters.kis.transport import KisRequest, KisResponse, Transport
from adapters.replay.chunks import MOST_BYTES, Kind, encode, start
from adapters.replay.entries import DOWNLOADS, Entry, pack, to_lines
from adapters.replay.manifest import Manifest
from adapters.replay.questions import topic_of
from adapters.replay.scrubbing import scrubbed, scrubbed_params
from application.ports.clock import Clock

_HELD_BYTES = MOST_BYTES // 4
"""What is held in memory at most before it is written, sweep ended or not."""


class RecordingWriter:
    """Appends chunks to one file; each is whole and readable once written.

    Entries are held until the sweep they belong to ends (`mark`), then filed by
    endpoint. May be used from several threads.

    Args:
        path: The file; replaced where it exists.
        manifest: Its first chunk.
        level: zstd's, 1 to 22.
    """

    def __init__(self, path: Path, manifest: Manifest, *, level: int = 9) -> None:
        self._file = path.open("wb")
        self._level = level
        self._held: list[Entry] = []
        self._held_bytes = 0
        self._lock = threading.Lock()
        begun = manifest.made_at
        self._file.write(start())
        self._write(Kind.MANIFEST, begun, begun, lines=manifest.to_json())

    def add(self, entry: Entry, *, size: int) -> None:
        """Holds an entry, ``size`` bytes long, for the next `mark`."""
        with self._lock:
            self._held.append(entry)
            self._held_bytes += size
            if self._held_bytes > _HELD_BYTES:
                self._write_held()

    def mark(self, at: datetime) -> None:
        """Writes what is held; a sweep has ended, and this is a recorded instant."""
        with self._lock:
            self._write_held()
            self._write(Kind.INSTANT, at, at)
            self._file.flush()

    def close(self) -> None:
        """Writes what is held, without an instant, and closes the file."""
        with self._lock:
            if not self._file.closed:
                self._write_held()
                self._file.close()

    def _write_held(self) -> None:
        topics: dict[str, list[Entry]] = {}
        for entry in self._held:
            topic = topic_of(entry.tr_id, entry.params) if entry.tr_id else DOWNLOADS
            topics.setdefault(topic, []).append(entry)
        for topic, entries in sorted(topics.items()):
            instants = [entry.at for entry in entries]
            kind = Kind.DOWNLOADS if topic == DOWNLOADS else Kind.EXCHANGES
            lines = to_lines(entries)
            self._write(kind, min(instants), max(instants), topic=topic, lines=lines)
        self._held, self._held_bytes = [], 0

    def _write(
        self,
        kind: Kind,
        first: datetime,
        last: datetime,
        *,
        topic: str = "",
        lines: bytes = b"",
    ) -> None:
        chunk = encode(
            kind=kind,
            first=first,
            last=last,
            topic=topic,
            lines=lines,
            level=self._level,
        )
        self._file.write(chunk)


class RecordingTransport(Transport):
    """Another transport, every answer of which is recorded; headers never are.

    Args:
        inner: Does the work.
        writer: Takes what came; `close` closes it.
        clock: Tells when.
    """

    def __init__(self, inner: Transport, writer: RecordingWriter, clock: Clock) -> None:
        self._inner = inner
        self._writer = writer
        self._clock = clock

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        response = await self._inner.exchange(request)
        body = scrubbed(response.body)
        entry = Entry(
            at=self._clock.now(),
            path=request.path,
            tr_id=request.tr_id,
            params=scrubbed_params(request.params),
            status=response.status,
            packed=pack(body),
        )
        self._writer.add(entry, size=len(body))
        return response

    @override
    async def download(self, path: str) -> bytes:
        body = await self._inner.download(path)
        nothing: Mapping[str, str] = {}
        entry = Entry(
            at=self._clock.now(), path=path, params=nothing, packed=pack(body)
        )
        self._writer.add(entry, size=len(body))
        return body

    async def flush(self) -> None:
        """Writes what came since the last time; now is a recorded instant."""
        await asyncio.to_thread(self._writer.mark, self._clock.now())

    async def close(self) -> None:
        """Writes the rest and closes the recording."""
        await asyncio.to_thread(self._writer.close)
