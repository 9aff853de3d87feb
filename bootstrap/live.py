"""The environments over the broker: one wiring, three names, lifetimes included."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import aiohttp
from dependency_injector import containers, providers

from adapters.archive.kept_frames import FrameFiles
from adapters.calendar.broker_days import BrokerDays
from adapters.calendar.krx import KrxCalendar
from adapters.clock.started import StartedClock
from adapters.clock.system import SystemClock
from adapters.kis.authorisation import Authorised
from adapters.kis.client import KisClient
from adapters.kis.credentials import Credentials
from adapters.kis.http import HttpTransport, open_session
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.open_days import OpenDays
from adapters.kis.probes import BrokerProbe, BudgetProbe, TokenProbe
from adapters.kis.throttle import Limiter, Throttled
from adapters.kis.token import TokenStore
from adapters.kis.token_issuer import HttpTokenIssuer
from adapters.kis.watching import Watched
from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from application.ports.frames import KeptFrames
from application.ports.market_data import Quotes
from application.use_cases import UseCases
from bootstrap import core
from bootstrap.broker_folder import broker_folder
from bootstrap.kis_port import as_port
from bootstrap.settings import LiveSettings
from bootstrap.waiting import SERVING, Waiting
from domain.provenance import Source

TOLD_BEFORE_SECONDS = 2
CALENDAR_WAIT_SECONDS = 5
CALENDAR_LOOK_SECONDS = 3600
"""How often a long-running process looks whether the calendar is of today."""


def started_clock(settings: LiveSettings) -> Clock:
    """Now, or the instant a rehearsal starts at."""
    return StartedClock(settings.clock_at) if settings.clock_at else SystemClock()


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
        },
        started=started,
        highest_count=settings.max_ranking_count,
        leads_when_cold=waiting.leads_when_cold,
    )


class Live(containers.DeclarativeContainer):
    """The ports, plugged into KIS."""

    settings = providers.Dependency(instance_of=LiveSettings)
    http = providers.Dependency(instance_of=aiohttp.ClientSession)
    waiting = providers.Dependency(instance_of=Waiting, default=SERVING)

    clock: providers.Provider[Clock] = providers.Singleton(started_clock, settings)
    source = providers.Object(Source(name="kis"))
    credentials = providers.Singleton(
        Credentials,
        app_key=settings.provided.kis_app_key,
        app_secret=settings.provided.kis_app_secret,
    )
    folder = providers.Singleton(folder_of, settings)
    limiter = providers.Singleton(Limiter, settings.provided.kis_rate_limit)
    tokens = providers.Singleton(
        TokenStore,
        settings.provided.data_dir,
        credentials=credentials,
        base_url=settings.provided.kis_base_url,
        issuer=providers.Singleton(
            HttpTokenIssuer,
            http,
            base_url=settings.provided.kis_base_url,
            credentials=credentials,
        ),
        clock=clock,
        patience=providers.Callable(token_patience, waiting),
    )
    watched = providers.Singleton(
        Watched,
        providers.Singleton(
            HttpTransport,
            http,
            base_url=settings.provided.kis_base_url,
            master_url=settings.provided.kis_master_url,
        ),
        clock,
    )
    transport = providers.Singleton(
        Authorised,
        providers.Singleton(Throttled, watched, limiter),
        credentials=credentials,
        tokens=tokens,
    )
    client = providers.Singleton(KisClient, transport)
    kis_quotes = providers.Singleton(
        KisQuotes,
        client,
        providers.Singleton(
            MasterStore,
            transport,
            folder.provided.joinpath.call("masters"),
            clock,
        ),
        clock,
        source,
    )
    quotes: providers.Provider[Quotes] = providers.Singleton(as_port, kis_quotes)
    kept: providers.Provider[KeptFrames] = providers.Singleton(
        FrameFiles, folder.provided.joinpath.call("frames")
    )
    broker_days = providers.Singleton(
        BrokerDays,
        folder.provided.joinpath.call("calendar.json"),
        providers.Singleton(OpenDays, client),
    )
    calendar: providers.Provider[TradingCalendar] = providers.Singleton(
        KrxCalendar, broker_days
    )
    current = core.market(
        quotes=quotes,
        kept=kept,
        clock=clock,
        calendar=calendar,
        freshness=waiting.provided.freshness,
    )
    facts = providers.Singleton(
        live_facts, settings, waiting, clock.provided.now.call()
    )
    use_cases: providers.Provider[UseCases] = core.use_cases(
        quotes=quotes,
        current=current,
        probes=(
            providers.Singleton(BrokerProbe, watched, clock),
            providers.Singleton(TokenProbe, tokens),
            providers.Singleton(BudgetProbe, limiter),
        ),
        facts=facts,
    )


@contextlib.asynccontextmanager
async def live(
    settings: LiveSettings, waiting: Waiting = SERVING
) -> AsyncIterator[core.Product]:
    """Every use case over the broker, while the block lasts."""
    async with open_session() as http:
        container = Live(settings=settings, http=http, waiting=waiting)
        container.check_dependencies()
        current, quotes = container.current(), container.kis_quotes()
        tokens, limiter = container.tokens(), container.limiter()
        keeping = asyncio.create_task(_keep_calendar(container))

        async def close() -> None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await current.close()
            await quotes.close()
            await tokens.close()

        try:
            yield core.Product(
                use_cases=container.use_cases(),
                environment=settings.app_env,
                close=close,
                warnings=settings.warnings,
                calls=lambda: limiter.stats.granted,
            )
        finally:
            await close()


async def _keep_calendar(container: Live) -> None:
    """Asks the broker's calendar once a day, behind a start's own questions."""
    await asyncio.sleep(CALENDAR_WAIT_SECONDS)
    broker_days, clock = container.broker_days(), container.clock()
    while True:
        await broker_days.refresh(clock.now())
        await asyncio.sleep(CALENDAR_LOOK_SECONDS)
