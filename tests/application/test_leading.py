"""Leading: the lease is held while work goes on, however long it lasts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from typing_extensions import override

from application.leading import Leading
from tests.application.past_fakes import NotedJournal, OneLease

SOON = 30.0


@dataclass
class CountingLease(OneLease):
    """Counts how often it was held, and may fail to let go."""

    holds: int = 0
    breaks: bool = False

    @override
    async def hold(self) -> bool:
        self.holds += 1
        return await super().hold()

    @override
    async def release(self) -> None:
        if self.breaks:
            raise OSError("disk")
        await super().release()


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not so():  # noqa: ASYNC110 - there is nothing to wait for but time
            await asyncio.sleep(0.01)


async def test_the_lease_is_held_again_during_long_work() -> None:
    lease, gate = CountingLease(), asyncio.Event()
    leading = Leading(lease=lease, journal=NotedJournal(), every=0.01)
    working = asyncio.create_task(leading.during(gate.wait()))
    await until(lambda: lease.holds >= 3)
    gate.set()
    await working


async def test_what_the_work_fails_with_is_raised() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    leading = Leading(lease=CountingLease(), journal=NotedJournal())
    with pytest.raises(ZeroDivisionError):
        await leading.during(fails())


async def test_who_is_cancelled_ends_the_work() -> None:
    ended = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    leading = Leading(lease=CountingLease(), journal=NotedJournal())
    working = asyncio.create_task(leading.during(endless()))
    for _ in range(5):
        await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended


async def test_a_lease_that_cannot_be_let_go_is_logged() -> None:
    journal = NotedJournal()
    await Leading(lease=CountingLease(breaks=True), journal=journal).let_go()
    assert [event for event, _ in journal.said] == ["lease.not_released"]
