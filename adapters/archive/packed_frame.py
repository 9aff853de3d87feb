"""A frame as bytes, and a swept frame's gaps filled from bars."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.archive.packed_axis import PackedAxis, codes_of, matches, pack_axis
from adapters.archive.packing import pack
from adapters.archive.schema import to_micros
from domain.frame import COLUMNS, MarketFrame
from domain.listing import Kind, Venue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Column = NDArray[np.int64]
    Rows = NDArray[np.intp]

FINAL = 0
"""The instant under which a session's final frame is kept."""

SWEPT = "swept"
BARS = "bars"
ARRAYS = (*COLUMNS, "known", "carried", "suspect")
MARKS = "marks"
"""A column that frames of earlier versions, and odd ones, lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFrame:
    """A frame as it is kept.

    Attributes:
        row: The line in the table of frames.
        columns: Name, dtype and content of each column.
    """

    row: dict[str, Any]
    columns: tuple[tuple[str, str, bytes], ...]
    axis: PackedAxis


def pool_name(kinds: "Iterable[Kind]") -> str:
    """``stock``, ``etf+etn``."""
    return "+".join(kind.name for kind in sorted(kinds)).lower()


def pool_names(kinds: "Iterable[Kind]") -> list[str]:
    """Every pool that holds at least one of the kinds."""
    wanted = frozenset(kinds)
    subsets = (
        frozenset(kind for kind in Kind if number >> kind & 1)
        for number in range(1, 1 << len(Kind))
    )
    return [pool_name(subset) for subset in subsets if subset & wanted]


def pack_frame(
    frame: MarketFrame, origin: str, axis: PackedAxis | None = None
) -> PackedFrame:
    """The frame as it is kept.

    Args:
        frame: Of one venue.
        origin: ``SWEPT`` or ``BARS``.
        axis: Its listings, where they are packed already.

    Raises:
        ValueError: It is of both venues added up.
    """
    if frame.venue is Venue.ALL:
        raise ValueError("venue: KRX or NXT")
    axis = axis or pack_axis(frame.listings)
    arrays = {name: getattr(frame, name) for name in ARRAYS}
    if frame.marks is not None:
        arrays[MARKS] = frame.marks
    return PackedFrame(
        row={
            "venue": frame.venue.value,
            "pool": pool_name(frame.kinds),
            "session": frame.session,
            "instant": FINAL if frame.is_final else to_micros(frame.as_of),
            "as_of_from": frame.as_of_from,
            "as_of": frame.as_of,
            "origin": origin,
            "official_kospi": frame.official.kospi,
            "official_kosdaq": frame.official.kosdaq,
            "dated": frame.listings.dated,
            "axis": axis.digest,
        },
        columns=tuple(
            (name, array.dtype.str, pack(array)) for name, array in arrays.items()
        ),
        axis=axis,
    )


def filled(swept: MarketFrame, bars: MarketFrame) -> MarketFrame | None:
    """The swept frame with unknown rows and untold marks from bars; None: no need.

    Bars tell more of a session than its morning did, so their marks come first.
    """
    source, target = matches(codes_of(bars.listings), codes_of(swept.listings))
    there = bars.known[source]
    marks = _marked(swept, bars, source[there], target[there])
    gaps = there & ~swept.known[target]
    if not gaps.any():
        return None if marks is None else replace(swept, marks=marks)
    source, target = source[gaps], target[gaps]
    arrays = {name: getattr(swept, name).copy() for name in (*COLUMNS, "known")}
    for name, array in arrays.items():
        array[target] = getattr(bars, name)[source]
    return replace(swept, marks=swept.marks if marks is None else marks, **arrays)


def _marked(
    swept: MarketFrame, bars: MarketFrame, source: "Rows", target: "Rows"
) -> "Column | None":
    """The swept frame's marks with those of its bars; None where nothing is new."""
    if bars.marks is None:
        return None
    told = np.zeros(len(swept.listings), dtype=np.int64)
    if swept.marks is not None:
        told[:] = swept.marks
    told[target] |= bars.marks[source]
    if swept.marks is not None and np.array_equal(told, swept.marks):
        return None
    return told
