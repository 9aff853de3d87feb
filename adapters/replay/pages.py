"""The chunks of a recording that a question may be answered from, newest first."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime

from adapters.replay.chunks import Chunk, Kind
from adapters.replay.entries import Entry, of_lines
from adapters.replay.recording import Recording

_KEPT = 8
"""Decoded chunks held in memory; a whole market's quotes are some 10 MB."""


class Pages:
    """Decodes chunks when needed and keeps the last few."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._decoded: OrderedDict[int, list[Entry]] = OrderedDict()
        ordered = enumerate(recording.chunks)
        newest_first = sorted(ordered, key=lambda x: (x[1].last, x[0]), reverse=True)
        self._newest_first = [chunk for _, chunk in newest_first]

    def session_at(self, now: datetime) -> date | None:
        """The day of the newest exchange by then; None where there is none."""
        begun = [
            chunk.first
            for chunk in self._newest_first
            if chunk.kind == Kind.EXCHANGES and chunk.first <= now
        ]
        return max(begun).date() if begun else None

    def exchanges(self, is_wanted: Callable[[str], bool], now: datetime) -> list[Chunk]:
        """Chunks of wanted topics begun by then, of the newest session."""
        session = self.session_at(now)
        return [
            chunk
            for chunk in self._newest_first
            if chunk.kind == Kind.EXCHANGES
            and chunk.first <= now
            and chunk.first.date() == session
            and is_wanted(chunk.topic)
        ]

    def downloads(self, now: datetime) -> list[Chunk]:
        """Chunks of files begun by then, of any session: files say their own day."""
        return [
            chunk
            for chunk in self._newest_first
            if chunk.kind == Kind.DOWNLOADS and chunk.first <= now
        ]

    def entries(self, chunk: Chunk, now: datetime) -> list[Entry]:
        """What a chunk holds of the time until then, newest first.

        Raises:
            MarketDataMalformedError: The chunk is damaged.
        """
        known = self._decoded.get(chunk.offset)
        if known is None:
            known = of_lines(self._recording.lines(chunk))
            known.sort(key=lambda entry: entry.at)
            known.reverse()
            self._decoded[chunk.offset] = known
            if len(self._decoded) > _KEPT:
                self._decoded.popitem(last=False)
        self._decoded.move_to_end(chunk.offset)
        if chunk.last <= now:
            return known
        return [entry for entry in known if entry.at <= now]
