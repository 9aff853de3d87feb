import asyncio

from application.single_flight import SingleFlight
from application.source_calls import counted, note_call, present_tally


def test_calls_are_counted_where_somebody_counts() -> None:
    note_call()
    with counted() as mine:
        note_call()
        note_call()
    note_call()
    assert mine.calls == 2
    assert present_tally() is None


def test_who_counts_inside_counts_alone() -> None:
    with counted() as outer:
        note_call()
        with counted() as inner:
            note_call()
        note_call()
    assert (outer.calls, inner.calls) == (2, 1)


async def test_a_task_counts_for_whoever_began_it() -> None:
    async def work() -> None:
        note_call()

    with counted() as mine:
        await asyncio.gather(work(), work())
    await work()
    assert mine.calls == 2


class Source:
    """A flight that asks twice, once it is let go on."""

    def __init__(self) -> None:
        self.flights = SingleFlight()
        self.goes_on = asyncio.Event()

    def start(self) -> "asyncio.Task[None]":
        return self.flights.start("key", self._work)

    async def _work(self) -> None:
        await self.goes_on.wait()
        note_call()
        note_call()


async def waited_for(source: Source) -> int:
    with counted() as mine:
        await asyncio.shield(source.start())
        return mine.calls


async def test_everybody_who_waits_for_a_flight_counts_its_calls() -> None:
    source = Source()
    waiting = [asyncio.create_task(waited_for(source)) for _ in range(3)]
    await asyncio.sleep(0)
    source.goes_on.set()
    assert await asyncio.gather(*waiting) == [2, 2, 2]


async def test_who_goes_on_before_it_lands_counts_none_of_them() -> None:
    source = Source()
    with counted() as mine:
        flight = source.start()
        at_the_end = mine.calls
    source.goes_on.set()
    await flight
    assert at_the_end == 0


async def test_a_flight_is_counted_once_however_often_it_is_looked_up() -> None:
    source = Source()
    with counted() as mine:
        flight = source.start()
        source.start()
        source.goes_on.set()
        await flight
    assert mine.calls == 2


async def test_a_flight_counts_for_the_flight_that_waits_for_it() -> None:
    source, outer = Source(), SingleFlight()

    async def work() -> None:
        await source.start()

    source.goes_on.set()
    with counted() as mine:
        await outer.start("outer", work)
    assert mine.calls == 2
