"""A clock that stands at an instant, for replay."""

from datetime import datetime

from typing_extensions import override

from application.ports.clock import Clock
from domain.session import in_seoul


class StandingClock(Clock):
    """Always shows the same instant."""

    def __init__(self, at: datetime) -> None:
        """Stands at ``at``; Seoul's where it has no zone."""
        self._at = in_seoul(at)

    @override
    def now(self) -> datetime:
        return self._at
