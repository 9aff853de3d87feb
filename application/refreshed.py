"""Values asked for anew once they are old: behind the caller while they still serve."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from application.recent import Recent, now
from application.single_flight import SingleFlight
from domain.errors import MarketDataError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

FRESH_SECONDS = 60.0
SERVABLE_SECONDS = 300.0


@dataclass(slots=True, kw_only=True)
class Refreshed(Generic[K, V]):
    """The last value of each key; one question to the source, however many ask.

    A fresh value is served as it is; one that is servable too, and asked for anew
    behind the caller. Only for what is missing or older does a caller wait, within its
    patience; what does not come in time, or fails, is told by its absence.

    Attributes:
        most: Keys that are remembered; the least recently used goes first.
        fresh, servable: Seconds of the loop's time.
    """

    most: int
    fresh: float = FRESH_SECONDS
    servable: float = SERVABLE_SECONDS
    _known: "Recent[K, tuple[float, V]]" = field(init=False)
    _version: int = 0
    _flights: SingleFlight = field(default_factory=SingleFlight)

    def __post_init__(self) -> None:
        """As many as are allowed."""
        self._known = Recent(self.most)

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._version

    async def of(
        self, keys: Iterable[K], ask: Callable[[K], Awaitable[V]], patience: timedelta
    ) -> dict[K, V]:
        """What is known of the keys by the end of a caller's patience.

        Args:
            keys: Which.
            ask: Asks the source for one; a MarketDataError leaves it as it is.
            patience: How long to wait for what nobody can be served with.
        """
        wanted = list(dict.fromkeys(keys))
        waited_for = []
        for key in wanted:
            age = self._age(key)
            if age < self.fresh:
                continue
            flight = self._flights.start(key, functools.partial(self._ask, key, ask))
            if age >= self.servable:
                waited_for.append(flight)
        if waited_for:
            least = max(patience.total_seconds(), 0.001)
            await asyncio.wait(waited_for, timeout=least)
        held = ((key, self._known.get(key)) for key in wanted)
        return {
            key: known[1]
            for key, known in held
            if known is not None and now() - known[0] < self.servable
        }

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._flights.close()

    def _age(self, key: K) -> float:
        known = self._known.get(key)
        return float("inf") if known is None else now() - known[0]

    async def _ask(self, key: K, ask: Callable[[K], Awaitable[V]]) -> None:
        try:
            found = await ask(key)
        except MarketDataError:
            return  # told by its absence
        self._known.keep(key, (now(), found))
        self._version += 1
