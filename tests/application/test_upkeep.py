"""The slow loop: who keeps house, what comes first, what a failure costs."""

import asyncio
from dataclasses import dataclass

import pytest
from typing_extensions import override

from application.upkeep import Chore, Upkeep, Work
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.application.past_fakes import (
    NotedJournal,
    OneLease,
)
from tests.application.scene import settled

BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")


@dataclass(kw_only=True)
class Told(Chore):
    """Due as long as it is told to be."""

    title: str
    long: bool = False
    is_due: bool = True
    error: Exception | None = None
    gate: asyncio.Event | None = None
    ended: int = 0

    @property
    @override
    def name(self) -> str:
        return self.title

    @property
    @override
    def is_long(self) -> bool:
        return self.long

    @override
    async def due(self) -> Work | None:
        return self.work if self.is_due else None

    async def work(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.ended += 1


def upkeep(*chores: Chore, journal: NotedJournal | None = None) -> Upkeep:
    return Upkeep(
        chores=chores,
        lease=OneLease(),
        journal=journal or NotedJournal(),
        elapsed=lambda: 0.0,
    )


async def test_rests_double_up_to_half_an_hour() -> None:
    journal, seconds = NotedJournal(), [0.0]
    loop = Upkeep(
        chores=[Told(title="sweep", error=BROKEN)],
        lease=OneLease(),
        journal=journal,
        elapsed=lambda: seconds[0],
    )
    for _ in range(8):
        await loop.step()
        seconds[0] += 1800
    rests = [facts["rests_for"] for _, facts in journal.said]
    assert rests == [30, 60, 120, 240, 480, 960, 1800, 1800]


async def test_a_refused_chore_rests_the_longest_at_once() -> None:
    journal = NotedJournal()
    refused = MarketDataRefusedError("앱키가 틀립니다.", code="EGW00103")
    await upkeep(Told(title="sweep", error=refused), journal=journal).step()
    assert journal.said[0][1]["rests_for"] == 1800


async def test_a_crash_does_not_end_the_loop() -> None:
    journal = NotedJournal()
    other = Told(title="other")
    loop = upkeep(
        Told(title="sweep", error=ZeroDivisionError()), other, journal=journal
    )
    assert [await loop.step(), await loop.step()] == ["sweep", "other"]
    assert journal.said[0][1]["kind"] == "ZeroDivisionError"


async def test_short_chores_are_done_while_a_long_one_runs() -> None:
    gate = asyncio.Event()
    short, long = (
        Told(title="short", is_due=False),
        Told(title="long", long=True, gate=gate),
    )
    loop = upkeep(short, long)
    await loop.step()
    short.is_due = True
    assert await loop.step() == "short"
    assert short.ended == 1
    short.is_due = long.is_due = False
    gate.set()
    await settled()
    assert long.ended == 1


async def test_a_less_important_long_chore_waits_and_a_more_important_one_cuts_in() -> (
    None
):
    first = Told(title="first", long=True, is_due=False)
    second = Told(title="second", long=True, gate=asyncio.Event())
    third = Told(title="third", long=True)
    loop = upkeep(first, second, third)
    assert await loop.step() == "second"
    assert await loop.step() is None, "the third waits"
    first.is_due = True
    assert await loop.step() == "first"
    await settled()
    assert (first.ended, second.ended) == (1, 0)
    first.is_due = False
    assert await loop.step() == "second", "it goes on"
    await loop.close()


async def test_who_loses_the_lease_ends_what_runs_behind() -> None:
    lease = OneLease()
    long = Told(title="long", long=True, gate=asyncio.Event())
    loop = Upkeep(chores=[long], lease=lease, journal=NotedJournal())
    await loop.step()
    lease.is_free = lease.held = False
    before = len(asyncio.all_tasks())
    assert await loop.step() is None
    assert len(asyncio.all_tasks()) == before - 1


async def test_the_loop_steps_until_it_is_cancelled_and_lets_the_lease_go() -> None:
    lease, chore = OneLease(), Told(title="short")
    loop = Upkeep(chores=[chore], lease=lease, journal=NotedJournal())
    running = asyncio.create_task(loop.run())
    await settled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert chore.ended == 1
    assert not lease.held
