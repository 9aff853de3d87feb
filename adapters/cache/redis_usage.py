"""What our keys take in a Redis that may hold much else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from adapters.cache.reach import Reach

_PAGE = 1_000
_ESCAPED = str.maketrans({x: f"\\{x}" for x in "\\*?[]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisUsage:
    """Keys of ours.

    Attributes:
        entries: How many, by the first word after the prefix.
        bytes: What they take, as Redis reckons it, likewise.
        is_cut: There is more than was looked at.
    """

    entries: Mapping[str, int]
    bytes: Mapping[str, int]
    is_cut: bool


async def redis_usage(reach: Reach, prefix: str, most: int = 200_000) -> RedisUsage:
    """Looks through Redis, a page at a time.

    Args:
        reach: The way to it.
        prefix: What our keys begin with.
        most: Keys of anybody's to look at, about.

    Raises:
        LostError: It does not answer, or does not allow the question.
    """
    entries: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    client, cursor, pages = reach.client, -1, 0
    pattern = prefix.translate(_ESCAPED) + "*"
    while cursor and pages * _PAGE < most:
        page = partial(client.scan, max(cursor, 0), match=pattern, count=_PAGE)
        cursor, names = await reach.ask(page)
        pages += 1
        if not names:
            continue
        asking = client.pipeline(transaction=False)
        for name in names:
            asking.memory_usage(name)
        for name, size in zip(names, await reach.ask(asking.execute), strict=True):
            text = name if isinstance(name, str) else name.decode(errors="replace")
            word = text[len(prefix) :].partition(":")[0]
            entries[word] += 1
            taken[word] += size or 0  # None: it ended meanwhile
    return RedisUsage(entries=entries, bytes=taken, is_cut=cursor != 0)
