"""The token among replicas: one record in Redis, beside each replica's own file.

The record is as the file has it, the token in clear: who may read this Redis is
trusted like who may read the file. Its key bears the fingerprint alone.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError
from typing_extensions import override

from adapters.kis.token_file import (
    LONGEST_LIFE,
    TokenRecord,
    record_bytes,
    record_from,
)
from adapters.kis.token_records import Records, SharedRecords
from application.ports.turns import Turn, Turns

ANSWER_SECONDS = 1.0
"""A Redis that is slower than this counts as lost."""

KEPT = LONGEST_LIFE + timedelta(hours=1)

LOOK_SECONDS = (0.05, 0.15)
"""Between two tries for the turn to ask."""

_LOST = (RedisError, OSError)

_log = structlog.get_logger(__name__)


class RedisTokens(SharedRecords):
    """Records in Redis.

    Args:
        client: Its answers may be text or bytes.
        turns: Whose turn it is to ask; held for as long as the broker's minute takes.
        prefix: What every key begins with.
    """

    def __init__(self, client: Redis, turns: Turns, prefix: str) -> None:
        self._client = client
        self._turns = turns
        self._prefix = prefix

    @override
    def over(self, files: Records, name: str) -> Records:
        return _RedisRecords(
            files, self._client, self._turns, name=name, key=f"{self._prefix}{name}"
        )


class _RedisRecords(Records):
    """What Redis and the file say, put together; while Redis is lost, the file."""

    def __init__(
        self, files: Records, client: Redis, turns: Turns, *, name: str, key: str
    ) -> None:
        self._files = files
        self._client = client
        self._turns = turns
        self._name = name
        self._key = key
        self._is_lost = False

    @override
    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        async with self._files.locked():
            turn = await self._turn()
            try:
                yield
            finally:
                await asyncio.shield(turn.end())

    async def _turn(self) -> Turn:
        while (turn := await self._turns.take(self._name)) is None:  # noqa: ASYNC110 - it is Redis that knows
            await asyncio.sleep(random.uniform(*LOOK_SECONDS))  # noqa: S311
        return turn

    @override
    async def read(self) -> TokenRecord:
        file = await self._files.read()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                raw = await self._client.get(self._key)
        except _LOST as error:
            self._lost(error)
            return file
        self._is_lost = False
        return _newest(file, _record(raw))

    @override
    async def write(self, record: TokenRecord) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._client.set(self._key, record_bytes(record), px=KEPT)
        except _LOST as error:
            self._lost(error)
        await self._files.write(record)

    def _lost(self, error: Exception) -> None:
        """Told once, by its kind alone: its text is not ours."""
        if not self._is_lost:
            _log.warning("kis.token_redis_lost", error=type(error).__name__)
        self._is_lost = True


def _record(raw: bytes | str | None) -> TokenRecord:
    if raw is None:
        return TokenRecord()
    try:
        return record_from(raw)
    except ValidationError:  # its text could hold the token
        _log.warning("kis.token_redis_corrupt")
        return TokenRecord()


def _newest(one: TokenRecord, other: TokenRecord) -> TokenRecord:
    """The token that ends last was issued last; the later of two asks counts."""
    tokens = [record.token for record in (one, other) if record.token is not None]
    asks = [record.asked_at for record in (one, other) if record.asked_at is not None]
    return TokenRecord(
        token=max(tokens, key=lambda token: token.expires_at, default=None),
        asked_at=max(asks, default=None),
    )
