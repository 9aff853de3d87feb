"""Which keys could not be computed lately, and why."""

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 1_000


class Failures:
    """The last failure of each key, until it succeeds.

    Args:
        pause: Seconds after a failure in which another try makes no sense.
        seconds: A count of seconds that only grows.
    """

    def __init__(
        self, pause: float = 5.0, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause = pause
        self._seconds = seconds
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def note(self, key: str, reason: str) -> None:
        """It failed just now."""
        self._kept[key] = (self._seconds(), reason)
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def clear(self, key: str) -> None:
        """It succeeded."""
        self._kept.pop(key, None)

    def reason(self, key: str) -> str:
        """Why it failed last, one Korean sentence; empty where it did not."""
        return self._kept.get(key, (0.0, ""))[1]

    def paused(self, key: str) -> bool:
        """Whether it failed so lately that it is not tried again yet."""
        failed = self._kept.get(key)
        return failed is not None and self._seconds() - failed[0] < self._pause
