"""The first rows of a market that is not yet held whole, and which are certain."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from domain.frame import MarketFrame
from domain.ranking import Measure

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaders:
    """Candidates for the first places, quoted exactly.

    Attributes:
        frame: The candidates' quotes; its listings are the candidates alone.
        venues: The same per venue, as they were read.
        by: What they lead by.
        unseen_at_most: No stock outside ``frame`` has more of the measure than this:
            the sum of what the last row of each venue's 30-row list had.
    """

    frame: MarketFrame
    venues: tuple[MarketFrame, ...]
    by: Measure
    unseen_at_most: int

    def certified(self) -> "NDArray[np.bool_]":
        """Rows above everything unseen; their order among themselves is exact.

        A row that only equals the bound may tie with an unseen one, so it is out; so
        is everything when a candidate has no quote, for it may belong anywhere.
        """
        if not self.frame.known.all():
            return np.zeros(len(self.frame.listings), dtype=bool)
        above: NDArray[np.bool_] = self.by.of(self.frame) > self.unseen_at_most
        return above
