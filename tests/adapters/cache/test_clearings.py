import asyncio
from pathlib import Path

import pytest

from adapters.cache.building import Bounds, memory_cache
from adapters.cache.clearings import Clearings
from adapters.cache.tiers import TieredCache
from application.ports.clock import Clock
from tests.adapters.cache.caching import HandSeconds, Rig, eventually


def test_what_is_cleared_is_news_once_to_each_process(tmp_path: Path) -> None:
    one, other = Clearings(tmp_path), Clearings(tmp_path)
    Clearings(tmp_path).add("frame:")
    Clearings(tmp_path).add("answer:")

    assert one.news() == other.news() == ("frame:", "answer:")
    assert one.news() == ()


def test_what_was_cleared_before_a_process_began_is_none(tmp_path: Path) -> None:
    Clearings(tmp_path).add("frame:")
    late = Clearings(tmp_path)

    Clearings(tmp_path).add("answer:")

    assert late.news() == ("answer:",)


def test_the_last_hundred_are_kept(tmp_path: Path) -> None:
    begun = Clearings(tmp_path)
    for number in range(103):
        Clearings(tmp_path).add(f"k:{number}")

    assert begun.news() == tuple(f"k:{number}" for number in range(3, 103))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"[{}]", b"\xff"])
def test_a_damaged_file_tells_nothing_and_is_written_anew(
    tmp_path: Path, content: bytes
) -> None:
    reader = Clearings(tmp_path)
    (tmp_path / "clearings.json").write_bytes(content)

    assert reader.news() == ()
    Clearings(tmp_path).add("frame:")
    assert reader.news() == ("frame:",)


async def test_a_running_cache_drops_what_an_operator_cleared(tmp_path: Path) -> None:
    def make(clock: Clock, seconds: HandSeconds) -> TieredCache:
        told = Clearings(tmp_path)
        return memory_cache(clock, Bounds(), clearings=told, seconds=seconds)

    rig = Rig(make)
    await rig.ask("frame:KRX")
    await rig.ask("answer:1")
    await asyncio.to_thread(Clearings(tmp_path).add, "frame:K")

    async def dropped() -> bool:
        rig.seconds.value += 1
        await rig.ask("answer:1")
        return [one.entries for one in rig.cache.stats()] == [1, 1]

    await eventually(dropped)
    await rig.ask("frame:KRX")
    await rig.cache.close()

    assert rig.loader.calls == 3


async def test_whoever_wants_to_is_told_what_others_cleared(tmp_path: Path) -> None:
    heard: list[str] = []

    async def told(prefix: str) -> None:
        heard.append(prefix)

    def make(clock: Clock, seconds: HandSeconds) -> TieredCache:
        clearings = Clearings(tmp_path)
        return memory_cache(
            clock, Bounds(), clearings=clearings, told=told, seconds=seconds
        )

    rig = Rig(make)
    await rig.ask()
    await rig.cache.forget("frame:")  # our own is no news
    for prefix in ("frame:", "answer:", "frame:"):
        await asyncio.to_thread(Clearings(tmp_path).add, prefix)

    async def all_heard() -> bool:
        rig.seconds.value += 1
        await rig.ask()
        return len(heard) == 2

    await eventually(all_heard)
    await rig.cache.close()

    assert heard == ["frame:", "answer:"]
