"""The environments over the broker: one wiring, three names, lifetimes included."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import aiohttp
import structlog
from dependency_injector import containers, providers

from adapters.archive.sql_archive import SqlArchive
from adapters.calendar.broker_days import BrokerDays
from adapters.calendar.krx import KrxCalendar
from adapters.kis.authorisation import Authorised
from adapters.kis.breaker import Breaker
from adapters.kis.client import KisClient
from adapters.kis.credentials import Credentials
from adapters.kis.http import HttpTransport, open_session
from adapters.kis.open_days import OpenDays
from adapters.kis.probes import BreakerProbe, BrokerProbe, BudgetProbe, TokenProbe
from adapters.kis.throttle import Limiter, Throttled
from adapters.kis.token import TokenStore
from adapters.kis.token_issuer import HttpTokenIssuer
from adapters.kis.transport import Transport
from adapters.kis.watching import Watched
from application.alerts_probe import AlertsProbe
from application.cache_probe import CacheProbe
from application.ports.archive import Archive
from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from application.use_cases import UseCases
from application.watcher_probe import WatcherProbe
from bootstrap import core
from bootstrap.alerting import alerting
from bootstrap.caching import let_frames_go, stats_folder
from bootstrap.housekeeping import housekeeping
from bootstrap.kis_sources import folder_in, kis_sources
from bootstrap.live_parts import (
    archive_of,
    folder_of,
    live_facts,
    started_clock,
    token_patience,
)
from bootstrap.product import Memory, Product, close_all
from bootstrap.settings import LiveSettings
from bootstrap.sharing import sharing
from bootstrap.waiting import SERVING, Waiting
from domain.provenance import Source

_log = structlog.get_logger(__name__)

CALENDAR_WAIT_SECONDS = 5
CRASH_SECONDS = 10
CALENDAR_LOOK_SECONDS = 3600
"""How often a long-running process looks whether the calendar is of today."""


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
    shared = providers.Singleton(sharing, settings, folder, credentials, clock)
    breaker = providers.Singleton(Breaker)
    limiter = providers.Singleton(
        Limiter, settings.provided.kis_rate_limit, budget=shared.provided.budget
    )
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
        shared=shared.provided.tokens,
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
    transport: providers.Provider[Transport] = providers.Singleton(
        Authorised,
        providers.Singleton(Throttled, watched, limiter),
        credentials=credentials,
        tokens=tokens,
    )
    _sources = kis_sources(
        transport=transport,
        folder=partial(folder_in, folder),
        clock=clock,
        source=source,
        breaker=breaker,
    )
    quotes = _sources.quotes
    kis_quotes = _sources.kis_quotes
    client = providers.Singleton(KisClient, transport)
    broker_days = providers.Singleton(
        BrokerDays,
        folder.provided.joinpath.call("calendar.json"),
        providers.Singleton(OpenDays, client),
    )
    calendar: providers.Provider[TradingCalendar] = providers.Singleton(
        KrxCalendar, broker_days
    )
    archive: providers.Provider[Archive] = providers.Singleton(
        SqlArchive, providers.Callable(archive_of, settings, folder)
    )
    _ports = core.Ports(
        quotes=quotes,
        kept=shared.provided.kept,
        turns=shared.provided.turns,
        archive=archive,
        bars=_sources.bars,
        profiles=_sources.profiles,
        investors=_sources.investors,
        indices=_sources.indices,
        evidence=_sources.evidence,
        interruptions=_sources.interruptions,
        entered_nets=_sources.entered_nets,
        clock=clock,
        calendar=calendar,
        freshness=waiting.provided.freshness,
        journal=providers.Object(structlog.get_logger("behind")),
    )
    _parts = core.core(_ports)
    current = _parts.current
    facts = providers.Singleton(
        live_facts, settings, waiting, clock.provided.now.call()
    )
    alerts = providers.Singleton(
        alerting,
        settings,
        shared.provided.alerts,
        http,
        quotes,
        _parts.view,
        _ports.journal,
        _parts.gather,
    )
    _housekeeping = housekeeping(
        _ports, _parts, settings=settings, shared=shared, alerts=alerts
    )
    use_cases: providers.Provider[UseCases] = core.use_cases(
        _ports,
        _parts,
        probes=(
            providers.Singleton(BrokerProbe, watched, clock, breaker),
            providers.Singleton(BreakerProbe, breaker, clock),
            providers.Singleton(TokenProbe, tokens),
            providers.Singleton(BudgetProbe, limiter),
            providers.Singleton(WatcherProbe, _housekeeping.watch),
            providers.Singleton(AlertsProbe, alerts.provided.scan),
            providers.Singleton(
                CacheProbe,
                shared.provided.cache.built,
                settings.provided.cache_max_bytes,
            ),
        ),
        facts=facts,
    )
    fill_history = _housekeeping.fill_history
    harvest = _housekeeping.harvest
    upkeep = _housekeeping.upkeep
    modest_upkeep = _housekeeping.modest_upkeep
    watch = _housekeeping.watch
    house_lease = _housekeeping.lease
    filling_turn = _housekeeping.turn
    cache = shared.provided.cache
    memory = providers.Singleton(
        Memory,
        cache=cache,
        standing=_parts.standing,
        clock=clock,
        told_in=providers.Callable(stats_folder, folder),
    )
    closables = core.closables(
        _parts,
        alerts,
        cache,
        _sources.kis_quotes,
        _sources.kis_indices,
        archive,
        tokens,
        limiter,
        shared,
    )


@contextlib.asynccontextmanager
async def live(
    settings: LiveSettings, waiting: Waiting = SERVING
) -> AsyncIterator[Product]:
    """Every use case over the broker, while the block lasts."""
    async with open_session() as http:
        container = Live(settings=settings, http=http, waiting=waiting)
        container.check_dependencies()
        limiter, closables = container.limiter(), container.closables()
        container.cache().told = partial(let_frames_go, container.current())
        keeping = asyncio.create_task(_keep_calendar(container))

        async def close() -> None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await close_all(closables)

        try:
            yield Product(
                use_cases=container.use_cases(),
                memory=container.memory(),
                feed=container.alerts().feed,
                environment=settings.app_env,
                close=close,
                warnings=settings.warnings,
                calls=lambda: limiter.stats.granted,
                fill_history=container.fill_history(),
                harvest=container.harvest(),
                filling_turn=container.filling_turn(),
                house_lease=container.house_lease(),
                keep_house=partial(_keep_house, container) if settings.upkeep else None,
            )
        finally:
            await close()


async def _keep_house(container: Live, sweeps: bool) -> None:
    """The slow loop, with sweeps of its own or without; until it is cancelled."""
    await asyncio.sleep(CALENDAR_WAIT_SECONDS)
    if not sweeps:
        await container.modest_upkeep().run()
        return
    await asyncio.gather(
        _again_and_again("upkeep", container.upkeep().run),
        _again_and_again("watch", container.watch().run),
    )


async def _again_and_again(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """What should never end is begun anew, and takes nothing else with it."""
    while True:
        try:
            await run()
        except Exception:
            _log.exception("behind.crashed", work=name)
        await asyncio.sleep(CRASH_SECONDS)


async def _keep_calendar(container: Live) -> None:
    """Asks the broker's calendar once a day, behind a start's own questions."""
    await asyncio.sleep(CALENDAR_WAIT_SECONDS)
    broker_days, clock = container.broker_days(), container.clock()
    while True:
        await broker_days.refresh(clock.now())
        await asyncio.sleep(CALENDAR_LOOK_SECONDS)
