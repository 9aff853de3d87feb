"""What the environments over the broker are made of, from their settings."""

from datetime import datetime
from pathlib import Path

from adapters.archive.archive_url import ArchiveUrl, archive_url, file_url
from adapters.clock.started import StartedClock
from adapters.clock.system import SystemClock
from application.ports.clock import Clock
from bootstrap import core
from bootstrap.broker_folder import broker_folder
from bootstrap.caching import cache_facts
from bootstrap.settings import LiveSettings
from bootstrap.waiting import Waiting

TOLD_BEFORE_SECONDS = 2


def started_clock(settings: LiveSettings) -> Clock:
    """Now, or the instant a rehearsal starts at, and how fast that one runs."""
    if settings.clock_at is None:
        return SystemClock()
    return StartedClock(
        settings.clock_at, settings.clock_speed, since=settings.clock_since
    )


def folder_of(settings: LiveSettings) -> Path:
    """Where this broker's frames, masters and calendar are kept."""
    return broker_folder(
        settings.data_dir,
        base_url=settings.kis_base_url,
        master_url=settings.kis_master_url,
    )


def token_patience(waiting: Waiting) -> float:
    """Seconds; less than a question's, so that a wait for a token is told as such."""
    return waiting.freshness.patience.total_seconds() - TOLD_BEFORE_SECONDS


def live_facts(
    settings: LiveSettings, waiting: Waiting, started: datetime
) -> core.Facts:
    """What this environment says of itself; never a secret."""
    return core.Facts(
        environment=settings.app_env,
        settings={
            "kis_base_url": settings.kis_base_url,
            "kis_rate_limit": settings.kis_rate_limit,
            "data_dir": str(settings.data_dir),
            "max_ranking_count": settings.max_ranking_count,
            "clock_at": settings.clock_at.isoformat() if settings.clock_at else None,
            **cache_facts(settings),
            "redis": settings.redis_url is not None,
        },
        started=started,
        highest_count=settings.max_ranking_count,
        leads_when_cold=waiting.leads_when_cold,
    )


def archive_of(settings: LiveSettings, folder: Path) -> ArchiveUrl:
    """Where past sessions are kept: as set, else a file beside the frames."""
    if settings.archive_url is None:
        return file_url(folder / "archive.sqlite3")
    return archive_url(settings.archive_url.get_secret_value())
