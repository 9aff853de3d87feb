"""One budget for replicas, on a real Redis."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from structlog.testing import capture_logs

from adapters.kis.budget_law import BudgetLaw, LawState
from adapters.kis.pace import WINDOW, Pace
from adapters.kis.redis_budget import RedisLedger, redis_budget
from adapters.kis.shared_budget import LedgerLostError
from adapters.kis.throttle import Limiter
from adapters.kis.transport import Priority
from tests.adapters.kis.sliding import most_in_any
from tests.adapters.kis.slow_way import slow_way
from tests.adapters.kis.until_shared import until_shared
from tests.redis_server import PROGRAMS, running_redis

NOW = Priority.INTERACTIVE
LAW = files("adapters.kis").joinpath("budget_law.lua").read_text("utf-8")


@pytest.fixture(scope="module", params=PROGRAMS or ["redis-server"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with running_redis(program=request.param) as (_, server):
        yield server.port


@pytest.fixture
async def client(port: int) -> AsyncIterator[Redis]:
    async with Redis(port=port) as client:
        await client.flushall()
        yield client


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.001, 0.01, 0.03, 0.07, 0.4, 6.0, -0.3, -9.0]),  # then
        st.sampled_from("abc"),  # who
        st.sampled_from([-1, 0, 0, 1]),  # at which priority, or nothing
        st.sampled_from([0, 0, 0, 0, 1, 3]),  # refusals
        st.sampled_from([15.0, 15.0, 7.5]),  # as configured there
        st.booleans(),  # waits as told first
    ),
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_the_script_is_the_law(
    port: int, steps: list[tuple[float, str, int, int, float, bool]]
) -> None:
    now = 1_790_000_000.123456  # as Redis's clock has it
    state = LawState(at=now)
    Pace(15.0, state.pace).assume_spent(now, spread=True)
    told: dict[str, float] = {}
    with BlockingRedis(port=port) as client:
        client.flushall()
        script = client.register_script(LAW)
        script(keys=["k"], args=["15.0", "a", -1, 0, repr(now)])
        for pause, who, priority, refusals, rate, waits in steps:
            now = max(now + pause, told.get(who, 0.0) if waits else 0.0)
            law = BudgetLaw(rate, state)
            law.refuse(refusals, now)
            wait = law.take(who, priority, now) if priority >= 0 else 0.0
            said = script(
                keys=["k"], args=[repr(rate), who, priority, refusals, repr(now)]
            )
            assert said[:2] == [math.ceil(wait * 1e6), round(state.pace.share * 1e6)]
            told[who] = now + said[0] / 1e6


@settings(max_examples=15, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.01, 0.03, 0.07, 0.4, 3.0]), st.sampled_from("abc")
        ),
        max_size=80,
    ),
    rate=st.sampled_from([0.9, 3.0, 15.0, 18.0]),
)
def test_the_script_never_grants_more_than_the_rate_in_any_window(
    port: int, steps: list[tuple[float, str]], rate: float
) -> None:
    now, times = 1000.0, []
    with BlockingRedis(port=port) as client:
        client.flushall()
        script = client.register_script(LAW)
        for pause, who in steps:
            now += pause
            for _ in range(2):
                wait = script(keys=["k"], args=[repr(rate), who, 0, 0, repr(now)])[0]
                if wait == 0:
                    times.append(now)
                now += wait / 1e6
    assert most_in_any(times, WINDOW - 1e-6) <= max(1, int(rate))


async def test_a_refusal_slows_all_replicas(client: Redis) -> None:
    refused, other = (redis_budget(client, "n", 15.0) for _ in range(2))
    for _ in range(4):
        refused.refused()
        await refused.share()
    assert 0.5 < await other.take(NOW) <= 1.0
    assert other.state.rate == pytest.approx(12.0)
    for budget in (refused, other):
        await budget.close()


async def test_replicas_count_one_another(client: Redis) -> None:
    ledgers = [RedisLedger(client, "n", 15.0) for _ in range(3)]
    seen = [(await ledger.ask(None, 0)).sharers for ledger in ledgers]
    assert seen == [1, 2, 3]


async def test_another_key_is_another_budget(client: Redis) -> None:
    for name in ("a", "b"):
        entry = await RedisLedger(client, name, 0.01).ask(NOW, 0)
        assert entry.wait > 90  # fresh: as if a call had just gone
        assert entry.sharers == 1


async def test_redis_lost_and_back_is_a_part_of_the_rate_and_then_all_of_it() -> None:
    with running_redis() as (url, server):
        async with Redis.from_url(url) as client:
            budget = redis_budget(client, "n", 15.0, replicas=5)
            limiter = Limiter(budget=budget)
            for _ in range(2):
                await RedisLedger(client, "n", 15.0).ask(None, 0)
            await limiter.acquire()
            assert limiter.stats.shared_by == "redis"
            server.stop()
            with capture_logs() as logs:
                for _ in range(2):
                    await limiter.acquire()  # on its own, as one of three
            assert (limiter.stats.shared_by, limiter.stats.rate) == ("fallback", 5.0)
            assert [line["event"] for line in logs] == ["kis.budget_lost"]
            server.start()
            await until_shared(budget, "redis")
            await limiter.acquire()
            assert limiter.stats.rate == 15.0
            await limiter.close()


async def test_a_redis_that_was_never_there_leaves_the_assumed_part() -> None:
    with running_redis() as (url, server):
        server.stop()
        async with Redis.from_url(url) as client:
            limiter = Limiter(budget=redis_budget(client, "n", 15.0, replicas=5))
            await limiter.acquire()
            assert limiter.stats.shared_by == "fallback"
            assert limiter.stats.rate == 3.0
            await limiter.close()


async def test_an_emptied_redis_goes_on_as_if_the_window_were_full(
    client: Redis,
) -> None:
    budget = redis_budget(client, "n", 3.0)
    await budget.take(NOW)
    await client.flushall()
    assert 0.2 < await budget.take(NOW) <= 0.4  # 1.05 less two gaps of a third
    assert budget.state.shared_by == "redis"
    await budget.close()


async def test_a_full_redis_is_a_lost_one(client: Redis) -> None:
    budget = redis_budget(client, "n", 15.0)
    await client.config_set("maxmemory", "1")
    try:
        await budget.take(NOW)
        assert budget.state.shared_by == "fallback"
    finally:
        await client.config_set("maxmemory", "0")
    await until_shared(budget, "redis")
    await budget.close()


async def test_a_redis_that_hangs_is_a_lost_one(client: Redis) -> None:
    budget = redis_budget(client, "n", 15.0)
    await budget.take(NOW)
    await client.client_pause(1000)
    async with asyncio.timeout(20):
        await budget.take(NOW)
    assert budget.state.shared_by == "fallback"
    await until_shared(budget, "redis")
    await budget.close()


async def test_a_redis_that_is_slow_is_a_lost_one(port: int, client: Redis) -> None:
    await RedisLedger(client, "n", 15.0).ask(NOW, 0)  # it knows the script
    async with slow_way(port, 0.2) as slow, Redis(port=slow) as far:
        await far.ping()
        ledger = RedisLedger(far, "n", 15.0)

        async def several() -> None:
            for _ in range(10):
                await ledger.ask(NOW, 0)

        with pytest.raises(LedgerLostError, match=r"ms an answer|TimeoutError"):
            await several()


async def test_what_others_wrote_there_is_replaced(client: Redis) -> None:
    ledger = RedisLedger(client, "n", 15.0)
    await client.set("n:budget:1", b"\xc1 no state")
    assert (await ledger.ask(NOW, 0)).wait > 0
    await asyncio.sleep(0.2)
    assert (await ledger.ask(NOW, 0)).wait == 0


async def test_the_key_ends_by_itself(client: Redis) -> None:
    await RedisLedger(client, "n", 15.0).ask(NOW, 0)
    assert await client.keys() == [b"n:budget:1"]
    assert 0 < await client.pttl("n:budget:1") <= 86_400_000
