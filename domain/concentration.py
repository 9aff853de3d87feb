"""How much of a market's trading value few stocks make (집중도)."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def top_share(values: "NDArray[np.int64]", k: int) -> float | None:
    """CR-k: the k largest values' part of the sum, a fraction; None when it is zero."""
    total = int(values.sum())
    if not total:
        return None
    largest = np.partition(values, len(values) - k)[-k:] if k < len(values) else values
    return float(int(largest.sum()) / total)


def herfindahl(values: "NDArray[np.int64]") -> float | None:
    """Herfindahl–Hirschman index in points, 0 to 10,000; None when the sum is zero.

    The sum of squared percentage shares: 10,000 is one stock alone.
    """
    total = int(values.sum())
    if not total:
        return None
    shares = values / total * 100.0
    return float(np.dot(shares, shares))
