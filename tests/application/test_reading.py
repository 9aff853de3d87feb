"""Many calls at once: batches by size and by time, and the pace of a share."""

import asyncio
from contextlib import aclosing

import pytest

from application.reading import Manner, Reader
from domain.errors import MarketDataUnavailableError


async def read(reader: Reader[int, int], keys: list[int]) -> list[list[int]]:
    """The answers, batch by batch."""
    async with aclosing(reader.batches(keys)) as batches:
        return [[key for key, _ in batch] async for batch in batches]


async def test_answers_come_in_batches_of_the_size() -> None:
    async def ask(key: int) -> int:
        return key

    manner = Manner(rate=0.5, batch=2, patience=60)
    assert await read(Reader(ask=ask, manner=manner), [1, 2, 3]) == [[1, 2], [3]]


async def test_an_answer_does_not_wait_long_for_others() -> None:
    gate = asyncio.Event()

    async def ask(key: int) -> int:
        if key == 2:
            await gate.wait()
        return key

    reader = Reader(ask=ask, manner=Manner(patience=0.02))
    async with aclosing(reader.batches([1, 2])) as batches:
        assert await anext(batches) == [(1, 1)]
        gate.set()
        assert await anext(batches) == [(2, 2)]


async def test_calls_wait_while_what_was_read_is_being_kept() -> None:
    async def ask(key: int) -> int:
        return key

    reader = Reader(ask=ask, manner=Manner(rate=1, batch=1, patience=60))
    async with aclosing(reader.batches(list(range(50)))) as batches:
        await anext(batches)
        for _ in range(100):
            await asyncio.sleep(0)
        assert reader.calls <= 6, "one kept, two in the queue, two more with it"


async def test_a_share_spaces_the_batches_and_a_full_rate_does_not() -> None:
    assert Manner(rate=15, share=1 / 3).spacing(50) == pytest.approx(10)
    assert Manner(rate=15).spacing(50) == 0
    assert Manner(rate=15).at_once == 30
    assert Manner(rate=15, share=1 / 3).at_once == 10


async def test_nothing_to_ask_is_no_batch() -> None:
    async def ask(key: int) -> int:
        raise AssertionError(key)

    assert await read(Reader(ask=ask, manner=Manner()), []) == []


async def test_some_that_always_fail_are_given_up_when_another_still_answers() -> None:
    async def ask(key: int) -> int:
        if key > 1:
            raise MarketDataUnavailableError("읽지 못함")
        return key

    reader = Reader(ask=ask, manner=Manner(rate=0.5, outage=3))
    assert await read(reader, list(range(1, 30))) == [[1]]
    assert set(reader.failed) == set(range(2, 30))


async def test_a_crash_is_raised_after_what_was_read() -> None:
    async def ask(key: int) -> int:
        return key // (key - 2)

    reader = Reader(ask=ask, manner=Manner(rate=0.5, patience=60))
    async with aclosing(reader.batches([3, 2, 4])) as batches:
        assert await anext(batches) == [(3, 3)]
        with pytest.raises(ZeroDivisionError):
            await anext(batches)
