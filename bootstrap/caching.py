"""The cache of answers, wired: built behind the start, for its libraries are heavy."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from application.check_health import SettingValue
from application.current_market import CurrentMarket
from application.ports.cache import Cache
from application.ports.clock import Clock
from bootstrap.settings import LiveSettings, ReplaySettings

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from adapters.cache.building import Bounds
    from adapters.cache.tiers import TieredCache, Told

_log = structlog.get_logger(__name__)

FRAMES = "frame:"
"""How the names of published frames begin, for whoever clears them."""


async def _nobody(prefix: str) -> None:
    """There is nothing else to let go."""


@dataclass(slots=True, kw_only=True)
class LateCache:
    """The cache, once it is there; questions that come before are answered without.

    Attributes:
        build: Makes it; blocking, for it loads what it needs first.
        told: Told of every prefix that others let go.
    """

    build: "Callable[[Told], TieredCache]"
    told: "Told" = _nobody
    _built: "TieredCache | None" = None
    _building: "asyncio.Task[None] | None" = field(default=None)

    def now(self) -> Cache | None:
        """The cache; None while it is not there yet."""
        if self._built is None and self._building is None:
            self._building = asyncio.get_running_loop().create_task(self._build())
        return self._built

    def built(self) -> Cache | None:
        """The same, without making one."""
        return self._built

    async def ready(self) -> Cache | None:
        """The cache, waited for; None where it could not be made."""
        self.now()
        if self._building is not None:
            await asyncio.wait([self._building])
        return self._built

    async def close(self) -> None:
        """Ends what it computes behind."""
        if self._building is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._building
        if self._built is not None:
            await self._built.close()

    async def _build(self) -> None:
        try:
            self._built = await asyncio.to_thread(self.build, self._tell)
        except Exception:
            _log.exception("cache.not_built")  # questions are answered without

    async def _tell(self, prefix: str) -> None:
        await self.told(prefix)


def late_cache(
    settings: LiveSettings | ReplaySettings, clock: Clock, folder: Path | None
) -> LateCache:
    """The cache of one process, not built yet.

    Args:
        settings: Of the environment.
        clock: By which answers age.
        folder: Where processes tell each other what to let go; None: nobody does.
    """

    def build(told: "Told") -> "TieredCache":
        from adapters.cache.building import memory_cache  # noqa: PLC0415
        from adapters.cache.clearings import Clearings  # noqa: PLC0415

        clearings = Clearings(folder) if folder else None
        return memory_cache(clock, _bounds(settings), clearings=clearings, told=told)

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

    def build(told: "Told") -> "TieredCache":
        from adapters.cache.building import shared_cache  # noqa: PLC0415
        from adapters.cache.clearings import Clearings  # noqa: PLC0415
        from adapters.cache.reach import Reach  # noqa: PLC0415

        return shared_cache(
            clock,
            _bounds(settings),
            Reach(client),
            prefix=prefix,
            clearings=Clearings(folder),
            told=told,
        )

    return LateCache(build=build)


def concerns_frames(prefix: str) -> bool:
    """Whether who lets go what begins so means the published frames too."""
    return FRAMES.startswith(prefix) or prefix.startswith(FRAMES)


async def let_frames_go(current: CurrentMarket, prefix: str) -> None:
    """Where what others let go concerns frames, this process's go too."""
    if concerns_frames(prefix):
        current.forget()


async def keep_published(cache: LateCache, folder: Path, started: datetime) -> None:
    """Writes what the cache does where ``cache stats`` looks, until it is cancelled.

    Args:
        cache: This process's.
        folder: Of such files alone.
        started: When this process began.
    """
    ready = await cache.ready()
    if ready is None:
        return
    from adapters.cache.published_stats import PublishedStats  # noqa: PLC0415

    await PublishedStats(folder, ready, started=started).run()


def clearings_folder(folder: Path) -> Path:
    """Within a broker's folder: where operators tell what to let go."""
    return folder / "cache"


def stats_folder(folder: Path) -> Path:
    """Within a broker's folder: where processes write what their caches do."""
    return clearings_folder(folder) / "stats"


def cache_facts(settings: LiveSettings | ReplaySettings) -> dict[str, SettingValue]:
    """What every environment says of its cache."""
    return {
        "cache_l1_ttl_seconds": settings.cache_l1_ttl_seconds,
        "cache_l2_ttl_seconds": settings.cache_l2_ttl_seconds,
        "cache_l1_max_entries": settings.cache_l1_max_entries,
        "cache_max_bytes": settings.cache_max_bytes,
    }


def _bounds(settings: LiveSettings | ReplaySettings) -> "Bounds":
    from adapters.cache.building import Bounds  # noqa: PLC0415

    return Bounds(
        near_ttl=timedelta(seconds=settings.cache_l1_ttl_seconds),
        near_entries=settings.cache_l1_max_entries,
        bytes=settings.cache_max_bytes,
    )
