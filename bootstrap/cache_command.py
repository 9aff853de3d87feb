"""``cache``: what the caches of running processes have done, and letting them go."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from adapters.archive.kept_frames import FrameFiles
from adapters.cache.building import Bounds, shared_cache
from adapters.cache.clearings import Clearings
from adapters.cache.connection import redis_client
from adapters.cache.published_stats import published_stats
from adapters.cache.reach import LostError, Reach
from adapters.cache.redis_usage import RedisUsage, redis_usage
from adapters.clock.system import SystemClock
from adapters.kis.credentials import Credentials
from application.ports.frames import KeptFrames
from bootstrap.broker_folder import broker_folder
from bootstrap.cache_text import as_json, processes_text, usage_text
from bootstrap.caching import clearings_folder, concerns_frames, stats_folder
from bootstrap.settings import LiveSettings, ReplaySettings
from bootstrap.sharing_by_redis import redis_prefix

ANSWERED, REFUSED, USAGE = 0, 1, 2

REDIS_SECONDS = 2.0
"""A person waits longer than a question does."""

_REPLAY = (
    "녹화본(APP_ENV=replay)의 답은 프로세스마다 따로 기억하므로 여기서 보거나 비울"
    " 것이 없습니다. APP_ENV=production(또는 development, staging)으로 실행해 주세요."
)
_NOBODY = "이 DATA_DIR에서 실행 중인 서버가 없습니다."
_NO_REDIS = "Redis에 닿지 않습니다. REDIS_URL과 Redis를 확인해 주세요."


async def cache_stats(
    settings: LiveSettings | ReplaySettings, *, json_only: bool
) -> int:
    """Prints what every living process's cache has done; the exit code."""
    if isinstance(settings, ReplaySettings):
        return _refused(_REPLAY, USAGE)
    folder = stats_folder(_folder(settings))
    processes = await asyncio.to_thread(published_stats, folder)
    usage = await _usage(settings)
    if json_only:
        print(json.dumps(as_json(processes, usage), ensure_ascii=False, indent=2))  # noqa: T201
        return ANSWERED
    print(processes_text(processes) if processes else _NOBODY)  # noqa: T201
    if usage is not None:
        print(usage_text(usage))  # noqa: T201
    return ANSWERED


async def cache_clear(
    settings: LiveSettings | ReplaySettings, prefix: str, is_sure: Callable[[], bool]
) -> int:
    """Lets go what begins so, in every process and in Redis; the exit code.

    Args:
        settings: Of the environment.
        prefix: Of keys; an empty one means all.
        is_sure: Asks whether to go on.
    """
    if isinstance(settings, ReplaySettings):
        return _refused(_REPLAY, USAGE)
    if not is_sure():
        return REFUSED
    folder = _folder(settings)
    clearings = Clearings(clearings_folder(folder))
    try:
        await asyncio.to_thread(clearings.add, prefix)
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = f"{folder}에 쓸 수 없어 비우지 못했습니다({why})."
        return _refused(f"{said} DATA_DIR의 권한과 남은 공간을 확인해 주세요.", REFUSED)
    processes = await asyncio.to_thread(published_stats, stats_folder(folder))
    heard = f"실행 중인 프로세스 {len(processes)}개가 다음 질문부터 1초 안에 비웁니다."
    print(f"{prefix or '모두'}: {heard if processes else _NOBODY}")  # noqa: T201
    async with _redis(settings) as reach:
        if concerns_frames(prefix):
            await _clear_frames(settings, folder, reach)
        if reach is not None:
            return await _clear_redis(settings, reach, prefix)
    return ANSWERED


async def _clear_frames(
    settings: LiveSettings, folder: Path, reach: Reach | None
) -> None:
    kept: KeptFrames = FrameFiles(folder / "frames")
    if reach is not None:
        from adapters.archive.redis_frames import RedisFrames  # noqa: PLC0415

        kept = RedisFrames(kept, reach.client, _prefix(settings))
    gone = await kept.forget()
    print(f"공유한 시세 {gone}벌을 지웠습니다. 다음 질문이 새로 모읍니다.")  # noqa: T201


async def _clear_redis(settings: LiveSettings, reach: Reach, prefix: str) -> int:
    cache = shared_cache(SystemClock(), Bounds(), reach, prefix=_prefix(settings))
    gone = await cache.forget(prefix)
    await cache.close()
    if not all(tier.available for tier in cache.stats()):
        return _refused(
            f"{_NO_REDIS} 그때까지 다른 컴퓨터의 서버는 비우지 않습니다.", REFUSED
        )
    print(f"Redis에서 답 {gone}건을 지웠습니다.")  # noqa: T201
    return ANSWERED


async def _usage(settings: LiveSettings) -> RedisUsage | None:
    """None where no Redis is set, or none answers: that is said."""
    async with _redis(settings) as reach:
        if reach is None:
            return None
        try:
            return await redis_usage(reach, _prefix(settings))
        except LostError:
            print(_NO_REDIS, file=sys.stderr)  # noqa: T201
            return None


@contextlib.asynccontextmanager
async def _redis(settings: LiveSettings) -> AsyncIterator[Reach | None]:
    """The way to the Redis that is set; None where none is."""
    if settings.redis_url is None:
        yield None
        return
    address = settings.redis_url.get_secret_value()
    client = redis_client(address, timeout=REDIS_SECONDS)
    try:
        yield Reach(client, timeout=REDIS_SECONDS)
    finally:
        await client.aclose()


def _folder(settings: LiveSettings) -> Path:
    return broker_folder(
        settings.data_dir,
        base_url=settings.kis_base_url,
        master_url=settings.kis_master_url,
    )


def _prefix(settings: LiveSettings) -> str:
    key, secret = settings.kis_app_key, settings.kis_app_secret
    return redis_prefix(settings, Credentials(app_key=key, app_secret=secret))


def _refused(said: str, code: int) -> int:
    print(said, file=sys.stderr)  # noqa: T201
    return code
