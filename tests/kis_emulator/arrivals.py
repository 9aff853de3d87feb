"""What came when: the log of calls, and the limit of a sliding second."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Arrival:
    """One request.

    Attributes:
        at: Monotonic seconds at which it arrived.
        params: Query parameters as sent.
        status: What it was answered with; 0 while under way or cut off.
        code: The broker's code of a refusal, or what a fault did.
    """

    at: float
    path: str
    tr_id: str
    params: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    code: str = ""


class ArrivalLog:
    """Every request since the last reset; safe across threads.

    Quotation calls alone count against the limit, refused ones too.
    """

    def __init__(self, rate_limit: int) -> None:
        self.rate_limit = rate_limit
        self._lock = threading.Lock()
        self._all: list[Arrival] = []
        self._recent: dict[str, deque[float]] = {}
        self._most = 0

    def note(self, arrival: Arrival) -> None:
        """Keeps a request that no limit concerns."""
        with self._lock:
            self._all.append(arrival)

    def admit(self, arrival: Arrival, app_key: str) -> bool:
        """Keeps a quotation call; False when it is over the limit."""
        with self._lock:
            self._all.append(arrival)
            recent = self._recent.setdefault(app_key, deque())
            while recent and recent[0] <= arrival.at - 1.0:
                recent.popleft()
            recent.append(arrival.at)
            self._most = max(self._most, len(recent))
            return len(recent) <= self.rate_limit

    def most_in_any_second(self) -> int:
        """The most quotation calls of one key that any second held."""
        with self._lock:
            return self._most

    def calls(self, tr_id: str | None = None) -> list[Arrival]:
        """The log, oldest first; of one TR when asked."""
        with self._lock:
            return [call for call in self._all if tr_id in (None, call.tr_id)]

    def clear(self) -> None:
        """Forgets the log and the maximum; the running second still counts."""
        with self._lock:
            self._all.clear()
            self._most = 0
