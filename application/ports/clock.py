"""What time it is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the time; nothing else in the core reads a clock."""

    def now(self) -> datetime:
        """This instant: aware, in Asia/Seoul. Never raises and never waits.

        It may stand still (replay) or run from another instant (rehearsal), so
        measure durations with the event loop's clock, not with this one.
        """
        ...
