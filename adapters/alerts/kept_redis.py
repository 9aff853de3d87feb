"""What was told, for replicas: in Redis, and in a file for when that is lost."""

import asyncio
from datetime import timedelta

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from typing_extensions import override

from adapters.alerts.book_json import DAMAGE, book_bytes, book_from
from application.ports.alerts import KeptAlerts
from domain.alerting import AlertBook

KEPT = timedelta(days=4)
"""Over a long weekend: what was told last can still be read."""

ANSWER_SECONDS = 1.0
"""A Redis that is slower than this counts as lost."""

REST_SECONDS = 5.0
"""How long a lost Redis is not asked again."""

_LOST = (RedisError, OSError, TimeoutError)

_log = structlog.get_logger(__name__)


class RedisAlerts(KeptAlerts):
    """One key; a book that could not be put there is put again with the next.

    Args:
        kept: Keeps it on this machine.
        client: Gives bytes (``decode_responses`` is off).
        prefix: What the key begins with; it tells one broker from another.
    """

    def __init__(self, kept: KeptAlerts, client: Redis, prefix: str) -> None:
        self._kept = kept
        self._client = client
        self._key = f"{prefix}alerts"
        self._rests_until = 0.0

    @override
    async def load(self) -> AlertBook:
        here = await self._kept.load()
        shared = await self._get()
        if shared is None or shared.session is None or shared.as_of is None:
            return here
        if here.session == shared.session:
            return shared.joined(here)
        return here if here.as_of and here.as_of > shared.as_of else shared

    @override
    async def keep(self, book: AlertBook) -> None:
        await self._kept.keep(book)
        if self._rests():
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._client.set(self._key, book_bytes(book), px=KEPT)
        except _LOST as error:
            self._lost(error)

    async def _get(self) -> AlertBook | None:
        if self._rests():
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                raw = await self._client.get(self._key)
        except _LOST as error:
            self._lost(error)
            return None
        try:
            return book_from(raw) if isinstance(raw, bytes) else None
        except DAMAGE as error:
            _log.warning("alerts.damaged", error=type(error).__name__)
            return None

    def _rests(self) -> bool:
        return asyncio.get_running_loop().time() < self._rests_until

    def _lost(self, error: Exception) -> None:
        self._rests_until = asyncio.get_running_loop().time() + REST_SECONDS
        _log.warning("alerts.redis_lost", error=type(error).__name__)
