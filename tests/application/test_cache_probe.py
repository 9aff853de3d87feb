"""What the health check says of the cache; it asks nobody."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from application.cache_probe import CacheProbe
from application.ports.cache import Cache, TierStats
from application.ports.health import Check, State

NEAR = TierStats(
    name="l1",
    kind="memory",
    hits=1_234,
    misses=56,
    evictions=7,
    entries=890,
    size=12_340_000,
)
OUTER = TierStats(
    name="l2", kind="redis", hits=0, misses=0, evictions=0, entries=None, size=None
)


class Counted(Cache):
    """A cache that has done what a test says."""

    def __init__(self, *tiers: TierStats) -> None:
        self.tiers = tiers

    @override
    async def remember(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a probe does not ask")

    @override
    async def forget(self, prefix: str = "") -> int:
        raise AssertionError("a probe does not forget")

    @override
    def stats(self) -> tuple[TierStats, ...]:
        return self.tiers

    @property
    @override
    def counts(self) -> Mapping[str, int]:
        return MappingProxyType({})


async def found(*tiers: TierStats) -> Check:
    return await CacheProbe(lambda: Counted(*tiers), 100_000_000)()


async def test_each_tier_tells_what_it_did_and_what_it_may_hold() -> None:
    check = await found(NEAR, OUTER)

    assert (check.name, check.state) == ("cache", State.HEALTHY)
    # 1,234 of 1,290
    assert check.detail == (
        "l1 memory: 적중 1,234, 없음 56(95.7%), 밀려남 7, 890건 12.3MB. "
        "l2 redis: 적중 0, 없음 0, 밀려남 0. 메모리 상한 100.0MB"
    )


async def test_a_lost_redis_degrades_and_says_what_to_look_at() -> None:
    check = await found(NEAR, replace(OUTER, available=False, misses=3))

    assert check.state is State.DEGRADED
    assert check.detail.startswith(
        "Redis에 닿지 않아 이 프로세스의 기억만으로 답합니다"
    )
    assert "REDIS_URL" in check.detail
    assert "없음 3(0.0%)" in check.detail


async def test_before_the_first_question_there_is_nothing_to_say() -> None:
    unused = replace(NEAR, hits=0, misses=0, entries=0, size=0)
    nothing = await CacheProbe(lambda: None, 1)()

    assert nothing == await found(unused, OUTER)
    assert nothing.state is State.HEALTHY
    assert nothing.detail.startswith("아직")


async def test_a_redis_that_was_lost_before_the_first_question_degrades() -> None:
    unused = replace(NEAR, hits=0, misses=0)
    check = await found(unused, replace(OUTER, available=False))
    assert check.state is State.DEGRADED
