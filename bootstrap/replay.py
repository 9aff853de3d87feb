"""The environment over a recording: the broker's adapter, with no broker behind it."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from dependency_injector import containers, providers
from typing_extensions import override

from adapters.archive.kept_frames import ForgottenFrames
from adapters.archive.sql_archive import SqlArchive
from adapters.calendar.krx import KrxCalendar
from adapters.kis.transport import Transport
from adapters.replay.bundle import bundled_recording
from adapters.replay.clock import RecordedClock
from adapters.replay.probe import RecordingProbe
from adapters.replay.recording import Recording
from adapters.replay.transport import ReplayTransport
from application.cache_probe import CacheProbe
from application.ports.archive import Archive
from application.ports.clock import Clock
from application.ports.journal import Journal
from application.shared_sweeps import FreeTurns
from application.timeliness import Freshness
from application.use_cases import UseCases
from bootstrap import core
from bootstrap.alerting import silent_feed
from bootstrap.caching import cache_facts, late_cache
from bootstrap.kis_sources import folder_in, kis_sources
from bootstrap.product import Memory, Product, close_all
from bootstrap.settings import ReplaySettings

_log = structlog.get_logger(__name__)


def replay_facts(
    settings: ReplaySettings, recording: Recording, started: datetime
) -> core.Facts:
    """What this environment says of itself."""
    return core.Facts(
        environment=settings.app_env,
        settings={
            "replay_recording": recording.source.name,
            "replay_at": started.isoformat(),
            "max_ranking_count": settings.max_ranking_count,
            **cache_facts(settings),
        },
        started=started,
        highest_count=settings.max_ranking_count,
        leads_when_cold=False,
    )


class QuietJournal(Journal):
    """What a recording does not hold is no trouble: told in the answers alone."""

    @override
    def warning(self, event: str, **facts: object) -> None:
        _log.debug(event, **facts)


class Replay(containers.DeclarativeContainer):
    """The ports, plugged into a recording; the archive is memory."""

    settings = providers.Dependency(instance_of=ReplaySettings)
    scratch = providers.Dependency(instance_of=Path)
    recording = providers.Dependency(instance_of=Recording)

    clock: providers.Provider[Clock] = providers.Singleton(
        RecordedClock, recording, at=settings.provided.replay_at
    )
    transport: providers.Provider[Transport] = providers.Singleton(
        ReplayTransport, recording, clock
    )
    _sources = kis_sources(
        transport=transport,
        folder=partial(folder_in, scratch),
        clock=clock,
        source=recording.provided.source,
        breaker=providers.Object(None),
    )
    archive: providers.Provider[Archive] = providers.Singleton(SqlArchive, "sqlite://")
    _ports = core.Ports(
        quotes=_sources.quotes,
        kept=providers.Singleton(ForgottenFrames),
        turns=providers.Singleton(FreeTurns),
        archive=archive,
        bars=_sources.bars,
        profiles=_sources.profiles,
        investors=_sources.investors,
        indices=_sources.indices,
        evidence=_sources.evidence,
        interruptions=_sources.interruptions,
        entered_nets=_sources.entered_nets,
        clock=clock,
        calendar=providers.Singleton(KrxCalendar),
        freshness=providers.Object(Freshness()),
        journal=providers.Singleton(QuietJournal),
    )
    _parts = core.core(_ports)
    cache = providers.Singleton(late_cache, settings, clock, None)
    use_cases: providers.Provider[UseCases] = core.use_cases(
        _ports,
        _parts,
        probes=(
            providers.Singleton(RecordingProbe, recording),
            providers.Singleton(
                CacheProbe, cache.provided.built, settings.provided.cache_max_bytes
            ),
        ),
        facts=providers.Singleton(
            replay_facts, settings, recording, clock.provided.now.call()
        ),
    )
    memory = providers.Singleton(
        Memory, cache=cache, standing=_parts.standing, clock=clock
    )
    closables = core.closables(
        _parts, cache, _sources.kis_quotes, _sources.kis_indices, archive
    )


@contextlib.asynccontextmanager
async def replay(settings: ReplaySettings) -> AsyncIterator[Product]:
    """Every use case over a recording, while the block lasts.

    Raises:
        VolumeRankingError: The recording cannot be read, or does not reach back to
            the instant asked for.
    """
    recording = Recording.open(settings.replay_recording or bundled_recording())
    with tempfile.TemporaryDirectory(prefix="mcp-volume-ranking-") as scratch:
        container = Replay(
            settings=settings, recording=recording, scratch=Path(scratch)
        )
        container.check_dependencies()
        closables = container.closables()

        async def close() -> None:
            await close_all(closables)

        try:
            yield Product(
                use_cases=container.use_cases(),
                memory=container.memory(),
                feed=silent_feed(),
                environment=settings.app_env,
                close=close,
                warnings=settings.warnings,
            )
        finally:
            await close()
