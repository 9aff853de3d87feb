"""One sweep's newest quote of each code at each division, however it was asked for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.replay.chunks import Chunk
from adapters.replay.entries import Entry
from adapters.replay.pages import Pages
from adapters.replay.questions import CODE, ROWS, Slot, holds_quotes, slots_of
from adapters.replay.spans import Span

Row = dict[str, Any]


@dataclass(slots=True)
class _Shelf:
    """What is known of one division in one sweep.

    Attributes:
        span: When the sweep was.
        unread: Chunks still to be read, oldest first.
        rows: The newest row of each code, of the chunks read so far.
    """

    span: Span
    unread: list[Chunk]
    rows: dict[str, Row] = field(default_factory=dict)


class QuoteBook:
    """Answers for codes, whatever the batches that they were recorded in.

    Chunks of the sweep are read from the newest back, and only as far as it takes to
    find the codes that are asked for, so that a code's first row found is its newest.
    """

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._shelves: dict[str, _Shelf] = {}

    def rows(self, slots: Sequence[Slot], sweep: Span) -> list[Row]:
        """The newest row of each slot in a sweep, in slot order.

        A code that lost its row has none, whatever earlier sweeps said of it: it is
        for the product to call it missing, or to carry a quote that it marks.

        Raises:
            MarketDataMalformedError: What had to be read is damaged.
        """
        shelves = {
            division: self._shelf(division, sweep)
            for division in dict.fromkeys(division for division, _ in slots)
        }
        found = [self._row(shelves[slot[0]], slot) for slot in slots]
        return [row for row in found if row is not None]

    def _row(self, shelf: _Shelf, slot: Slot) -> Row | None:
        division, code = slot
        while code not in shelf.rows and shelf.unread:
            for entry in self._pages.entries(shelf.unread[-1], shelf.span):
                for row_code, row in _rows_at(division, entry):
                    shelf.rows.setdefault(row_code, row)
            shelf.unread.pop()
        return shelf.rows.get(code)

    def _shelf(self, division: str, sweep: Span) -> _Shelf:
        """The division's shelf; a new one for another sweep."""
        known = self._shelves.get(division)
        if known is None or known.span != sweep:
            chunks = self._pages.exchanges(
                lambda topic: holds_quotes(topic, division), sweep
            )
            known = self._shelves[division] = _Shelf(sweep, chunks[::-1])
        return known


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
