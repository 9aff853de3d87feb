"""The house keeper's lease among replicas: a key of Redis that has to be renewed."""

import contextlib

import structlog
from redis.asyncio import Redis
from typing_extensions import override

from adapters.turns.redis_lock import LOST, RedisLock
from application.ports.lease import Lease

LEASE_SECONDS = 30.0
"""How long a house keeper that says nothing keeps it."""

_log = structlog.get_logger(__name__)


class RedisLease(Lease):
    """Held by one of those that share a Redis; each `hold` renews it.

    Args:
        client: Bounded by timeouts of its own, if it is to be cut off early.
        key: What is held; it tells one broker key from another.
        instead: Who keeps house while Redis is lost: one per machine.
        seconds: How long it stays ours after the last `hold`.
    """

    def __init__(
        self,
        client: Redis,
        key: str,
        *,
        instead: Lease,
        seconds: float = LEASE_SECONDS,
    ) -> None:
        self._lock = RedisLock(client, key, seconds)
        self._instead = instead
        self._is_lost = False

    @override
    async def hold(self) -> bool:
        try:
            is_ours = await self._lock.hold()
        except LOST as error:
            if not self._is_lost:
                _log.warning("lease.redis_lost", error=type(error).__name__)
            self._is_lost = True
            return await self._instead.hold()
        if self._is_lost:
            _log.info("lease.redis_back")
            self._is_lost = False
            await self._instead.release()
        return is_ours

    @override
    async def release(self) -> None:
        with contextlib.suppress(*LOST):  # it ends by itself
            await self._lock.free()
        await self._instead.release()
