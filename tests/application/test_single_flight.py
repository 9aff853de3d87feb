"""One computation per key, and nobody's leaving ends it."""

import asyncio

import pytest

from application.single_flight import SingleFlight
from domain.errors import MarketDataUnavailableError


class Work:
    """Counts how often it is begun; ends when told."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        begun = self.begun
        await self.gate.wait()
        return begun


async def test_a_hundred_callers_share_one_flight() -> None:
    flights, work = SingleFlight(), Work()

    asked = [flights.start("key", work) for _ in range(100)]
    work.gate.set()

    assert await asyncio.gather(*asked) == [1] * 100
    assert work.begun == 1


async def test_other_keys_and_later_askers_get_their_own() -> None:
    flights, work = SingleFlight(), Work()
    work.gate.set()

    one, other = flights.start("one", work), flights.start("other", work)

    assert (await one, await other) == (1, 2)
    assert await flights.start("one", work) == 3


async def test_a_cancelled_caller_kills_no_flight() -> None:
    flights, work = SingleFlight(), Work()

    async def ask() -> int:
        return await asyncio.shield(flights.start("key", work))

    leaving, staying = asyncio.create_task(ask()), asyncio.create_task(ask())
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    work.gate.set()

    assert leaving.cancelled()
    assert await staying == 1


async def test_closing_ends_what_flies() -> None:
    flights, work = SingleFlight(), Work()
    flight = flights.start("key", work)
    await asyncio.sleep(0)

    await flights.close()

    assert flight.cancelled()


async def test_a_flight_that_fails_tells_its_askers_and_is_begun_anew() -> None:
    flights = SingleFlight()

    async def fails() -> None:
        raise MarketDataUnavailableError("no")

    with pytest.raises(MarketDataUnavailableError, match="no"):
        await flights.start("key", fails)
    with pytest.raises(MarketDataUnavailableError, match="no"):
        await flights.start("key", fails)


async def test_a_crash_nobody_waits_for_is_told_to_the_event_loop() -> None:
    flights = SingleFlight()
    told: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, said: told.append(said["exception"]))

    async def crashes() -> None:
        raise ZeroDivisionError

    await asyncio.wait([flights.start("key", crashes)])
    await asyncio.sleep(0)
    loop.set_exception_handler(None)

    assert [type(error) for error in told] == [ZeroDivisionError]
