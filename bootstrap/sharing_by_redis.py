"""The same among machines: files first where they can, Redis for the rest."""

from pathlib import Path

from adapters.alerts.kept_file import AlertFile
from adapters.alerts.kept_redis import RedisAlerts
from adapters.archive.kept_frames import FrameFiles
from adapters.archive.lease import FileLease
from adapters.archive.redis_frames import RedisFrames
from adapters.cache.connection import redis_client
from adapters.kis.credentials import Credentials
from adapters.kis.redis_budget import redis_budget
from adapters.kis.token_redis import RedisTokens
from adapters.turns.file_turns import FileTurns
from adapters.turns.redis_lease import RedisLease
from adapters.turns.redis_turns import RedisTurns
from application.ports.clock import Clock
from bootstrap.caching import clearings_folder, late_shared_cache
from bootstrap.settings import LiveSettings
from bootstrap.sharing import Sharing

LEASE_SECONDS = 120.0
"""Longer than the longest sweep at the lowest rate: a chore is not left halfway."""

WATCH_SECONDS = 30.0
"""The watcher says every few seconds that it lives; a dead one is soon replaced."""


def redis_prefix(settings: LiveSettings, credentials: Credentials) -> str:
    """What every key of ours begins with: one broker and app key apart from another."""
    return f"mvr:{credentials.fingerprint(settings.kis_base_url)}:"


def sharing_by_redis(
    settings: LiveSettings, folder: Path, credentials: Credentials, clock: Clock
) -> Sharing:
    """Everything that replicas share; while Redis is lost, each machine by itself.

    Raises:
        ValueError: No address of a Redis is set.
    """
    if settings.redis_url is None:
        raise ValueError("redis_url")
    client = redis_client(settings.redis_url.get_secret_value())
    prefix = redis_prefix(settings, credentials)
    turns = RedisTurns(client, prefix, instead=FileTurns(folder / "turns"))

    def lease(name: str, seconds: float = LEASE_SECONDS) -> RedisLease:
        return RedisLease(
            client,
            f"{prefix}lease:{name}",
            instead=FileLease(folder / f"{name}.lock"),
            seconds=seconds,
        )

    return Sharing(
        turns=turns,
        kept=RedisFrames(FrameFiles(folder / "frames"), client, prefix),
        budget=redis_budget(client, prefix.rstrip(":"), settings.kis_rate_limit),
        tokens=RedisTokens(client, turns, prefix),
        house=lease("upkeep"),
        filling=lease("backfill"),
        watch=lease("watch", WATCH_SECONDS),
        alerts=RedisAlerts(AlertFile(folder / "alerts.json"), client, prefix),
        cache=late_shared_cache(
            settings, clock, clearings_folder(folder), client, prefix
        ),
        close=client.aclose,
    )
