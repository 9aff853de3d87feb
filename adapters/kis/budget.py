"""The seam to a budget of calls, and the budget of one process alone."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from typing_extensions import override

from adapters.kis.pace import Pace
from adapters.kis.transport import Priority

SharedBy = Literal["process", "folder", "redis", "fallback"]
"""Who goes by a budget: fallback is one process, for others cannot be asked now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetState:
    """A budget at an instant, as this process last saw it.

    Attributes:
        rate: Calls a second at present, of all that share it together.
        configured_rate: The same without refusals.
        shared_by: Who goes by it.
    """

    rate: float
    configured_rate: float
    shared_by: SharedBy


class Budget(Protocol):
    """Says when calls may go; one loop's, and one asker's at a time.

    It never raises: where others cannot be asked it goes by itself, slower.
    """

    @property
    def state(self) -> BudgetState:
        """As of the last call."""
        ...

    async def take(self, priority: Priority) -> float:
        """0 when the call may go at once; else the seconds after which to ask again."""
        ...

    def refused(self) -> bool:
        """Notes a refusal; whether ``share`` is to be called, for others to know."""
        ...

    async def share(self) -> None:
        """Tells the others of what was noted."""
        ...

    async def close(self) -> None:
        """Ends what goes on behind."""
        ...


class LocalBudget(Budget):
    """The budget of a process that has its key for itself.

    Args:
        rate: Calls a second.
        monotonic: A clock that only runs forward, in seconds.
        pace: Where another left off; a fresh one by default.
    """

    def __init__(
        self,
        rate: float = 15.0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace(rate)
        self._monotonic = monotonic

    @property
    @override
    def state(self) -> BudgetState:
        return BudgetState(
            rate=self._pace.rate,
            configured_rate=self._pace.configured,
            shared_by="process",
        )

    def wait(self) -> float:
        """Seconds until a call may go; not above 0 when at once."""
        now = self._monotonic()
        return self._pace.free_at(now) - now

    def grant(self) -> None:
        """Notes a call that goes now."""
        self._pace.grant(self._monotonic())

    @override
    async def take(self, priority: Priority) -> float:
        wait = self.wait()
        if wait > 0:
            return wait
        self.grant()
        return 0.0

    @override
    def refused(self) -> bool:
        self._pace.refuse(self._monotonic())
        return False

    @override
    async def share(self) -> None:
        return

    @override
    async def close(self) -> None:
        return
