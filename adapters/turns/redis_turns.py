"""Turns among replicas: keys of Redis, renewed while they are held."""

import asyncio
import contextlib

import structlog
from redis.asyncio import Redis
from typing_extensions import override

from adapters.turns.redis_lock import LOST, RedisLock
from application.ports.turns import Turn, Turns

LEASE_SECONDS = 10.0
"""How long a dead holder's turn is nobody's."""

RENEWALS = 3
"""How often it is renewed within that."""

REST_SECONDS = 2.0
"""How long a lost Redis is not asked again."""

_log = structlog.get_logger(__name__)


class RedisTurns(Turns):
    """One holder of each name among those that share a Redis.

    Args:
        client: Bounded by timeouts of its own, if it is to be cut off early.
        prefix: What every key begins with; it tells one broker key from another.
        instead: Whose turns count while Redis is lost: those of this machine.
        seconds: How long a holder lives on after its last sign.
    """

    def __init__(
        self,
        client: Redis,
        prefix: str,
        *,
        instead: Turns,
        seconds: float = LEASE_SECONDS,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._instead = instead
        self._seconds = seconds
        self._is_lost = False
        self._rests_until = 0.0

    @override
    async def take(self, name: str) -> Turn | None:
        if asyncio.get_running_loop().time() < self._rests_until:
            return await self._instead.take(name)
        lock = RedisLock(self._client, f"{self._prefix}turn:{name}", self._seconds)
        try:
            is_ours = await lock.hold()
        except LOST as error:
            self._lost(error)
            return await self._instead.take(name)
        if self._is_lost:
            _log.info("turns.redis_back")
        self._is_lost = False
        return _RedisTurn(lock) if is_ours else None

    def _lost(self, error: Exception) -> None:
        self._rests_until = asyncio.get_running_loop().time() + REST_SECONDS
        if not self._is_lost:
            _log.warning("turns.redis_lost", error=type(error).__name__)
        self._is_lost = True


class _RedisTurn(Turn):
    """Renewed until it ends: a long sweep keeps it, a dead process does not."""

    def __init__(self, lock: RedisLock) -> None:
        self._lock = lock
        self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lock.seconds / RENEWALS)
            with contextlib.suppress(*LOST):
                if not await self._lock.hold():
                    return  # we stood still for too long: another has it now

    @override
    async def end(self) -> None:
        self._renewing.cancel()
        await asyncio.gather(self._renewing, return_exceptions=True)
        with contextlib.suppress(*LOST):  # it ends by itself
            await self._lock.free()
