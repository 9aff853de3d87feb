"""The cache as an environment wants it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from adapters.cache.clearings import Clearings
from adapters.cache.memory_tier import MemoryTier
from adapters.cache.near_tier import NearTier
from adapters.cache.reach import Reach
from adapters.cache.redis_tier import RedisTier
from adapters.cache.redis_turns import RedisTurns
from adapters.cache.room import Room
from adapters.cache.tiers import TieredCache, Told
from application.ports.clock import Clock

HEEDED = ("frame",)
"""First words of keys that lie elsewhere: their clearings are heard of all the same."""


TURN_SECONDS = 4.0
"""A waiter of another replica computes for itself then: its caller has eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is held, and for how long by itself.

    Attributes:
        near_ttl: For which the near tier answers without asking the outer one.
        near_entries: In the near tier at most.
        bytes: Of both tiers in this process's memory at most.
    """

    near_ttl: timedelta = timedelta(seconds=60)
    near_entries: int = 1_024
    bytes: int = 100_000_000


def memory_cache(
    clock: Clock,
    bounds: Bounds,
    *,
    clearings: Clearings | None = None,
    told: Told | None = None,
    seconds: Callable[[], float] = time.monotonic,
) -> TieredCache:
    """Both tiers in this process."""
    room = Room(bounds.bytes)
    return TieredCache(
        near=_near(room, bounds, seconds),
        outer=MemoryTier(room=room, seconds=seconds),
        clock=clock,
        clearings=clearings,
        told=told,
        seconds=seconds,
    )


def shared_cache(  # noqa: PLR0913 - one per part
    clock: Clock,
    bounds: Bounds,
    reach: Reach,
    *,
    prefix: str = "mvr:",
    clearings: Clearings | None = None,
    told: Told | None = None,
    seconds: Callable[[], float] = time.monotonic,
) -> TieredCache:
    """The outer tier in Redis, shared with all who use the same prefix there."""
    return TieredCache(
        near=_near(Room(bounds.bytes), bounds, seconds),
        outer=RedisTier(reach, prefix=prefix, heeded=HEEDED),
        clock=clock,
        turns=RedisTurns(reach, prefix=prefix, patience=TURN_SECONDS),
        clearings=clearings,
        told=told,
        seconds=seconds,
    )


def _near(room: Room, bounds: Bounds, seconds: Callable[[], float]) -> NearTier:
    return NearTier(
        room=room,
        most=bounds.near_entries,
        ttl=bounds.near_ttl.total_seconds(),
        seconds=seconds,
    )
