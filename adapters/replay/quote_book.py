"""The newest quote of each code at each division, composed from recorded sweeps."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.replay.chunks import Chunk
from adapters.replay.entries import Entry
from adapters.replay.pages import Pages
from adapters.replay.questions import CODE, ROWS, Slot, holds_quotes, slots_of

Row = dict[str, Any]


@dataclass(slots=True)
class _Shelf:
    """What is known of one division at one instant.

    Attributes:
        unread: Chunks still to be read, oldest first.
        rows: The newest row of each code, of the chunks read so far.
    """

    unread: list[Chunk]
    rows: dict[str, Row] = field(default_factory=dict)


class QuoteBook:
    """Answers for codes, whatever the batches that they were recorded in.

    Chunks are read from the newest back, and only as far as it takes to find the codes
    that are asked for, so that a code's first row found is its newest.
    """

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._shelves: dict[str, tuple[object, _Shelf]] = {}

    def rows(self, slots: Sequence[Slot], now: datetime) -> list[Row]:
        """The newest row of each slot by then, in slot order, of the newest session.

        A code that was not recorded at its division has none.

        Raises:
            MarketDataMalformedError: What had to be read is damaged.
        """
        shelves = {
            division: self._shelf(division, now)
            for division in dict.fromkeys(division for division, _ in slots)
        }
        found = [self._row(shelves[slot[0]], slot, now) for slot in slots]
        return [row for row in found if row is not None]

    def _row(self, shelf: _Shelf, slot: Slot, now: datetime) -> Row | None:
        division, code = slot
        while code not in shelf.rows and shelf.unread:
            for entry in self._pages.entries(shelf.unread[-1], now):
                for row_code, row in _rows_at(division, entry):
                    shelf.rows.setdefault(row_code, row)
            shelf.unread.pop()
        return shelf.rows.get(code)

    def _shelf(self, division: str, now: datetime) -> _Shelf:
        """The division's shelf; a new one when newer quotes have come by then."""
        chunks = self._pages.exchanges(lambda topic: holds_quotes(topic, division), now)
        is_running = any(chunk.last > now for chunk in chunks)
        key = (chunks[0].offset if chunks else None, now if is_running else None)
        known = self._shelves.get(division)
        if known is None or known[0] != key:
            known = key, _Shelf(chunks[::-1])
            self._shelves[division] = known
        return known[1]


def _rows_at(division: str, entry: Entry) -> Iterator[tuple[str, Row]]:
    """The rows of a good answer that are of this division, by code."""
    if not entry.is_good:
        return
    rows = [(str(row.get(CODE, "")).strip(), row) for row in entry.rows(ROWS)]
    divisions: dict[str, list[str]] = {}
    for slot_division, code in slots_of(entry.params):
        divisions.setdefault(code, []).append(slot_division)
    counts = Counter(code for code, _ in rows)
    for code, row in rows:
        asked = divisions.get(code, [])
        if len(asked) > 1 and counts[code] != len(asked):
            continue  # rows do not say their division, and one of them is missing
        if asked and asked.pop(0) == division:
            yield code, row
