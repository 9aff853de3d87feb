import pytest

from adapters.cache.lru import ENTRY_BYTES, LruMemory
from adapters.cache.room import Room
from tests.adapters.cache.caching import HandSeconds


def memory(most: int = 100, room: Room | None = None) -> LruMemory:
    return LruMemory(
        room=room or Room(1_000_000), most=most, size_of=len, seconds=HandSeconds()
    )


async def test_the_least_recently_used_entry_goes_first() -> None:
    kept = memory(most=2)
    await kept.set("a", "1")
    await kept.set("b", "2")
    await kept.get("a")

    await kept.set("c", "3")

    assert await kept.multi_get(["a", "b", "c"]) == ["1", None, "3"]
    assert (kept.evictions, len(kept)) == (1, 2)


async def test_bytes_are_bounded_too() -> None:
    # Two values of 1,000 with their keys and overhead take more than 2,500 bytes.
    kept = memory(room=Room(2_500))

    await kept.set("a", "x" * 1_000)
    await kept.set("b", "y" * 1_000)

    assert not await kept.exists("a")
    assert kept.size < 2_500


async def test_memories_of_one_room_let_the_oldest_of_all_go() -> None:
    room = Room(3 * ENTRY_BYTES + 1_000)  # all three need 60 more
    one, other = memory(room=room), memory(room=room)
    await one.set("old", "x" * 50)
    await other.set("young", "y" * 50)

    await other.set("large", "z" * 800)

    assert not await one.exists("old")
    assert await other.exists("young")
    assert room.used == one.size + other.size


async def test_what_is_larger_than_the_room_drives_nothing_out() -> None:
    kept = memory(room=Room(2_000))
    await kept.set("a", "x")

    await kept.set("huge", "y" * 5_000)

    assert await kept.get("a") == "x"
    assert await kept.get("huge") is None
    assert kept.evictions == 1


async def test_an_overwritten_value_gives_its_bytes_back() -> None:
    kept = memory()
    await kept.set("a", "x" * 5_000)

    await kept.set("a", "x")
    await kept.delete("a")

    assert (kept.size, len(kept)) == (0, 0)


async def test_an_entry_ends_by_the_clock_given() -> None:
    seconds = HandSeconds()
    kept = LruMemory(room=Room(10_000), size_of=len, seconds=seconds)
    await kept.set("a", "1", ttl=10.0)

    seconds.value += 9.9
    before = await kept.get("a")
    seconds.value += 0.1

    assert (before, await kept.get("a")) == ("1", None)
    assert kept.evictions == 0


async def test_an_ended_entry_is_no_eviction() -> None:
    seconds = HandSeconds()
    kept = LruMemory(room=Room(10_000), most=1, size_of=len, seconds=seconds)
    await kept.set("a", "1", ttl=1.0)
    seconds.value += 2

    await kept.set("b", "2")

    assert kept.evictions == 0


async def test_prefixes_are_taken_literally() -> None:
    kept = memory()
    for key in ("frame:KRX", "frame:K*", "frame:NXT"):
        await kept.set(key, "1")

    assert kept.drop(["frame:K*"]) == {"frame:K*"}
    assert kept.drop(["frame:K"]) == {"frame:KRX"}


async def test_every_command_of_aiocache_reads_values_not_entries() -> None:
    kept = memory()
    await kept.add("a", "1")
    with pytest.raises(ValueError, match="already exists"):
        await kept.add("a", "2")
    with pytest.raises(NotImplementedError):
        await kept.raw("get", "a")

    assert await kept.multi_set([("b", "2"), ("c", "3")])
    assert await kept.multi_get(["a", "b", "c", "d"]) == ["1", "2", "3", None]
    assert [await kept.exists("a"), await kept.exists("z")] == [True, False]
    assert [await kept.delete("a"), await kept.delete("a")] == [1, 0]


async def test_compare_and_set_and_the_lock_release_compare_values() -> None:
    kept = memory()
    await kept.set("a", "1")

    assert await kept.set("a", "2", _cas_token="other") == 0  # noqa: S106 - no secret
    assert await kept.set("a", "2", _cas_token="1") is True  # noqa: S106 - no secret
    assert await kept._redlock_release("a", "1") == 0  # noqa: SLF001 - aiocache's lock calls it
    assert await kept._redlock_release("a", "2") == 1  # noqa: SLF001


async def test_increments_keep_the_end_of_what_they_count() -> None:
    seconds = HandSeconds()
    kept = LruMemory(room=Room(10_000), seconds=seconds)
    await kept.set("a", 1, ttl=10.0)

    assert [await kept.increment("a"), await kept.increment("b", 5)] == [2, 5]
    await kept.set("text", "no number")
    with pytest.raises(TypeError):
        await kept.increment("text")
    seconds.value += 10

    assert await kept.get("a") is None


async def test_expire_sets_and_takes_away_an_end() -> None:
    seconds = HandSeconds()
    kept = LruMemory(room=Room(10_000), size_of=len, seconds=seconds)
    await kept.set("a", "1")
    await kept.set("b", "1", ttl=1.0)

    assert await kept.expire("a", 1.5)
    assert await kept.expire("b", 0)
    assert not await kept.expire("z", 1)
    seconds.value += 2

    assert await kept.multi_get(["a", "b"]) == [None, "1"]


async def test_what_has_ended_goes_when_something_new_comes() -> None:
    seconds = HandSeconds()
    kept = LruMemory(room=Room(1_000_000), most=100, size_of=len, seconds=seconds)
    await kept.set("old", "x" * 50, ttl=10)
    await kept.set("young", "y" * 50, ttl=30)
    seconds.value += 20

    await kept.set("new", "z" * 50, ttl=10)

    assert len(kept) == 2
    assert kept.evictions == 0
