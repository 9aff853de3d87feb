"""A clock that starts at an instant and runs on, for rehearsals."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from typing_extensions import override

from application.ports.clock import Clock
from domain.session import in_seoul


class StartedClock(Clock):
    """Shows an instant when made, and from there on runs with real time."""

    def __init__(
        self, at: datetime, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """Starts the clock.

        Args:
            at: What it shows first; Seoul's where it has no zone.
            seconds: A count of seconds that only grows.
        """
        self._at = in_seoul(at)
        self._seconds = seconds
        self._started = seconds()

    @override
    def now(self) -> datetime:
        return self._at + timedelta(seconds=self._seconds() - self._started)
