"""The cache: what lies near, then what lies outside, then computing it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from typing_extensions import override

from adapters.cache.aging import Age, age_of
from adapters.cache.clearings import Clearings
from adapters.cache.failures import Failures
from adapters.cache.forgotten import Forgotten
from adapters.cache.loading import Loading, Wanted
from adapters.cache.near_tier import NearTier
from adapters.cache.outer_tier import Found, OuterTier
from adapters.cache.turns import OwnTurns, Turns
from application.ports.cache import Cache, Form, Held, Lifetime, TierStats
from application.ports.clock import Clock
from application.single_flight import SingleFlight
from domain.errors import (
    InvalidRequestError,
    MarketDataUnavailableError,
    VolumeRankingError,
)

T = TypeVar("T")
Told = Callable[[str], Awaitable[None]]
_GLANCE = 1.0
_STALE = "새로 받지 못해 마지막으로 받은 값을 보냅니다: {cause}"
_CLOSING = "서버를 끝내는 중이라 답하지 못했습니다. 다시 시작한 뒤에 물어 주세요."


class TieredCache(Cache):
    """Remembers values in two tiers; one flight per key computes what neither serves.

    Args:
        near: Objects in this process.
        outer: Packed values, in memory or shared through Redis.
        clock: By which values age.
        turns: Among those who share the outer tier.
        clearings: What operators let go by way of a folder, if there is one.
        told: Told of every prefix that others let go.
        seconds: A count of seconds that only grows.
    """

    def __init__(  # noqa: PLR0913 - one per part
        self,
        *,
        near: NearTier,
        outer: OuterTier,
        clock: Clock,
        turns: Turns | None = None,
        clearings: Clearings | None = None,
        told: Told | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._near = near
        self._outer = outer
        self._clock = clock
        self._clearings = clearings
        self._told = told
        self._seconds = seconds
        self._next_glance = seconds()
        self._flights = SingleFlight()
        self._failures = Failures(seconds=seconds)
        self._forgotten = Forgotten()
        self._counts = Counter(loads=0, shared=0, refreshes=0, stale=0)
        self._loading = Loading(
            near=near,
            outer=outer,
            turns=turns or OwnTurns(),
            clock=clock,
            failures=self._failures,
            forgotten=self._forgotten,
            counts=self._counts,
        )

    @override
    async def remember(
        self,
        key: str,
        load: Callable[[], Awaitable[Held[T]]],
        *,
        lifetime: Lifetime,
        form: Form[T],
    ) -> Held[T]:
        wanted = Wanted(key=key, load=load, lifetime=lifetime, form=form)
        self._glance()
        held = await self._near.current(key)
        if held is not None and self._serves(wanted, held):
            self._near.hits += 1
            return self._served(wanted, held)
        self._near.misses += 1
        led = False

        def lead() -> Coroutine[Any, Any, Held[T]]:
            nonlocal led
            led = True
            return self._fetched(wanted)

        flight = self._flights.start(("fetch", key, self._epoch(key)), lead)
        self._counts["shared"] += not led
        return await _landed(flight)

    @override
    async def forget(self, prefix: str = "") -> int:
        gone = self._drop(prefix)
        return len(gone | await self._outer.forget(prefix))

    @override
    def stats(self) -> tuple[TierStats, ...]:
        return self._near.stats(), self._outer.stats()

    @property
    @override
    def counts(self) -> Mapping[str, int]:
        return MappingProxyType(self._counts)

    async def close(self) -> None:
        """Cancels what flies; who made a client of Redis closes that."""
        await self._flights.close()

    async def _fetched(self, wanted: Wanted[T]) -> Held[T]:
        """The flight of those for whom nothing current lies near."""
        key, began = wanted.key, self._forgotten.count
        found = await self._outer.get(key, wanted.form)
        near: Held[T] | None = await self._near.find(key)
        held = self._better(wanted, near, found.parcel.held if found.parcel else None)
        if held is not None and self._serves(wanted, held):
            await self._loading.keep(wanted, held, began)
            return self._served(wanted, held)
        try:
            return await _landed(self._load(wanted, found))
        except InvalidRequestError:
            raise
        except VolumeRankingError:
            if held is None or self._age(wanted, held) is Age.OVER:
                raise
            return self._served(wanted, held)

    def _better(
        self, wanted: Wanted[T], one: Held[T] | None, other: Held[T] | None
    ) -> Held[T] | None:
        """The one that serves sooner; the newer where both do alike."""
        if one is None or other is None:
            return other if one is None else one
        ages = self._age(wanted, one), self._age(wanted, other)
        if ages[0] is ages[1]:
            return max(one, other, key=lambda held: held.as_of)
        return one if ages[0] < ages[1] else other

    def _serves(self, wanted: Wanted[T], held: Held[T]) -> bool:
        age = self._age(wanted, held)
        return age < Age.KEPT or (age is Age.KEPT and self._failures.paused(wanted.key))

    def _served(self, wanted: Wanted[T], held: Held[T]) -> Held[T]:
        """As it is while fresh; else refreshed behind, and marked if that failed."""
        if self._age(wanted, held) is Age.FRESH:
            return held
        if not self._failures.paused(wanted.key):
            self._load(wanted, None)
        cause = self._failures.reason(wanted.key)
        if not (cause or held.stale):
            return held
        self._counts["stale"] += 1
        if held.stale:
            return held
        return replace(held, stale=True, reason=_STALE.format(cause=cause))

    def _load(
        self, wanted: Wanted[T], found: Found[T] | None
    ) -> "asyncio.Task[Held[T]]":
        """The flight that computes it; without ``found`` it is a refresh."""

        def begin() -> Coroutine[Any, Any, Held[T]]:
            self._counts["refreshes"] += found is None
            return self._loading.run(wanted, found)

        key = wanted.key
        return self._flights.start(("load", key, self._epoch(key)), begin)

    def _glance(self) -> None:
        """Looks around once a second, behind the caller, for what others let go."""
        now = self._seconds()
        if now >= self._next_glance:
            self._next_glance = now + _GLANCE
            self._flights.start("glance", self._look_around)

    async def _look_around(self) -> None:
        heard = list(await self._outer.turned())
        if self._clearings is not None:
            heard += await asyncio.to_thread(self._clearings.news)
        for prefix in dict.fromkeys(heard):
            self._drop(prefix)
            self._outer.drop(prefix)
            if self._told is not None:
                await self._told(prefix)

    def _drop(self, prefix: str) -> frozenset[str]:
        self._forgotten.note(prefix)
        return self._near.drop(prefix)

    def _epoch(self, key: str) -> int:
        """Who asks after a key was let go does not join a flight from before."""
        return self._forgotten.epoch(key)

    def _age(self, wanted: Wanted[T], held: Held[T] | None) -> Age:
        return age_of(held, wanted.lifetime, self._clock.now())


async def _landed(flight: "asyncio.Task[T]") -> T:
    """The flight's outcome; whoever waits may be cancelled without ending it."""
    try:
        return await asyncio.shield(flight)
    except asyncio.CancelledError:
        waiter = asyncio.current_task()
        if flight.cancelled() and not (waiter and waiter.cancelling()):
            raise MarketDataUnavailableError(_CLOSING) from None
        raise
