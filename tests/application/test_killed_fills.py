"""A fill that is killed at any point and begun again comes to the same."""

from tests.application.memory_archive import Fate, Killed, MemoryArchive
from tests.application.past_fakes import FakeBars
from tests.application.past_scene import FULL, Past, content


async def run(archive: MemoryArchive, ends_at: int | None) -> int:
    """A process over the archive that ends at its k-th act; how many acts it had."""
    fate = Fate(ends_at)
    archive.fate = fate
    past = Past(archive=archive, bars=FakeBars(fate=fate))
    try:
        await past.fill(3)
    except Killed:
        assert ends_at is not None
    return fate.acts


async def test_killed_at_any_act_and_begun_again_it_comes_to_the_same() -> None:
    unbroken = MemoryArchive()
    acts = await run(unbroken, None)
    assert acts >= 7 + 2 + 4 + 2, "calls, begins, stagings, publishings"
    for ends_at in range(1, acts + 1):
        archive = MemoryArchive()
        await run(archive, ends_at)
        await run(archive, None)
        assert content(archive) == content(unbroken), ends_at
        assert not archive.filling


async def test_a_kill_costs_no_more_than_a_batch_and_what_is_under_way() -> None:
    acts = await run(MemoryArchive(), None)
    for ends_at in range(1, acts + 1):
        archive = MemoryArchive()
        first = await run(archive, ends_at)
        again = await run(archive, None)
        assert first + again <= acts + 2 * (FULL.batch + FULL.at_once), ends_at


async def test_killed_at_every_few_acts_it_still_ends() -> None:
    unbroken = MemoryArchive()
    await run(unbroken, None)
    archive = MemoryArchive()
    for _ in range(12):
        await run(archive, 9)
    await run(archive, None)
    assert content(archive) == content(unbroken)
