"""Turns among replicas: a lease in Redis, renewed while its holder works."""

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TypeVar

from typing_extensions import override

from adapters.cache.reach import LostError, Reach
from adapters.cache.turns import Turns

T = TypeVar("T")

_RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('pexpire', KEYS[1], ARGV[2])
end
return 0
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('del', KEYS[1])
end
return 0
"""
_FIRST_POLL, _LONGEST_POLL = 0.02, 0.25


class RedisTurns(Turns):
    """One lease per key, under ``<prefix>turn:``; the end of a dead holder's frees it.

    Who waits looks for the value and for the lease's end alike. Where Redis is lost,
    or the holder takes longer than ``patience``, the work is done here.

    Args:
        reach: The way to Redis.
        prefix: Before every key.
        lease: Seconds for which a holder that says nothing more is believed.
        renew: Seconds between its renewals.
        patience: Seconds to wait for another's work.
    """

    def __init__(
        self,
        reach: Reach,
        *,
        prefix: str = "mvr:",
        lease: float = 5.0,
        renew: float = 1.5,
        patience: float = 30.0,
    ) -> None:
        self._reach = reach
        self._prefix = prefix
        self._lease = int(lease * 1000)
        self._renew = renew
        self._patience = patience

    @override
    async def run(
        self,
        key: str,
        work: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[T | None]],
    ) -> T:
        name, token = f"{self._prefix}turn:{key}", secrets.token_hex(16)
        end = time.monotonic() + self._patience
        poll = _FIRST_POLL
        while time.monotonic() < end:
            try:
                mine = await self._taken(name, token)
            except LostError:
                break
            if mine:
                async with self._held(name, token):
                    # Another's may have ended between our look and our turn.
                    left = await look()
                    return await work() if left is None else left
            await asyncio.sleep(poll * random.uniform(0.5, 1.5))  # noqa: S311
            poll = min(poll * 1.5, _LONGEST_POLL)
            left = await look()
            if left is not None:
                return left
        return await work()

    async def _taken(self, name: str, token: str) -> bool:
        take = partial(self._reach.client.set, name, token, nx=True, px=self._lease)
        return bool(await self._reach.ask(take))

    @contextlib.asynccontextmanager
    async def _held(self, name: str, token: str) -> AsyncIterator[None]:
        renewing = asyncio.create_task(self._renewed(name, token))
        try:
            yield
        finally:
            renewing.cancel()
            release = partial(self._reach.client.eval, _RELEASE, 1, name, token)
            with contextlib.suppress(LostError):  # then it ends by itself
                await self._reach.ask(release)

    async def _renewed(self, name: str, token: str) -> None:
        """Until it is cancelled, or the lease is another's: the work goes on anyway."""
        renew = partial(self._reach.client.eval, _RENEW, 1, name, token, self._lease)
        held = True
        while held:
            await asyncio.sleep(self._renew)
            with contextlib.suppress(LostError):
                held = bool(await self._reach.ask(renew))
