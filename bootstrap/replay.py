"""The environment over a recording: the broker's adapter, with no broker behind it."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from dependency_injector import containers, providers

from adapters.archive.kept_frames import ForgottenFrames
from adapters.calendar.krx import KrxCalendar
from adapters.kis.client import KisClient
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.replay.bundle import bundled_recording
from adapters.replay.clock import RecordedClock
from adapters.replay.probe import RecordingProbe
from adapters.replay.recording import Recording
from adapters.replay.transport import ReplayTransport
from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from application.ports.frames import KeptFrames
from application.ports.market_data import Quotes
from application.timeliness import Freshness
from application.use_cases import UseCases
from bootstrap import core
from bootstrap.kis_port import as_port
from bootstrap.settings import ReplaySettings


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
        },
        started=started,
        highest_count=settings.max_ranking_count,
        leads_when_cold=False,
    )


class Replay(containers.DeclarativeContainer):
    """The ports, plugged into a recording."""

    settings = providers.Dependency(instance_of=ReplaySettings)
    scratch = providers.Dependency(instance_of=Path)
    recording = providers.Dependency(instance_of=Recording)

    clock: providers.Provider[Clock] = providers.Singleton(
        RecordedClock, recording, at=settings.provided.replay_at
    )
    transport = providers.Singleton(ReplayTransport, recording, clock)
    kis_quotes = providers.Singleton(
        KisQuotes,
        providers.Singleton(KisClient, transport),
        providers.Singleton(MasterStore, transport, scratch, clock),
        clock,
        recording.provided.source,
    )
    quotes: providers.Provider[Quotes] = providers.Singleton(as_port, kis_quotes)
    kept: providers.Provider[KeptFrames] = providers.Singleton(ForgottenFrames)
    calendar: providers.Provider[TradingCalendar] = providers.Singleton(KrxCalendar)
    current = core.market(
        quotes=quotes,
        kept=kept,
        clock=clock,
        calendar=calendar,
        freshness=providers.Object(Freshness()),
    )
    use_cases: providers.Provider[UseCases] = core.use_cases(
        quotes=quotes,
        current=current,
        probes=(providers.Singleton(RecordingProbe, recording),),
        facts=providers.Singleton(
            replay_facts, settings, recording, clock.provided.now.call()
        ),
    )


@contextlib.asynccontextmanager
async def replay(settings: ReplaySettings) -> AsyncIterator[core.Product]:
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
        current, quotes = container.current(), container.kis_quotes()

        async def close() -> None:
            await current.close()
            await quotes.close()

        try:
            yield core.Product(
                use_cases=container.use_cases(),
                environment=settings.app_env,
                close=close,
                warnings=settings.warnings,
            )
        finally:
            await close()
