"""How long something that fails is left alone: twice as long each time."""

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Rests:
    """What rests until when, in seconds that only run forward.

    Attributes:
        first: After the first failure in a row.
        longest: After many, or at once where another try makes no sense.
    """

    first: float
    longest: float
    _failures: dict[Hashable, int] = field(default_factory=dict)
    _until: dict[Hashable, float] = field(default_factory=dict)

    def failed(self, key: Hashable, now: float, *, for_long: bool = False) -> float:
        """One more failure; seconds it rests for."""
        failures = self.failures(key)
        self._failures[key] = failures + 1
        # Ten doublings are longer than any rest.
        seconds = min(self.first * 2 ** min(failures, 10), self.longest)
        return self.pause(key, now, self.longest if for_long else seconds)

    def pause(self, key: Hashable, now: float, seconds: float) -> float:
        """Leaves it alone for so long, without a failure."""
        self._until[key] = now + seconds
        return seconds

    def succeeded(self, key: Hashable) -> None:
        """Ends its rest."""
        self._failures.pop(key, None)
        self._until.pop(key, None)

    def failures(self, key: Hashable) -> int:
        """How often in a row it failed; 0 when its last try did not."""
        return self._failures.get(key, 0)

    def left(self, key: Hashable, now: float) -> float:
        """Seconds until it may be tried; 0 when it may be now."""
        return max(self._until.get(key, 0.0) - now, 0.0)
