"""The budget of replicas: one script on Redis, and on Redis's own clock."""

import asyncio
import os
import secrets
import time
from collections.abc import Callable
from importlib.resources import files

from redis.asyncio import Redis
from redis.exceptions import RedisError
from typing_extensions import override

from adapters.kis.shared_budget import Entry, Ledger, LedgerLostError, SharedBudget
from adapters.kis.transport import Priority

ANSWER_SECONDS = 0.5
"""An answer that takes longer is none."""

SLOW_SECONDS = 0.1
"""Answers that take longer on average cost more calls than going alone."""

REDIS_CLOCK = -1.0
FORMAT = 1
"""Of the state that the script keeps; part of its key."""


def redis_budget(
    client: Redis,
    name: str,
    rate: float,
    *,
    replicas: int = 2,
    monotonic: Callable[[], float] = time.monotonic,
) -> SharedBudget:
    """One budget for all replicas on one Redis.

    Args:
        client: Its owner closes it.
        name: Of the budget: a prefix and the key's fingerprint; no secret.
        rate: Calls a second, of all together.
        replicas: How many there are, as long as Redis has not said.
        monotonic: This process's clock, for the times without Redis.
    """
    ledger = RedisLedger(client, name, rate)
    return SharedBudget(
        ledger, rate, shared_by="redis", sharers=replicas, monotonic=monotonic
    )


class RedisLedger(Ledger):
    """A key of one Redis, which the script alone reads and writes.

    Redis counts who asked within half a minute.
    """

    def __init__(self, client: Redis, name: str, rate: float) -> None:
        law = files("adapters.kis").joinpath("budget_law.lua").read_text("utf-8")
        self._script = client.register_script(law)
        self._key = f"{name}:budget:{FORMAT}"
        self._rate = rate
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._latency = 0.0

    @property
    @override
    def counts(self) -> bool:
        return True

    @override
    async def ask(self, priority: Priority | None, refusals: int) -> Entry:
        wanted = -1 if priority is None else int(priority)
        arguments: list[str | int | float] = [
            repr(self._rate),
            self._name,
            wanted,
            refusals,
            REDIS_CLOCK,
        ]
        began = time.monotonic()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._script(keys=[self._key], args=arguments)
        except (RedisError, OSError, TimeoutError) as error:
            raise LedgerLostError(type(error).__name__) from error
        self._latency += 0.2 * (time.monotonic() - began - self._latency)
        if self._latency > SLOW_SECONDS:
            raise LedgerLostError(f"{self._latency * 1000:.0f} ms an answer")
        wait, millionths, seen = (int(number) for number in answer)
        return Entry(wait=wait / 1e6, share=millionths / 1e6, sharers=seen)
