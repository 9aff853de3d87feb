"""Which industry each listing is in: found once for a morning's listings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from domain.listing import Listing, Market


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class SectorAxis:
    """The industries of some listings at one level.

    Attributes:
        keys: Market and industry code; an empty code is of those without one.
        of_row: int64, read-only: where in ``keys`` each listing's is.
        parents: Of those keys, the ones with finer industries under them.
    """

    keys: "tuple[tuple[Market, str], ...]"
    of_row: "NDArray[np.int64]"
    parents: "frozenset[tuple[Market, str]]"


def axis_of(listings: "Iterable[Listing]", level: int) -> SectorAxis:
    """The listings' industries.

    Args:
        listings: In the order of the rows.
        level: Place in `Listing.sectors`: 0 is the coarsest, -1 the finest.
    """
    items = list(listings)
    own = [(x.market, x.sectors[level] if x.sectors else "") for x in items]
    place_of = {key: place for place, key in enumerate(dict.fromkeys(own))}
    of_row = np.array([place_of[key] for key in own], dtype=np.int64)
    of_row.flags.writeable = False
    above = {
        (x.market, code)
        for x in items
        for code in x.sectors[: level % len(x.sectors) if x.sectors else 0]
    }
    return SectorAxis(
        keys=tuple(place_of), of_row=of_row, parents=frozenset(above & set(place_of))
    )
