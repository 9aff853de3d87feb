"""Which prefixes were let go, so that what was begun before is not kept after."""

from collections import deque

_MOST = 200


class Forgotten:
    """A short memory of prefixes, in their order.

    Attributes:
        count: How many were noted so far; a computation remembers it when it begins.
    """

    def __init__(self) -> None:
        self.count = 0
        self._last: deque[tuple[int, str]] = deque(maxlen=_MOST)

    def note(self, prefix: str) -> None:
        """Every key that begins so was let go."""
        self.count += 1
        self._last.append((self.count, prefix))

    def since(self, key: str, count: int) -> bool:
        """Whether the key was let go after so many were noted."""
        return self.count - count > _MOST or self.epoch(key) > count

    def epoch(self, key: str) -> int:
        """The number of the last note that let the key go; 0 where none did."""
        return next(
            (n for n, start in reversed(self._last) if key.startswith(start)), 0
        )
