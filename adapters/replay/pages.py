"""The chunks of a recording that a question may be answered from, newest first."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, time

from adapters.replay.chunks import Chunk, Kind
from adapters.replay.entries import Entry, of_lines
from adapters.replay.recording import Recording
from adapters.replay.spans import Span
from domain.session import KST, in_seoul

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
        self._begun = [
            chunk.first
            for chunk in recording.chunks
            if chunk.kind in {Kind.EXCHANGES, Kind.INSTANT}
        ]
        self._sweep: tuple[datetime, Span] | None = None

    def sweep_at(self, now: datetime) -> Span:
        """The newest sweep that had ended by then, from the end of the one before.

        Of a session's first sweep it is what has come by then, for nothing of an
        earlier session answers. A later sweep is not seen until it has ended: half of
        it, filled with the one before, would be a market that never was.
        """
        if self._sweep is None or self._sweep[0] != now:
            self._sweep = now, self._sweep_until(now)
        return self._sweep[1]

    def _sweep_until(self, now: datetime) -> Span:
        newest = max((x for x in self._begun if x <= now), default=in_seoul(now))
        midnight = datetime.combine(newest.date(), time.min, KST)
        opening = midnight - datetime.resolution  # a span begins after its bound
        ends = [x for x in self._recording.instants if opening < x <= now]
        if not ends:
            return Span(opening, now)
        return Span(ends[-2] if len(ends) > 1 else opening, ends[-1])

    def exchanges(self, is_wanted: Callable[[str], bool], span: Span) -> list[Chunk]:
        """Chunks of wanted topics that may hold something of a span."""
        return [
            chunk
            for chunk in self._newest_first
            if chunk.kind == Kind.EXCHANGES
            and span.touches(chunk)
            and is_wanted(chunk.topic)
        ]

    def downloads(self, span: Span) -> list[Chunk]:
        """Chunks of files that may hold something of a span."""
        return [
            chunk
            for chunk in self._newest_first
            if chunk.kind == Kind.DOWNLOADS and span.touches(chunk)
        ]

    def entries(self, chunk: Chunk, span: Span) -> list[Entry]:
        """What a chunk holds of a span, newest first.

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
        if span.covers(chunk):
            return known
        return [entry for entry in known if span.holds(entry.at)]
