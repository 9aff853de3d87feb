"""The outer tier in Redis: packed values that replicas share."""

import re
from collections.abc import Iterable
from functools import partial
from typing import TypeVar

from aiocache.backends.redis import RedisCache
from aiocache.serializers import BaseSerializer
from typing_extensions import override

from adapters.cache.marks import Marks
from adapters.cache.outer_tier import Found, OuterTier
from adapters.cache.reach import LostError, Reach
from adapters.cache.tally import Tally
from application.ports.cache import Form, TierStats

T = TypeVar("T")
_BATCH = 500
_ESCAPED = re.compile(rb"[\\*?\[\]]")  # what Redis would match by, not literally
_MOST_OWED = 100
_REACH = "reach"


class BytesAsTheyAre(BaseSerializer):  # type: ignore[misc]
    """Our envelope goes in and comes out unread; aiocache's own would decode it."""

    DEFAULT_ENCODING = None

    def dumps(self, value: bytes) -> bytes:
        """The same."""
        return value

    def loads(self, value: bytes | None) -> bytes | None:
        """The same."""
        return value


class RedisTier(OuterTier):
    """Packed values in Redis, under keys that begin ``<prefix>cache:``.

    Args:
        reach: The way to it.
        prefix: Before every key, so that others may use the same Redis.
        heeded: First words whose clearings are heard of though no key of theirs was
            looked up.
    """

    def __init__(
        self, reach: Reach, *, prefix: str = "mvr:", heeded: Iterable[str] = ()
    ) -> None:
        self._reach = reach
        self._store = RedisCache(serializer=BytesAsTheyAre(), timeout=reach.timeout)
        self._store.client = reach.client  # its own never connected
        self._space = f"{prefix}cache:"
        self._marks = Marks(reach.client, prefix=f"{prefix}mark:", heeded=heeded)
        self._tally = Tally()
        self._failing: set[str] = set()
        self._owed: list[str] = []

    @override
    async def get(self, key: str, form: Form[T], *, counted: bool = True) -> Found[T]:
        names = (self._space + key, *self._marks.names(key))
        try:
            await self._pay()
            answer = await self._reach.ask(lambda: self._store.multi_get(names))
        except LostError as lost:
            self._lost("get", lost)
            self._tally.misses += counted
            return Found(parcel=None, mark=None)
        self._answered("get")
        data, *marks = answer or (None, None, None)  # AIOCACHE_DISABLE=1 gives none
        parcel = self._tally.read(key, data, form, counted=counted)
        return Found(parcel=parcel, mark=self._marks.seen(key, marks))

    @override
    async def put(self, key: str, data: bytes, ttl: float, mark: bytes) -> None:
        if ttl < 0.001:  # Redis refuses 0, and would keep what has no end
            return
        name = self._space + key
        try:
            await self._reach.ask(lambda: self._store.set(name, data, ttl=float(ttl)))
            # Whoever lets keys go sets the mark first and looks for keys then: one
            # put before the mark is found, and one put after it is taken back here.
            if await self._reach.ask(lambda: self._marks.now(key)) != mark:
                await self._reach.ask(lambda: self._reach.client.unlink(name))
        except LostError as lost:
            self._lost("put", lost)
        else:
            self._answered("put")

    @override
    async def forget(self, prefix: str) -> frozenset[str]:
        try:
            await self._pay()
            gone = await self._forget_there(prefix)
        except LostError as lost:
            self._lost("forget", lost)
            self._owe(prefix)
            return frozenset()
        self._answered("forget")
        return gone

    @override
    def drop(self, prefix: str) -> frozenset[str]:
        return frozenset()

    @override
    async def turned(self) -> frozenset[str]:
        try:
            words = await self._reach.ask(self._marks.turned)
        except LostError as lost:
            self._lost("get", lost)
            return frozenset()
        self._answered("get")
        return words

    @override
    def stats(self) -> TierStats:
        return TierStats(
            name="l2",
            kind="redis",
            hits=self._tally.hits,
            misses=self._tally.misses,
            evictions=0,
            entries=None,
            size=None,
            errors=self._tally.errors,
            available=not self._failing,
        )

    async def close(self) -> None:
        """Closes the client: for who made it, when all others are done with it."""
        await self._reach.client.aclose()

    async def _forget_there(self, prefix: str) -> frozenset[str]:
        await self._reach.ask(lambda: self._marks.turn(prefix))
        begins = self._space + prefix
        pattern = _ESCAPED.sub(rb"\\\g<0>", begins.encode()) + b"*"
        client, gone, cursor = self._reach.client, set[bytes](), -1
        while cursor:
            page = partial(client.scan, max(cursor, 0), match=pattern, count=_BATCH)
            cursor, names = await self._reach.ask(page)
            if names:
                await self._reach.ask(partial(client.unlink, *names))
            gone.update(name for name in names if isinstance(name, bytes))
        return frozenset(name.decode()[len(self._space) :] for name in gone)

    async def _pay(self) -> None:
        """What could not be let go while Redis was lost must not come back with it."""
        while self._owed:
            prefix = self._owed[0]
            await self._forget_there(prefix)
            if prefix in self._owed:  # or another, who paid too, has struck it
                self._owed.remove(prefix)

    def _owe(self, prefix: str) -> None:
        if prefix not in self._owed:
            self._owed.append(prefix)
        if len(self._owed) > _MOST_OWED:
            self._owed[:] = [""]

    def _lost(self, doing: str, lost: LostError) -> None:
        self._failing.add(doing if lost.refused else _REACH)
        self._tally.errors += lost.tried

    def _answered(self, doing: str) -> None:
        self._failing -= {doing, _REACH}
