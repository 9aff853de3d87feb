import asyncio
import time

import pytest

from adapters.kis.throttle import Limiter, Throttled
from adapters.kis.transport import KisRequest, Priority
from tests.adapters.kis.fakes import ScriptedTransport, failed, good

REQUEST = KisRequest(path="/x", tr_id="T")


async def test_interactive_calls_go_before_background_ones_in_order() -> None:
    limiter, order = Limiter(200.0), []

    async def call(name: str, priority: Priority) -> None:
        await limiter.acquire(priority)
        order.append(name)

    names = [("first", Priority.BACKGROUND)]
    names += [(f"background{number}", Priority.BACKGROUND) for number in range(3)]
    names += [(f"interactive{number}", Priority.INTERACTIVE) for number in range(3)]
    await asyncio.gather(*(call(name, priority) for name, priority in names))

    assert order == [
        "first",  # nothing else waited yet
        *("interactive0", "interactive1", "interactive2"),
        *("background0", "background1", "background2"),
    ]


async def test_a_waiting_sweep_has_every_fourth_call() -> None:
    limiter, order = Limiter(200.0), []

    async def call(name: str, priority: Priority) -> None:
        await limiter.acquire(priority)
        order.append(name)

    names = [("first", Priority.INTERACTIVE)]
    names += [("behind", Priority.BACKGROUND)]
    names += [(f"sweep{number}", Priority.SWEEP) for number in range(2)]
    names += [(f"asked{number}", Priority.INTERACTIVE) for number in range(8)]
    await asyncio.gather(*(call(name, priority) for name, priority in names))

    assert order == [
        "first",
        *("asked0", "asked1", "asked2", "sweep0"),
        *("asked3", "asked4", "asked5", "sweep1"),
        *("asked6", "asked7", "behind"),
    ]


async def test_cancelled_waiters_leave_no_trace() -> None:
    limiter = Limiter(50.0)
    await limiter.acquire()
    waiters = [asyncio.create_task(limiter.acquire()) for _ in range(5)]
    await asyncio.sleep(0)
    for waiter in waiters[:4]:
        waiter.cancel()
    await asyncio.gather(*waiters[:4], return_exceptions=True)

    assert limiter.stats.waiting == 1
    await asyncio.wait_for(waiters[4], 0.1)
    assert (limiter.stats.granted, limiter.stats.waiting) == (2, 0)


async def test_grants_keep_the_rate_in_real_time() -> None:
    limiter, times = Limiter(100.0), []

    async def call() -> None:
        await limiter.acquire()
        times.append(time.monotonic())

    started = time.monotonic()
    await asyncio.gather(*(call() for _ in range(50)))
    assert 0.40 < times[-1] - started < 0.80  # 49 gaps of 10 ms, the first one half


async def test_a_refusal_is_noted_and_the_answer_handed_on() -> None:
    limiter = Limiter(1000.0)
    transport = ScriptedTransport([failed("EGW00201"), good()])
    throttled = Throttled(transport, limiter)

    response = await throttled.exchange(REQUEST)
    await throttled.exchange(REQUEST)

    assert response.status == 500
    stats = limiter.stats
    assert (stats.granted, stats.refused, stats.rate) == (2, 1, 1000.0)


@pytest.mark.parametrize("code", ["EGW00215", "EGW00001", "EGW00123"])
async def test_other_failures_are_no_refusals(code: str) -> None:
    limiter = Limiter(1000.0)
    await Throttled(ScriptedTransport([failed(code)]), limiter).exchange(REQUEST)
    assert limiter.stats.refused == 0


async def test_downloads_are_not_limited() -> None:
    limiter = Limiter(0.001)
    throttled = Throttled(ScriptedTransport(files={"/a": b"x"}), limiter)
    for _ in range(3):
        assert await throttled.download("/a") == b"x"
    assert limiter.stats.granted == 0


async def test_a_refusal_holds_back_those_who_wait() -> None:
    limiter = Limiter(20.0)
    await limiter.acquire()
    waiter = asyncio.create_task(limiter.acquire())
    await asyncio.sleep(0)
    limiter.refused()
    started = time.monotonic()
    await waiter
    assert time.monotonic() - started >= 0.095  # two gaps of 50 ms, not half of one
