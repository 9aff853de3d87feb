import asyncio
from datetime import timedelta

import pytest

from adapters.cache.building import Bounds, memory_cache
from adapters.cache.memory_tier import MemoryTier
from adapters.cache.near_tier import NearTier
from adapters.cache.room import Room
from adapters.cache.tiers import TieredCache
from application.ports.cache import Form, Held, Lifetime
from application.ports.clock import Clock
from domain.errors import (
    InvalidRequestError,
    MarketDataUnavailableError,
    VolumeRankingError,
)
from tests.adapters.cache.caching import JSON, LIFETIME, HandSeconds, Rig, settle

FAILS = MarketDataUnavailableError("증권사가 답하지 않습니다.", retry_after=5)


async def test_a_hundred_at_once_cost_one_load() -> None:
    rig = Rig()

    answers = await asyncio.gather(*(rig.ask() for _ in range(100)))

    assert {held.value for held in answers} == {"v1"}
    assert (rig.cache.counts["loads"], rig.cache.counts["shared"]) == (1, 99)


@pytest.mark.parametrize(("age", "calls"), [(59.9, 0), (60.0, 1), (299.9, 1)])
async def test_between_fresh_and_servable_it_is_refreshed_behind(
    age: float, calls: int
) -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(age)

    held = await rig.ask()
    await settle()

    assert (held.value, held.stale) == ("v1", False)
    assert rig.cache.counts["refreshes"] == calls
    assert rig.loader.calls == 1 + calls


async def test_past_servable_the_caller_waits_for_a_new_one() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(300)

    assert (await rig.ask()).value == "v2"


async def test_a_refresh_is_one_flight_however_many_ask() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(100)
    rig.loader.gate = asyncio.Event()

    answers = [(await rig.ask()).value for _ in range(20)]
    rig.loader.gate.set()
    await settle()

    assert set(answers) == {"v1"}
    assert rig.loader.calls == 2
    assert (await rig.ask()).value == "v2"


async def test_a_failing_refresh_marks_the_answer_and_rests_five_seconds() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(100)
    rig.loader.error = FAILS
    await rig.ask()
    await settle()

    marked = [await rig.ask() for _ in range(3)]
    await settle()
    rig.pass_by(5)
    await rig.ask()
    await settle()

    assert {(held.value, held.stale) for held in marked} == {("v1", True)}
    assert "증권사가 답하지 않습니다." in marked[0].reason
    assert rig.loader.calls == 3


async def test_a_refresh_that_succeeds_takes_the_mark_away() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(100)
    rig.loader.error = FAILS
    await rig.ask()
    await settle()
    rig.pass_by(5)
    rig.loader.error = None
    await rig.ask()
    await settle()

    held = await rig.ask()
    rig.pass_by(100)
    aged = await rig.ask()

    assert (held.value, held.stale, held.reason) == ("v2", False, "")
    assert (aged.value, aged.stale) == ("v2", False)


async def test_where_loading_fails_the_last_good_answer_is_marked() -> None:
    rig = Rig()
    as_of = (await rig.ask()).as_of
    rig.pass_by(3_599)
    rig.loader.error = FAILS

    held = await rig.ask()

    assert (held.value, held.stale, held.as_of) == ("v1", True, as_of)
    assert str(FAILS) in held.reason
    assert rig.cache.counts["stale"] == 1


async def test_after_a_failure_callers_do_not_wait_for_the_next_one() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(400)
    rig.loader.error = FAILS

    answers = [await rig.ask() for _ in range(10)]
    rig.pass_by(5)
    await rig.ask()

    assert all(held.stale for held in answers)
    assert rig.loader.calls == 3


async def test_an_answer_older_than_kept_is_not_given_out() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(3_600)
    rig.loader.error = FAILS

    with pytest.raises(MarketDataUnavailableError):
        await rig.ask()


async def test_a_question_that_became_wrong_gets_its_error() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(400)
    rig.loader.error = InvalidRequestError("없는 종목입니다.", parameter="stocks")

    with pytest.raises(InvalidRequestError):
        await rig.ask()


async def test_a_first_failure_is_raised_to_all_and_the_next_tries_again() -> None:
    rig = Rig()
    rig.loader.error = FAILS
    ends = await asyncio.gather(*(rig.ask() for _ in range(5)), return_exceptions=True)
    rig.loader.error = None

    assert [type(end) for end in ends] == [MarketDataUnavailableError] * 5
    assert (await rig.ask()).value == "v1"


async def test_ages_count_from_as_of_not_from_when_it_was_kept() -> None:
    rig = Rig()

    async def old() -> Held[str]:
        return Held(value="old", as_of=rig.clock.now() - timedelta(seconds=55))

    await rig.cache.remember("k", old, lifetime=LIFETIME, form=JSON)
    rig.pass_by(6)
    await rig.ask("k")

    assert rig.cache.counts["refreshes"] == 1


async def test_a_clock_set_back_does_not_make_an_answer_young() -> None:
    rig = Rig()
    await rig.ask()
    rig.clock.advance(-3_600)

    assert (await rig.ask()).value == "v2"


async def test_clocks_of_replicas_may_differ_by_a_second() -> None:
    rig = Rig()
    await rig.ask()
    rig.clock.advance(-0.9)

    assert (await rig.ask()).value == "v1"


async def test_a_cancelled_caller_ends_nobodys_flight() -> None:
    rig = Rig()
    rig.loader.gate = asyncio.Event()
    first, second = (asyncio.create_task(rig.ask()) for _ in range(2))
    await settle()

    first.cancel()
    await settle()
    rig.loader.gate.set()

    assert (await second).value == "v1"
    assert first.cancelled()
    assert rig.loader.calls == 1


async def test_a_flight_that_all_left_is_kept_for_the_next() -> None:
    rig = Rig()
    rig.loader.gate = asyncio.Event()
    only = asyncio.create_task(rig.ask())
    await settle()
    only.cancel()
    await settle()
    rig.loader.gate.set()
    await settle()

    assert (await rig.ask()).value == "v1"
    assert rig.loader.calls == 1


async def test_closing_ends_what_flies_with_an_error_not_a_cancellation() -> None:
    rig = Rig()
    rig.loader.gate = asyncio.Event()
    waiting = asyncio.create_task(rig.ask())
    await settle()

    await rig.cache.close()

    with pytest.raises(MarketDataUnavailableError, match="끝내는 중"):
        await waiting


async def test_prefixes_are_forgotten_in_both_tiers_exactly() -> None:
    rig = Rig()
    for key in ("frame:KRX", "frame:NXT", "frame:KR*", "answer:1"):
        await rig.ask(key)

    assert await rig.cache.forget("frame:KR*") == 1
    assert await rig.cache.forget("frame:K") == 1
    assert await rig.cache.forget() == 2
    assert [one.entries for one in rig.cache.stats()] == [0, 0]


async def test_what_was_begun_before_a_key_was_forgotten_is_not_kept() -> None:
    rig = Rig()
    rig.loader.gate = asyncio.Event()
    before = asyncio.create_task(rig.ask())
    await settle()

    await rig.cache.forget("frame:")
    after = asyncio.create_task(rig.ask())
    await settle()
    rig.loader.gate.set()

    assert ((await before).value, (await after).value) == ("v1", "v2")
    assert (await rig.ask()).value == "v2"
    assert rig.loader.calls == 2


async def test_a_flight_from_before_leaves_nothing_in_either_tier() -> None:
    rig = Rig()
    rig.loader.gate = asyncio.Event()
    before = asyncio.create_task(rig.ask())
    await settle()
    await rig.cache.forget()
    rig.loader.gate.set()
    await before

    assert [one.entries for one in rig.cache.stats()] == [0, 0]


async def test_after_its_own_time_the_near_tier_asks_the_outer_one() -> None:
    rig = Rig()
    lasting = Lifetime(
        fresh=timedelta(hours=9), servable=timedelta(hours=9), kept=timedelta(hours=9)
    )
    for _ in range(3):
        await rig.cache.remember("k", rig.loader, lifetime=lasting, form=JSON)
        rig.seconds.value += 60

    near, outer = rig.cache.stats()
    assert (near.hits, near.misses) == (0, 3)
    assert (outer.hits, outer.misses) == (2, 1)
    assert rig.loader.calls == 1


async def test_an_outer_hit_is_promoted() -> None:
    room = Room(1_000_000)
    rig, near = Rig(), NearTier(room=room)
    outer = MemoryTier(room=room)
    rig.cache = TieredCache(near=near, outer=outer, clock=rig.clock)
    await rig.ask()
    near.drop("")

    await rig.ask()
    await rig.ask()

    assert rig.loader.calls == 1
    assert (near.hits, outer.stats().hits) == (1, 1)


async def test_bytes_of_both_tiers_together_stay_below_the_cap() -> None:
    def small(clock: Clock, seconds: HandSeconds) -> TieredCache:
        return memory_cache(clock, Bounds(bytes=20_000), seconds=seconds)

    rig = Rig(small)
    for number in range(100):
        await rig.ask(f"k:{number}")

    near, outer = rig.cache.stats()
    assert 15_000 < (near.size or 0) + (outer.size or 0) <= 20_000
    assert near.evictions + outer.evictions > 100


@pytest.mark.parametrize("part", ["pack", "size", "unpack"])
async def test_a_form_that_fails_costs_no_answer(part: str) -> None:
    def fail(given: object) -> int:
        raise ValueError("no")

    parts = {"pack": JSON.pack, "unpack": JSON.unpack, "size": JSON.size} | {part: fail}
    form = Form(**parts)
    rig = Rig()

    for _ in range(2):
        held = await rig.cache.remember("k", rig.loader, lifetime=LIFETIME, form=form)
        rig.seconds.value += 60

    assert held.value in ("v1", "v2")


async def test_a_value_that_comes_marked_is_refreshed_and_keeps_its_reason() -> None:
    rig = Rig()
    calls = 0

    async def marked() -> Held[str]:
        nonlocal calls
        calls += 1
        return Held(value="v", as_of=rig.clock.now(), stale=True, reason="늦습니다.")

    for _ in range(3):
        held = await rig.cache.remember("k", marked, lifetime=LIFETIME, form=JSON)
        await settle()
    rig.pass_by(5)
    await rig.cache.remember("k", marked, lifetime=LIFETIME, form=JSON)
    await settle()

    assert (held.stale, held.reason) == (True, "늦습니다.")
    assert calls == 2


async def test_a_crash_is_told_and_leaves_the_key_usable() -> None:
    rig = Rig()
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: told.append(said))
    rig.loader.error = RuntimeError("bug")

    with pytest.raises(RuntimeError):
        await rig.ask()
    rig.loader.error = None

    assert (await rig.ask()).value == "v1"
    assert told


async def test_errors_of_ours_are_the_only_ones_answered_with_old_values() -> None:
    rig = Rig()
    await rig.ask()
    rig.pass_by(400)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    rig.loader.error = RuntimeError("bug")
    with pytest.raises(RuntimeError):
        await rig.ask()
    rig.pass_by(10)
    rig.loader.error = VolumeRankingError("안 됩니다.")

    assert (await rig.ask()).stale
