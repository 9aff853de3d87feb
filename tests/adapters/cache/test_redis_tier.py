"""Redis shared, lost, hung, full, emptied: answers go on."""

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.cache.building import Bounds, shared_cache
from adapters.cache.connection import redis_client
from adapters.cache.reach import LostError, Reach
from adapters.cache.redis_tier import RedisTier
from adapters.cache.tiers import TieredCache
from application.ports.clock import Clock
from domain.errors import MarketDataUnavailableError
from tests.adapters.cache.caching import (
    JSON,
    HandSeconds,
    Rig,
    eventually,
    replica,
    settle,
    until,
)
from tests.redis_server import RedisServer, running_redis

FAILS = MarketDataUnavailableError("증권사가 답하지 않습니다.")


async def test_a_replica_answers_from_what_another_loaded(redis: RedisServer) -> None:
    async with replica(redis.url) as one, replica(redis.url) as other:
        await one.ask()

        held = await other.ask()

    assert (held.value, other.loader.calls) == ("v1", 0)
    assert other.cache.stats()[1].hits == 1


async def test_other_prefixes_on_one_redis_are_other_caches(redis: RedisServer) -> None:
    async with (
        replica(redis.url, prefix="a:") as one,
        replica(redis.url, prefix="b:") as other,
    ):
        await one.ask()
        await other.ask()
        await one.cache.forget()
        other.seconds.value += 60

        await other.ask()

    assert other.loader.calls == 1


async def test_entries_end_within_five_per_cent_of_kept(redis: RedisServer) -> None:
    async with replica(redis.url) as rig:
        for number in range(40):
            await rig.ask(f"k:{number}")

    left = [int(redis.say("PTTL", f"mvr:cache:k:{n}")[1:]) for n in range(40)]
    assert 3_420_000 - 30_000 < min(left) < max(left) <= 3_780_000
    assert max(left) - min(left) > 30_000


async def test_a_refresh_takes_what_another_replica_has_newer(
    redis: RedisServer,
) -> None:
    async with replica(redis.url) as one, replica(redis.url) as other:
        await one.ask()
        await other.ask()
        one.pass_by(62)
        await one.ask()
        await until(lambda: one.loader.calls == 2)
        await until(lambda: one.cache.counts["loads"] == 2)
        other.clock.advance(62)  # its near tier still answers by itself

        async def has_newer() -> bool:
            return bool((await other.ask()).value == "v2")

        await eventually(has_newer)

    assert other.loader.calls == 0


async def test_a_newer_value_outside_comes_before_an_older_near_one(
    redis: RedisServer,
) -> None:
    async with replica(redis.url) as one, replica(redis.url) as other:
        await one.ask()
        await other.ask()
        for rig in (one, other):
            rig.pass_by(400)
        await one.ask()

        held = await other.ask()

    assert (held.value, other.loader.calls) == ("v2", 0)


@pytest.mark.parametrize("later", [0, 65])
async def test_a_newer_value_near_comes_before_an_older_one_outside(later: int) -> None:
    with running_redis("--maxmemory-policy", "noeviction") as (url, server):
        async with replica(url) as rig:
            await rig.ask()
            server.say("CONFIG", "SET", "maxmemory", "1")
            rig.pass_by(100)
            await rig.ask()
            await until(lambda: rig.cache.stats()[1].errors == 1)  # the put
            await rig.cache.close()
            rig.seconds.value += 65  # the near tier asks the outer one
            rig.clock.advance(later)  # v2 is fresh, or as v1 to be refreshed

            held = await rig.ask()

    assert held.value == "v2"


async def test_replicas_drop_near_what_one_let_go(redis: RedisServer) -> None:
    async with replica(redis.url) as one, replica(redis.url) as other:
        await one.ask()
        await other.ask()
        await one.cache.forget("frame:")

        async def has_loaded() -> bool:
            other.seconds.value += 1
            await other.ask()
            return other.loader.calls == 1

        await eventually(has_loaded)

    assert other.loader.calls == 1


async def test_keys_of_other_words_stay(redis: RedisServer) -> None:
    async with replica(redis.url) as one, replica(redis.url) as other:
        await other.ask("answer:1")
        await other.ask("frame:KRX")
        await one.cache.forget("frame:")

        async def has_loaded() -> bool:
            other.seconds.value += 1
            await other.ask("frame:KRX")
            return other.loader.calls == 3

        await eventually(has_loaded)
        hits = other.cache.stats()[0].hits
        await other.ask("answer:1")

    assert other.cache.stats()[0].hits == hits + 1


async def test_what_was_begun_before_another_let_go_is_not_kept(
    redis: RedisServer,
) -> None:
    async with replica(redis.url) as one, replica(redis.url) as other:
        one.loader.gate = asyncio.Event()
        asking = asyncio.create_task(one.ask())
        await until(lambda: one.loader.calls == 1)
        await other.cache.forget("frame:")
        one.loader.gate.set()
        await asking

        assert redis.say("EXISTS", "mvr:cache:frame:KRX").startswith(":0")


async def test_one_replicas_own_clearing_is_no_news_to_it(redis: RedisServer) -> None:
    client = redis_client(redis.url)
    tier = RedisTier(Reach(client))
    await tier.get("frame:KRX", JSON)

    await tier.forget("frame:")
    own = await tier.turned()
    redis.say("SET", "mvr:mark:frame", "another's")

    assert not own
    assert await tier.turned() == {"frame"}
    await tier.close()


async def test_words_that_are_heeded_are_heard_of_without_a_lookup(
    redis: RedisServer,
) -> None:
    client = redis_client(redis.url, timeout=2.0)
    reach = Reach(client, timeout=2.0)
    tiers = [RedisTier(reach, heeded=("frame",)), RedisTier(reach)]
    operator = RedisTier(reach)
    for tier in tiers:
        assert await tier.turned() == frozenset()

    for prefix in ("frame:KRX", "answer:"):
        await operator.forget(prefix)

    assert [await tier.turned() for tier in tiers] == [{"frame"}, frozenset()]
    assert await tiers[0].turned() == frozenset()
    await client.aclose()


async def test_whoever_wants_to_is_told_what_another_replica_cleared(
    redis: RedisServer,
) -> None:
    client = redis_client(redis.url, timeout=2.0)
    heard: list[str] = []

    async def told(prefix: str) -> None:
        heard.append(prefix)

    def make(clock: Clock, seconds: HandSeconds) -> TieredCache:
        reach = Reach(client, timeout=2.0)
        return shared_cache(clock, Bounds(), reach, told=told, seconds=seconds)

    rig = Rig(make)

    async with replica(redis.url) as operator:

        async def is_heard() -> bool:
            await operator.cache.forget("frame:")
            rig.seconds.value += 1
            await rig.ask("answer:1")
            return bool(heard)

        await eventually(is_heard)
    await rig.cache.close()
    await client.aclose()

    assert set(heard) == {"frame"}


async def test_answers_go_on_when_redis_is_killed_and_started_again(
    own_redis: RedisServer,
) -> None:
    async with replica(own_redis.url) as rig:
        await rig.ask("k:1")
        own_redis.stop()
        lost = [(await rig.ask(f"k:{n}")).value for n in range(1, 4)]
        shown = rig.cache.stats()[1]
        own_redis.start()
        rig.seconds.value += 60

        async def is_back() -> bool:
            await rig.ask(f"k:{rig.loader.calls + 1}")
            return rig.cache.stats()[1].available

        await eventually(is_back)
        await rig.ask("k:last")

        assert own_redis.say("EXISTS", "mvr:cache:k:last").startswith(":1")
    assert lost == ["v1", "v2", "v3"]
    assert not shown.available
    assert shown.errors >= 1


async def test_with_redis_and_broker_both_gone_the_last_good_answer_stands(
    own_redis: RedisServer,
) -> None:
    async with replica(own_redis.url) as rig:
        await rig.ask()
        own_redis.stop()
        rig.loader.error = FAILS
        rig.pass_by(400)

        held = await rig.ask()

    assert (held.value, held.stale) == ("v1", True)


async def test_a_hung_redis_is_asked_once_and_then_left_alone(
    own_redis: RedisServer,
) -> None:
    client = redis_client(own_redis.url, timeout=0.2)

    def make(clock: Clock, seconds: HandSeconds) -> TieredCache:
        reach = Reach(client, timeout=0.2, pause=1.0, seconds=seconds)
        return shared_cache(clock, Bounds(), reach, seconds=seconds)

    rig = Rig(make)
    await rig.ask("k:0")
    own_redis.pause()
    for number in range(1, 30):
        assert (await rig.ask(f"k:{number}")).value == f"v{number + 1}"
    errors = rig.cache.stats()[1].errors
    own_redis.resume()
    await rig.cache.close()
    await client.aclose()

    assert errors == 1


async def test_answers_that_came_too_late_are_not_taken_for_others(
    own_redis: RedisServer,
) -> None:
    client = redis_client(own_redis.url, timeout=0.2)
    reach = Reach(client, timeout=0.2, pause=0.0)
    for number in range(20):
        await client.set(f"k{number}", str(number))
    own_redis.pause()
    with pytest.raises(LostError):
        await reach.ask(lambda: client.get("k0"))
    own_redis.resume()
    reach.timeout = 15.0

    async with asyncio.timeout(15):
        answers = [await _patiently(reach, f"k{number}") for number in range(20)]

    await client.aclose()
    assert answers == [str(number).encode() for number in range(20)]


async def _patiently(reach: Reach, key: str) -> object:
    while True:
        try:
            return await reach.ask(lambda: reach.client.get(key))
        except LostError:
            await asyncio.sleep(0.01)


async def test_a_full_redis_is_still_read() -> None:
    with running_redis("--maxmemory-policy", "noeviction") as (url, server):
        async with replica(url) as rig:
            await rig.ask("k:1")
            server.say("CONFIG", "SET", "maxmemory", "1")
            await rig.ask("k:2")
            shown = rig.cache.stats()[1]
            rig.seconds.value += 60
            await rig.ask("k:1")
            server.say("CONFIG", "SET", "maxmemory", "0")
            await rig.ask("k:3")

            assert rig.cache.stats()[1].available
        assert not shown.available
        assert rig.cache.stats()[1].hits == 1
        assert rig.loader.calls == 3


async def test_an_emptied_redis_is_filled_again(redis: RedisServer) -> None:
    async with replica(redis.url) as rig:
        await rig.ask()
        redis.say("FLUSHALL")
        rig.pass_by(100)
        await rig.ask()
        await until(lambda: rig.cache.counts["loads"] == 2)
        await until(lambda: redis.say("EXISTS", "mvr:cache:frame:KRX")[:2] == ":1")


async def test_what_could_not_be_let_go_does_not_come_back_with_redis(
    own_redis: RedisServer,
) -> None:
    client = redis_client(own_redis.url, timeout=0.2)
    tier = RedisTier(Reach(client, timeout=0.2, pause=0.0))
    own_redis.say("SET", "mvr:cache:frame:KRX", "old")
    own_redis.pause()
    await tier.forget("frame:")
    own_redis.resume()

    async def answers() -> bool:
        return (await tier.get("other", JSON)).mark is not None

    await eventually(answers)

    assert own_redis.say("EXISTS", "mvr:cache:frame:KRX").startswith(":0")
    await tier.close()


async def test_failures_are_logged_once_a_minute() -> None:
    seconds = HandSeconds()
    client = redis_client("redis://user:s3cret@127.0.0.1:1")
    reach = Reach(client, pause=0.0, seconds=seconds)
    with capture_logs() as lines:
        for _ in range(120):
            seconds.value += 1
            with pytest.raises(LostError):
                await reach.ask(client.ping)

    await client.aclose()
    assert [line["failures"] for line in lines] == [1, 60]
    assert "s3cret" not in f"{lines}{client!r}"


async def test_after_the_pause_one_alone_tries() -> None:
    seconds = HandSeconds()
    client = redis_client("redis://127.0.0.1:1")
    reach = Reach(client, pause=1.0, seconds=seconds)
    with pytest.raises(LostError):
        await reach.ask(client.ping)
    seconds.value += 1
    gate, asked = asyncio.Event(), 0

    async def question() -> str:
        nonlocal asked
        asked += 1
        await gate.wait()
        return "answer"

    asking = [asyncio.create_task(reach.ask(question)) for _ in range(5)]
    await settle()
    gate.set()
    ends = await asyncio.gather(*asking, return_exceptions=True)

    await client.aclose()
    assert asked == 1
    assert [type(end) for end in ends] == [str] + [LostError] * 4


def test_a_wrong_address_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="REDIS_URL") as caught:
        redis_client("http://user:s3cret@host")

    assert "s3cret" not in str(caught.value)
