"""Generations in Redis, by which replicas learn that keys were let go."""

import secrets
from collections.abc import Iterable, Sequence

from redis.asyncio import Redis

_NONE = b"-"
_ALL = ""


class Marks:
    """One mark per first word of a key, and one for all words.

    A mark is a token drawn when keys are let go: one that differs from the one last
    seen, or is gone with its Redis, tells that something happened. No clock is in it.

    Args:
        client: Asked directly; who calls guards each question.
        prefix: Before each mark's key.
        heeded: Words that are looked at though no key of theirs was.
    """

    def __init__(
        self, client: Redis, *, prefix: str, heeded: Iterable[str] = ()
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._heeded = frozenset(heeded)
        self._seen: dict[str, bytes] = {}
        self._turned: set[str] = set()

    def names(self, key: str) -> tuple[str, str]:
        """Where the marks of a key stand: of all words, and of its own."""
        return self._prefix + _ALL, self._prefix + _word(key)

    def seen(self, key: str, marks: Sequence[object]) -> bytes:
        """The key's mark, from what stood under `names`."""
        whole, own = marks
        return b"/".join((self._noted(_ALL, whole), self._noted(_word(key), own)))

    async def now(self, key: str) -> bytes:
        """The key's mark as it stands in Redis."""
        return self.seen(key, await self._client.mget(self.names(key)))

    async def turn(self, prefix: str) -> None:
        """Tells the others that keys of the prefix are let go."""
        first, colon, _ = prefix.partition(":")
        word, token = first if colon else _ALL, secrets.token_hex(8).encode()
        before = await self._client.set(self._prefix + word, token, get=True)
        self._noted(word, before)
        self._seen[word] = token  # our own are gone: only another's turn is news

    async def turned(self) -> frozenset[str]:
        """Words whose mark changed since the last time; an empty one means all."""
        words = sorted(self._seen.keys() | self._heeded)
        if words:
            names = [self._prefix + word for word in words]
            for word, mark in zip(words, await self._client.mget(names), strict=True):
                self._noted(word, mark)
        turned, self._turned = self._turned, set()
        return frozenset(turned)

    def _noted(self, word: str, mark: object) -> bytes:
        stands = mark if isinstance(mark, bytes) else _NONE
        before = self._seen.setdefault(word, stands)
        if before != stands:
            self._seen[word] = stands
            if stands != _NONE:  # a store that was emptied has cleared nothing here
                self._turned.add(word)
        return stands


def _word(key: str) -> str:
    return key.partition(":")[0]
