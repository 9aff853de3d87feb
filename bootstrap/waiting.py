"""How long a process lets a question wait for the whole market."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from application.timeliness import Freshness

LEAST_PATIENCE = timedelta(seconds=60)
CALLS_OF_A_SWEEP = 200
"""More than both venues with every kind need."""

SLACK = 1.5
"""For retries, refusals and the witnesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What happens to a question before the market is held.

    Attributes:
        leads_when_cold: Whether the broker's first rows answer meanwhile.
    """

    freshness: Freshness = field(default_factory=Freshness)
    leads_when_cold: bool = True


SERVING = Waiting()
"""A client asks again soon, and must not be kept from its own deadline."""


def asking_once(calls_a_second: int) -> Waiting:
    """A process that ends with its answer has no later sweep to speak of."""
    sweep = timedelta(seconds=SLACK * CALLS_OF_A_SWEEP / calls_a_second)
    patience = max(LEAST_PATIENCE, sweep)
    return Waiting(
        freshness=replace(Freshness(), patience=patience), leads_when_cold=False
    )
