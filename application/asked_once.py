"""Answers of one kind, each asked once for all who want it, and reused for minutes."""

import asyncio
import functools
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from application.recent import Recent, now
from application.single_flight import SingleFlight
from domain.errors import MarketDataError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_KEPT = 2_000


@dataclass(slots=True, kw_only=True)
class AskedOnce(Generic[K, V]):
    """What one method of a port answered lately, by what it was asked.

    Attributes:
        ask: One call; what it raises as a `MarketDataError` is told by absence.
        reused_for: Seconds of the loop's time.
        version: Another number whenever more is known.
    """

    ask: Callable[[K], Coroutine[Any, Any, V]]
    reused_for: float
    version: int = 0
    _known: "Recent[K, tuple[float, V]]" = field(
        default_factory=lambda: Recent(MOST_KEPT)
    )
    _flights: SingleFlight = field(default_factory=SingleFlight)

    def known(self, key: K) -> tuple[V] | None:
        """The answer, in a tuple of its own; None where there is no recent one."""
        found = self._known.get(key)
        if found is None or now() - found[0] >= self.reused_for:
            return None
        return (found[1],)

    def start(self, key: K) -> "asyncio.Task[None]":
        """The call under way, begun now if there is none; to be awaited shielded."""
        return self._flights.start(key, functools.partial(self._ask, key))

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._flights.close()

    async def _ask(self, key: K) -> None:
        try:
            found = await self.ask(key)
        except MarketDataError:
            return  # told by its absence
        self._known.keep(key, (now(), found))
        self.version += 1
