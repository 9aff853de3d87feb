"""How many calls a sliding second holds, and how evenly they were shared."""

from collections.abc import Iterable, Sequence


def most_in_any(instants: Iterable[float], seconds: float = 1.0) -> int:
    """The most instants that any window of so many seconds holds, its end left out."""
    ordered, most, first = sorted(instants), 0, 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def least_share(counts: Sequence[int]) -> float:
    """The count of the one who got least, as a part of the mean."""
    return min(counts) * len(counts) / max(1, sum(counts))
