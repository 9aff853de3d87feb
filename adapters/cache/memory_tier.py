"""The outer tier in this process's memory: packed, so that more fits."""

import time
from collections.abc import Callable
from typing import TypeVar

from typing_extensions import override

from adapters.cache.lru import LruMemory
from adapters.cache.outer_tier import Found, OuterTier
from adapters.cache.room import Room
from adapters.cache.tally import Tally
from application.ports.cache import Form, TierStats

T = TypeVar("T")
_MARK = b"own"


class MemoryTier(OuterTier):
    """Packed values in a bounded memory.

    Args:
        room: The bytes, shared with the near tier.
        most: Entries at most.
        seconds: A count of seconds that only grows.
    """

    def __init__(
        self,
        *,
        room: Room,
        most: int = 16_384,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._memory = LruMemory(room=room, most=most, size_of=len, seconds=seconds)
        self._tally = Tally()

    @override
    async def get(self, key: str, form: Form[T], *, counted: bool = True) -> Found[T]:
        data = await self._memory.get(key)
        parcel = self._tally.read(key, data, form, counted=counted)
        return Found(parcel=parcel, mark=_MARK)

    @override
    async def put(self, key: str, data: bytes, ttl: float, mark: bytes) -> None:
        await self._memory.set(key, data, ttl=ttl)

    @override
    async def forget(self, prefix: str) -> frozenset[str]:
        return self.drop(prefix)

    @override
    def drop(self, prefix: str) -> frozenset[str]:
        return self._memory.drop([prefix])

    @override
    async def turned(self) -> frozenset[str]:
        return frozenset()

    @override
    def stats(self) -> TierStats:
        return TierStats(
            name="l2",
            kind="memory",
            hits=self._tally.hits,
            misses=self._tally.misses,
            evictions=self._memory.evictions,
            entries=len(self._memory),
            size=self._memory.size,
            errors=self._tally.errors,
        )
