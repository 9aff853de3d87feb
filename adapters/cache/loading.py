"""Computing a value in turn, and keeping it in both tiers."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

import structlog

from adapters.cache.aging import Age, age_of
from adapters.cache.failures import Failures
from adapters.cache.forgotten import Forgotten
from adapters.cache.near_tier import NearTier
from adapters.cache.outer_tier import Found, OuterTier
from adapters.cache.packed import DAMAGE, wrap
from adapters.cache.turns import Turns
from application.ports.cache import Form, Held, Lifetime
from application.ports.clock import Clock
from domain.errors import VolumeRankingError

T = TypeVar("T")
_log = structlog.get_logger(__name__)
_JITTER = 0.05
_CRASHED = "처리하지 못한 오류가 났습니다."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Generic[T]):
    """What a caller of `Cache.remember` gave."""

    key: str
    load: Callable[[], Awaitable[Held[T]]]
    lifetime: Lifetime
    form: Form[T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Computes what no tier serves.

    Attributes:
        near, outer: Where the value is kept.
        turns: Among those who share the outer tier.
        clock: By which ages count.
        failures: Where a failure is noted.
        forgotten: What was let go meanwhile is not kept.
        counts: ``loads`` and ``shared`` are counted here.
        draw: A number of [0, 1).
    """

    near: NearTier
    outer: OuterTier
    turns: Turns
    clock: Clock
    failures: Failures
    forgotten: Forgotten
    counts: Counter[str]
    draw: Callable[[], float] = random.random

    async def run(self, wanted: Wanted[T], found: Found[T] | None = None) -> Held[T]:
        """The value, computed here or by whoever has the turn.

        Args:
            wanted: What is asked for.
            found: What the outer tier gave just now; None to ask it first.
        """
        key, began = wanted.key, self.forgotten.count
        if found is None:  # a refresh: another replica may have been faster
            found = await self.outer.get(key, wanted.form, counted=False)
            newer = self._newer(wanted, found, past="")
            if newer is not None and self._age(wanted, newer) is Age.FRESH:
                await self.keep(wanted, newer, began)
                return newer
        seen, mark = found.parcel.stamp if found.parcel else "", found.mark

        async def work() -> Held[T]:
            self.counts["loads"] += 1
            held = await wanted.load()
            if held.stale:
                self.failures.note(key, held.reason)
            await self.keep(wanted, held, began)
            await self._publish(wanted, held, began, mark)
            return held

        async def look() -> Held[T] | None:
            left = await self.outer.get(key, wanted.form, counted=False)
            held = self._newer(wanted, left, past=seen)
            if held is not None:
                self.counts["shared"] += 1
                await self.keep(wanted, held, began)
            return held

        try:
            return await self.turns.run(key, work, look)
        except VolumeRankingError as error:
            self.failures.note(key, str(error))
            raise
        except Exception:
            self.failures.note(key, _CRASHED)
            raise

    async def keep(self, wanted: Wanted[T], held: Held[T], began: int) -> None:
        """Holds it near, unless it was let go since then."""
        if self._age(wanted, held) is Age.FRESH:
            self.failures.clear(wanted.key)
        left = self._left(wanted, held)
        if self.forgotten.since(wanted.key, began) or left <= timedelta():
            return
        try:
            size = wanted.form.size(held.value)
        except DAMAGE as error:
            _log.warning("cache.not_kept", key=wanted.key, error=str(error))
            return
        await self.near.keep(wanted.key, held, size, left.total_seconds())

    async def _publish(
        self, wanted: Wanted[T], held: Held[T], began: int, mark: bytes | None
    ) -> None:
        left = self._left(wanted, held)
        if mark is None or left <= timedelta():
            return
        if self.forgotten.since(wanted.key, began):
            return
        try:
            data = wrap(held, wanted.form)
        except DAMAGE as error:
            _log.warning("cache.not_packed", key=wanted.key, error=str(error))
            return
        spread = 1 + _JITTER * (2 * self.draw() - 1)  # not all of them at one moment
        await self.outer.put(wanted.key, data, left.total_seconds() * spread, mark)

    def _newer(self, wanted: Wanted[T], found: Found[T], past: str) -> Held[T] | None:
        """What was found, if it serves and is not what was seen before."""
        if found.parcel is None or found.parcel.stamp == past:
            return None
        held = found.parcel.held
        return None if self._age(wanted, held) is Age.OVER else held

    def _age(self, wanted: Wanted[T], held: Held[T]) -> Age:
        return age_of(held, wanted.lifetime, self.clock.now())

    def _left(self, wanted: Wanted[T], held: Held[T]) -> timedelta:
        return wanted.lifetime.kept - (self.clock.now() - held.as_of)
