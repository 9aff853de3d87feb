"""Frames published to replicas through Redis; files keep them and serve without it."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from typing_extensions import override

from adapters.archive.frame_bytes import DAMAGE, packed, pool_name, unpacked
from application.ports.frames import KeptFrames
from application.sweeping import PRODUCTS, STOCKS
from domain.frame import MarketFrame
from domain.listing import Kind, Venue

KEPT = timedelta(days=4)
"""Over a long weekend: a replica that starts after it has the last session."""

ANSWER_SECONDS = 1.0
"""A Redis that is slower than this counts as lost."""

REST_SECONDS = 2.0
"""How long a lost Redis is not asked again."""

TOLD_AGAIN_SECONDS = 60.0

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOST = (RedisError, OSError)

_log = structlog.get_logger(__name__)


class RedisFrames(KeptFrames):
    """Kept frames, of which the last of each pool is in Redis too.

    A small key beside each frame says when its sweep ended, so that looking for a newer
    one reads a few bytes.

    Args:
        kept: Keeps them on this machine.
        client: Gives bytes (``decode_responses`` is off).
        prefix: What every key begins with; it tells one broker from another.
    """

    def __init__(self, kept: KeptFrames, client: Redis, prefix: str) -> None:
        self._kept = kept
        self._client = client
        self._prefix = prefix
        self._rests_until = 0.0
        self._told_until = 0.0

    @override
    async def keep(self, frame: MarketFrame) -> None:
        """Replicas first: they wait for it."""
        if not self._rests():
            data = await asyncio.to_thread(packed, frame)
            try:
                await self._set(self._key(frame.venue, frame.kinds), data, frame.as_of)
            except _LOST as error:
                self._lost(error)
        await self._kept.keep(frame)

    @override
    async def last(
        self, venue: Venue, kinds: frozenset[Kind]
    ) -> tuple[MarketFrame, ...]:
        return await self._kept.last(venue, kinds)

    @override
    async def newer(
        self, venue: Venue, kinds: frozenset[Kind], than: datetime | None
    ) -> MarketFrame | None:
        frame = None
        if not self._rests():
            try:
                frame = await self._get(self._key(venue, kinds), than)
            except _LOST as error:
                self._lost(error)
        return frame or await self._kept.newer(venue, kinds, than)

    @override
    async def forget(self) -> int:
        gone = 0
        if not self._rests():
            try:
                gone = await self._unset()
            except _LOST as error:
                self._lost(error)
        return gone + await self._kept.forget()

    async def _set(self, key: str, data: bytes, as_of: datetime) -> None:
        """Both keys at once: the small one never speaks of another frame."""
        async with asyncio.timeout(ANSWER_SECONDS):
            async with self._client.pipeline(transaction=True) as both:
                both.set(key, data, px=KEPT)
                both.set(f"{key}:as_of", _micros(as_of), px=KEPT)
                await both.execute()

    async def _unset(self) -> int:
        pools = itertools.product((Venue.KRX, Venue.NXT), (STOCKS, PRODUCTS))
        keys = [self._key(venue, kinds) for venue, kinds in pools]
        async with asyncio.timeout(ANSWER_SECONDS):
            async with self._client.pipeline(transaction=True) as both:
                both.unlink(*keys)
                both.unlink(*(f"{key}:as_of" for key in keys))
                gone, _ = await both.execute()
        return int(gone)

    async def _get(self, key: str, than: datetime | None) -> MarketFrame | None:
        async with asyncio.timeout(ANSWER_SECONDS):
            ended = await self._client.get(f"{key}:as_of")
            if ended is None or (than is not None and _number(ended) <= _micros(than)):
                return None
            data = await self._client.get(key)
        if not isinstance(data, bytes):
            return None
        try:
            frame = await asyncio.to_thread(unpacked, data)
        except DAMAGE as error:
            _log.warning("frames.unreadable", error=type(error).__name__)
            return None
        return frame if than is None or frame.as_of > than else None

    def _key(self, venue: Venue, kinds: frozenset[Kind]) -> str:
        return f"{self._prefix}frame:{pool_name(venue, kinds)}"

    def _rests(self) -> bool:
        return asyncio.get_running_loop().time() < self._rests_until

    def _lost(self, error: Exception) -> None:
        now = asyncio.get_running_loop().time()
        self._rests_until = now + REST_SECONDS
        if now >= self._told_until:
            self._told_until = now + TOLD_AGAIN_SECONDS
            _log.warning("frames.redis_lost", error=type(error).__name__)


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _number(text: bytes | str) -> int:
    """What is no number is no frame."""
    return int(text) if text.isdigit() else 0
