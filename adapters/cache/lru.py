"""A bounded memory on aiocache's own, which is a plain dict that only grows."""
# ruff: noqa: ARG002 - the parent names the arguments, and passes them by name

import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiocache.backends.memory import SimpleMemoryCache

from adapters.cache.room import Room

ENTRY_BYTES = 248
"""What one entry takes beside its key and its value: measured, and held by a test."""


@dataclass(slots=True)
class _Entry:
    value: Any
    size: int
    deadline: float | None
    turn: int

    def ended(self, now: float) -> bool:
        return self.deadline is not None and self.deadline <= now


class LruMemory(SimpleMemoryCache):  # type: ignore[misc]
    """Keeps entries within a number and a room of bytes; the least used goes first.

    The parent's methods read bare values and set a timer of the event loop for each
    entry, so every one is written anew: lifetimes are looked at when a key is. A
    lifetime of 0 or less keeps nothing (the parent would keep it for ever). Values
    are handed out as they were put in: keep what nobody changes. For one event loop.

    Args:
        room: The bytes, perhaps shared with another memory.
        most: Entries at most.
        size_of: A value's bytes.
        seconds: A count of seconds that only grows.
    """

    NAME = "lru"

    def __init__(
        self,
        *,
        room: Room,
        most: int = 1_024,
        size_of: Callable[[Any], int] = sys.getsizeof,
        seconds: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        super().__init__(**{"timeout": 0, **options})
        self.evictions = 0
        self.size = 0
        self._cache: OrderedDict[str, _Entry] = OrderedDict()
        self._room = room
        self._most = most
        self._size_of = size_of
        self._seconds = seconds
        room.join(self)

    def __len__(self) -> int:
        return len(self._cache)

    def oldest(self) -> int | None:
        """The turn of the least recently used entry; None while there is none."""
        entry = next(iter(self._cache.values()), None)
        return None if entry is None else entry.turn

    def evict(self) -> None:
        """Lets the least recently used entry go."""
        key = next(iter(self._cache))
        if not self._cache[key].ended(self._seconds()):
            self.evictions += 1
        self._let_go(key)

    def drop(self, prefixes: Iterable[str]) -> frozenset[str]:
        """Lets go the keys that begin with one of them; which those were."""
        starts = tuple(prefixes)
        keys = frozenset(key for key in self._cache if key.startswith(starts))
        for key in keys:
            self._let_go(key)
        return keys

    def _live(self, key: str) -> _Entry | None:
        entry = self._cache.get(key)
        if entry is None:
            return None
        if entry.ended(self._seconds()):
            self._let_go(key)
            return None
        entry.turn = self._room.turn()
        self._cache.move_to_end(key)
        return entry

    def _keep(self, key: str, value: object, deadline: float | None) -> None:
        self._let_go(key)
        self._sweep()
        size = self._size_of(value) + sys.getsizeof(key) + ENTRY_BYTES
        if size > self._room.most or self._most < 1:  # or it would empty the room
            self.evictions += 1
            return
        entry = _Entry(value, size, deadline, self._room.turn())
        self._cache[key] = entry
        self._grow(size)
        while len(self._cache) > self._most:
            self.evict()
        self._room.settle()

    def _sweep(self) -> None:
        """Lets go what has ended, as far as it was not used since."""
        now = self._seconds()
        while self._cache:
            key = next(iter(self._cache))
            if not self._cache[key].ended(now):
                return
            self._let_go(key)

    def _let_go(self, key: str) -> int:
        entry = self._cache.pop(key, None)
        if entry is None:
            return 0
        self._grow(-entry.size)
        return 1

    def _grow(self, size: int) -> None:
        self.size += size
        self._room.used += size

    def _deadline(self, ttl: float | None) -> float | None:
        return None if ttl is None else self._seconds() + ttl

    # What aiocache calls, by its own names and arguments.

    def _build_key(self, key: str, namespace: str | None = None) -> str:
        space = self.namespace if namespace is None else namespace
        return f"{space}:{key}" if space else key

    async def _get(
        self, key: str, encoding: object = None, _conn: object = None
    ) -> Any:
        entry = self._live(key)
        return None if entry is None else entry.value

    async def _gets(
        self, key: str, encoding: object = None, _conn: object = None
    ) -> Any:
        return await self._get(key)

    async def _multi_get(
        self, keys: Iterable[str], encoding: object = None, _conn: object = None
    ) -> list[Any]:
        return [await self._get(key) for key in keys]

    async def _set(
        self,
        key: str,
        value: object,
        ttl: float | None = None,
        _cas_token: object = None,
        _conn: object = None,
    ) -> int | bool:
        if _cas_token is not None and _cas_token != await self._get(key):
            return 0
        if ttl is not None and ttl <= 0:
            self._let_go(key)
        else:
            self._keep(key, value, self._deadline(ttl))
        return True

    async def _multi_set(
        self,
        pairs: Iterable[tuple[str, object]],
        ttl: float | None = None,
        _conn: object = None,
    ) -> bool:
        for key, value in pairs:
            await self._set(key, value, ttl)
        return True

    async def _add(
        self, key: str, value: object, ttl: float | None = None, _conn: object = None
    ) -> int | bool:
        if self._live(key) is not None:
            raise ValueError(f"Key {key} already exists, use .set to update the value")
        return await self._set(key, value, ttl)

    async def _exists(self, key: str, _conn: object = None) -> bool:
        return self._live(key) is not None

    async def _increment(self, key: str, delta: int, _conn: object = None) -> int:
        entry = self._live(key)
        try:
            value = delta if entry is None else int(entry.value) + delta
        except ValueError:
            raise TypeError("Value is not an integer") from None
        self._keep(key, value, None if entry is None else entry.deadline)
        return value

    async def _expire(self, key: str, ttl: float, _conn: object = None) -> bool:
        entry = self._live(key)
        if entry is None:
            return False
        entry.deadline = self._deadline(ttl or None)  # aiocache's 0 takes the end away
        return True

    async def _delete(self, key: str, _conn: object = None) -> int:
        return 0 if self._live(key) is None else self._let_go(key)

    async def _clear(self, namespace: str | None = None, _conn: object = None) -> bool:
        self.drop([f"{namespace}:" if namespace else ""])
        return True

    async def _raw(self, command: str, *args: object, **options: object) -> Any:
        raise NotImplementedError("no raw commands: they would see entries, not values")

    async def _redlock_release(self, key: str, value: object) -> int:
        return await self._delete(key) if await self._get(key) == value else 0
