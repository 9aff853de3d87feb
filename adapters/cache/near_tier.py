"""The tier of objects in this process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adapters.cache.lru import LruMemory
from adapters.cache.room import Room
from application.ports.cache import Held, TierStats

HELD_BYTES = 160
"""What a held value takes beside the value itself: measured, and held by a test."""


@dataclass(slots=True)
class Near:
    """One entry.

    Attributes:
        held: The value.
        size: The value's bytes.
        until: When the outer tier is asked first again, in the tier's seconds.
    """

    held: Held[Any]
    size: int
    until: float


class NearTier:
    """Objects by key, bounded.

    An entry outlives its ``ttl``, within the bounds: where the outer tier and the
    computation both fail, it is the last good one.

    Args:
        room: The bytes, shared with the outer tier where that is memory too.
        most: Entries at most.
        ttl: Seconds for which it answers by itself.
        seconds: A count of seconds that only grows.
    """

    def __init__(
        self,
        *,
        room: Room,
        most: int = 1_024,
        ttl: float = 60.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.hits = 0
        self.misses = 0
        self._ttl = ttl
        self._seconds = seconds
        self._memory = LruMemory(
            room=room,
            most=most,
            size_of=lambda near: near.size + HELD_BYTES,
            seconds=seconds,
        )

    async def find(self, key: str) -> Held[Any] | None:
        """What is held, whatever its age and lifetime."""
        near = await self._memory.get(key)
        return near.held if isinstance(near, Near) else None

    async def current(self, key: str) -> Held[Any] | None:
        """What is held, unless the outer tier is to be asked first."""
        near = await self._memory.get(key)
        if isinstance(near, Near) and self._seconds() < near.until:
            return near.held
        return None

    async def keep(self, key: str, held: Held[Any], size: int, kept: float) -> None:
        """Holds it for at most ``kept`` seconds."""
        near = Near(held, size, self._seconds() + self._ttl)
        await self._memory.set(key, near, ttl=kept)

    def drop(self, *prefixes: str) -> frozenset[str]:
        """Lets go the keys that begin with one of them; which those were."""
        return self._memory.drop(prefixes)

    def stats(self) -> TierStats:
        """What it has done since the start."""
        return TierStats(
            name="l1",
            kind="memory",
            hits=self.hits,
            misses=self.misses,
            evictions=self._memory.evictions,
            entries=len(self._memory),
            size=self._memory.size,
        )
