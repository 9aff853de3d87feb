"""What can be probed: each part of the product that may be well or not."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class State(enum.Enum):
    """How a part is, from best to worst."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a probe found.

    Attributes:
        name: The part.
        since: When its state last changed; None when it is not known.
        detail: One Korean sentence with the next step where something is wrong.
    """

    name: str
    state: State
    detail: str
    since: datetime | None = None


class Probe(Protocol):
    """Looks at one part, without waking it."""

    async def __call__(self) -> Check:
        """How it is now; never raises, never waits for the network."""
        ...
