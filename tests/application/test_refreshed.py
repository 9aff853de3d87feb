"""Values asked for anew: what a caller waits for, and what goes on behind it."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from application.refreshed import Refreshed
from domain.errors import MarketDataUnavailableError

PATIENCE = timedelta(seconds=5)


@dataclass
class Source:
    """Answers how often it was asked; waits for its gate where it has one."""

    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    fails: bool = False

    async def __call__(self, key: str) -> int:
        self.asked.append(key)
        if self.gate is not None:
            await self.gate.wait()
        if self.fails:
            raise MarketDataUnavailableError("없음")
        return len(self.asked)


async def test_a_fresh_value_is_asked_for_once_however_many_ask() -> None:
    source, known = Source(), Refreshed[str, int](most=5)
    found = await asyncio.gather(
        *(known.of(["a"], source, PATIENCE) for _ in range(10))
    )
    assert found == [{"a": 1}] * 10
    assert await known.of(["a"], source, PATIENCE) == {"a": 1}
    assert source.asked == ["a"]


async def test_an_old_value_is_served_and_asked_for_behind() -> None:
    source = Source()
    known = Refreshed[str, int](most=5, fresh=0.0, servable=60.0)
    await known.of(["a"], source, PATIENCE)
    before = known.version
    source.gate = asyncio.Event()
    assert await known.of(["a"], source, PATIENCE) == {"a": 1}
    source.gate.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert known.version == before + 1
    assert source.asked == ["a", "a"]
    await known.close()


async def test_a_value_too_old_to_serve_is_waited_for() -> None:
    source = Source()
    known = Refreshed[str, int](most=5, fresh=0.0, servable=0.05)
    await known.of(["a"], source, PATIENCE)
    await asyncio.sleep(0.06)
    assert await known.of(["a"], source, PATIENCE) == {"a": 2}


async def test_what_comes_too_late_is_left_out_and_goes_on_behind() -> None:
    source, known = Source(gate=asyncio.Event()), Refreshed[str, int](most=5)
    assert await known.of(["a"], source, timedelta(milliseconds=5)) == {}
    assert source.gate is not None
    source.gate.set()
    assert await known.of(["a"], source, PATIENCE) == {"a": 1}
    assert source.asked == ["a"]


async def test_a_failure_is_told_by_absence_and_keeps_what_still_serves() -> None:
    source = Source(fails=True)
    known = Refreshed[str, int](most=5, fresh=0.0, servable=60.0)
    assert await known.of(["a"], source, PATIENCE) == {}
    source.fails = False
    await known.of(["a"], source, PATIENCE)
    source.fails = True
    assert await known.of(["a"], source, PATIENCE) == {"a": 2}
    await known.close()
