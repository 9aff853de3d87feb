"""What the tiers say they hold, against what Python allocated for it."""

import gc
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from adapters.cache.memory_tier import MemoryTier
from adapters.cache.near_tier import NearTier
from adapters.cache.room import Room
from application.ports.cache import Held
from tests.builders import at

ENTRIES = 2_000


async def allocated(put: Callable[[int], Awaitable[None]]) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(ENTRIES):
            await put(number)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("length", [10, 500, 5_000])
async def test_packed_entries_take_what_the_tier_says(length: int) -> None:
    room = Room(1_000_000_000)
    tier = MemoryTier(room=room)

    async def put(number: int) -> None:
        await tier.put(f"answer:tool:{number}", bytes(length), 60.0, b"")

    real = await allocated(put)

    assert tier.stats().entries == ENTRIES
    assert room.used == pytest.approx(real, rel=0.2)


@pytest.mark.parametrize("length", [10, 500, 5_000])
async def test_objects_take_what_the_tier_says(length: int) -> None:
    room = Room(1_000_000_000)
    tier = NearTier(room=room, most=ENTRIES)

    async def put(number: int) -> None:
        as_of = at("10:30") + timedelta(seconds=number)
        held = Held(value=bytes(length), as_of=as_of)
        # Python's own size of the value, as a form would give it.
        await tier.keep(f"answer:tool:{number}", held, length + 33, 60.0)

    real = await allocated(put)

    assert tier.stats().entries == ENTRIES
    assert room.used == pytest.approx(real, rel=0.2)
