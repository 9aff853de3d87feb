"""A clock that stands at a recorded instant."""

from datetime import datetime, time

from typing_extensions import override

from adapters.replay.recording import Recording
from application.ports.clock import Clock


class RecordedClock(Clock):
    """Always shows the instant that was chosen of a recording."""

    def __init__(
        self, recording: Recording, *, at: datetime | time | None = None
    ) -> None:
        """Stands at the latest recorded instant at or before ``at``.

        Args:
            recording: Whose instants.
            at: An instant, or a time of its last session; by default the last instant.

        Raises:
            InvalidRequestError: It is before the first; says which there are.
        """
        self._at = recording.choose_instant(at)

    @override
    def now(self) -> datetime:
        return self._at
