"""A clock that starts at an instant and runs on, for rehearsals."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from typing_extensions import override

from application.ports.clock import Clock
from domain.session import in_seoul


class StartedClock(Clock):
    """Shows an instant when made, and from there on runs with real time, or faster."""

    def __init__(
        self,
        at: datetime,
        speed: float = 1.0,
        *,
        since: datetime | None = None,
        seconds: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Starts the clock.

        Args:
            at: What it shows first; Seoul's where it has no zone.
            speed: How many of its seconds pass in a real one.
            since: When it really was that late, so that several processes show the
                same time; None for now.
            seconds: A count of real seconds that only grows.
            wall: The machine's own time, in seconds since 1970.
        """
        self._at = in_seoul(at)
        self._speed = speed
        self._seconds = seconds
        ran = wall() - in_seoul(since).timestamp() if since else 0.0
        self._started = seconds() - ran

    @override
    def now(self) -> datetime:
        ran = (self._seconds() - self._started) * self._speed
        return self._at + timedelta(seconds=ran)
