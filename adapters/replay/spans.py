"""The stretch of recorded time that a question is answered from."""

from dataclasses import dataclass
from datetime import datetime

from adapters.replay.chunks import Chunk


@dataclass(frozen=True, slots=True)
class Span:
    """From just after one instant until another.

    Attributes:
        after: Not in it itself; None where it reaches back to the beginning.
        until: Its last instant.
    """

    after: datetime | None
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether an instant is in it."""
        return at <= self.until and (self.after is None or at > self.after)

    def touches(self, chunk: Chunk) -> bool:
        """Whether something of a chunk may be in it."""
        is_past = self.after is not None and chunk.last <= self.after
        return chunk.first <= self.until and not is_past

    def covers(self, chunk: Chunk) -> bool:
        """Whether all of a chunk is in it."""
        return self.holds(chunk.first) and self.holds(chunk.last)
