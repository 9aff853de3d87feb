"""How a day's volume arrives: segments of each venue's hours, U-shaped."""

from dataclasses import dataclass
from datetime import time
from functools import cache

import numpy as np

from tests.kis_emulator.ticks import Floats, Ints


def seconds(at: time) -> int:
    """Seconds since midnight."""
    return at.hour * 3600 + at.minute * 60 + at.second


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Segments of one venue's day.

    Attributes:
        start: Second of the day at which each segment begins, ascending.
        end: And ends; equal to ``start`` for an auction's single instant.
        done: Share of the day's volume done before each segment; ends at 1.
        at_close: Index of the first segment that trades at the closing price.
        opens: Second of the first trade.
    """

    start: Ints
    end: Ints
    done: Floats
    at_close: int
    opens: int

    def locate(self, second: float) -> tuple[int, float]:
        """The segment under way and how much of it has run; fully run ones count."""
        at = int(np.searchsorted(self.end, second, side="right"))
        if at == len(self.end) or second <= self.start[at]:
            return at, 0.0
        length = self.end[at] - self.start[at]
        return at, float((second - self.start[at]) / length)


def _spread(
    start: time, end: time, parts: int, share: float, *, u: bool
) -> list[float]:
    place = (np.arange(parts) + 0.5) / parts
    weight = 1.0 + 5.0 * (place - 0.55) ** 2 if u else np.ones(parts)
    return list(share * weight / weight.sum())


def _segments(
    pieces: list[tuple[time, time, int, float, bool]], close_at: time
) -> Timeline:
    starts: list[float] = []
    ends: list[float] = []
    shares: list[float] = []
    for begin, finish, parts, share, u in pieces:
        edges = np.linspace(seconds(begin), seconds(finish), parts + 1)
        starts += list(edges[:-1])
        ends += list(edges[1:])
        shares += _spread(begin, finish, parts, share, u=u)
    done = np.concatenate([[0.0], np.cumsum(shares) / np.sum(shares)])
    done[-1] = 1.0
    start = np.array(starts, dtype=np.int64)
    return Timeline(
        start=start,
        end=np.array(ends, dtype=np.int64),
        done=done,
        at_close=int(np.searchsorted(start, seconds(close_at))),
        opens=int(start[0]),
    )


@cache
def timeline(venue: str) -> Timeline:
    """KRX (``J``): auctions at 09:00 and 15:30, a little to 18:00. NXT (``NX``)."""
    if venue == "J":
        return _segments(
            [
                (time(9), time(9), 1, 0.03, False),
                (time(9), time(15, 20), 25, 0.87, True),
                (time(15, 30), time(15, 30), 1, 0.08, False),
                (time(15, 40), time(16), 1, 0.012, False),
                (time(16), time(18), 1, 0.008, False),
            ],
            time(15, 30),
        )
    return _segments(
        [
            (time(8), time(8, 50), 5, 0.12, False),
            (time(9), time(15, 20), 19, 0.70, True),
            (time(15, 30), time(20), 6, 0.18, True),
        ],
        time(20),
    )
