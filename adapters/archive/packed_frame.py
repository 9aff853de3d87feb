"""A frame as bytes, and a swept frame's gaps filled from bars."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adapters.archive.packed_axis import PackedAxis, codes_of, matches, pack_axis
from adapters.archive.packing import pack
from adapters.archive.schema import to_micros
from domain.frame import COLUMNS, MarketFrame
from domain.listing import Kind, Venue

if TYPE_CHECKING:
    from collections.abc import Iterable

FINAL = 0
"""The instant under which a session's final frame is kept."""

SWEPT = "swept"
BARS = "bars"
ARRAYS = (*COLUMNS, "known", "carried", "suspect")


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
    """The swept frame with its unknown rows from bars; None where there are none."""
    source, target = matches(codes_of(bars.listings), codes_of(swept.listings))
    gaps = bars.known[source] & ~swept.known[target]
    if not gaps.any():
        return None
    source, target = source[gaps], target[gaps]
    arrays = {name: getattr(swept, name).copy() for name in (*COLUMNS, "known")}
    for name, array in arrays.items():
        array[target] = getattr(bars, name)[source]
    return replace(swept, **arrays)
