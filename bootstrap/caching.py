"""The cache of answers, wired: built behind the start, for its libraries are heavy."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from application.ports.cache import Cache
from application.ports.clock import Clock
from bootstrap.settings import LiveSettings, ReplaySettings

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from adapters.cache.building import Bounds
    from adapters.cache.tiers import TieredCache


@dataclass(slots=True, kw_only=True)
class LateCache:
    """The cache, once it is there; questions that come before are answered without.

    Attributes:
        build: Makes it; blocking, for it loads what it needs first.
    """

    build: "Callable[[], TieredCache]"
    _built: "TieredCache | None" = None
    _building: "asyncio.Task[None] | None" = field(default=None)

    def now(self) -> Cache | None:
        """The cache; None while it is not there yet."""
        if self._built is None and self._building is None:
            self._building = asyncio.get_running_loop().create_task(self._build())
        return self._built

    async def close(self) -> None:
        """Ends what it computes behind."""
        if self._building is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._building
        if self._built is not None:
            await self._built.close()

    async def _build(self) -> None:
        self._built = await asyncio.to_thread(self.build)


def late_cache(
    settings: LiveSettings | ReplaySettings, clock: Clock, folder: Path | None
) -> LateCache:
    """The cache of one process, not built yet.

    Args:
        settings: Of the environment.
        clock: By which answers age.
        folder: Where processes tell each other what to let go; None: nobody does.
    """

    def build() -> "TieredCache":
        from adapters.cache.building import memory_cache  # noqa: PLC0415
        from adapters.cache.clearings import Clearings  # noqa: PLC0415

        clearings = Clearings(folder) if folder else None
        return memory_cache(clock, _bounds(settings), clearings=clearings)

    return LateCache(build=build)


def late_shared_cache(
    settings: LiveSettings, clock: Clock, folder: Path, client: "Redis", prefix: str
) -> LateCache:
    """The cache that replicas share through a Redis, not built yet.

    Args:
        settings: Of the environment.
        clock: By which answers age.
        folder: Where processes of one machine tell each other what to let go.
        client: Its owner closes it.
        prefix: What every key begins with.
    """

    def build() -> "TieredCache":
        from adapters.cache.building import shared_cache  # noqa: PLC0415
        from adapters.cache.clearings import Clearings  # noqa: PLC0415
        from adapters.cache.reach import Reach  # noqa: PLC0415

        return shared_cache(
            clock,
            _bounds(settings),
            Reach(client),
            prefix=prefix,
            clearings=Clearings(folder),
        )

    return LateCache(build=build)


def _bounds(settings: LiveSettings | ReplaySettings) -> "Bounds":
    from adapters.cache.building import Bounds  # noqa: PLC0415

    return Bounds(
        near_ttl=timedelta(seconds=settings.cache_l1_ttl_seconds),
        near_entries=settings.cache_l1_max_entries,
        bytes=settings.cache_max_bytes,
    )
