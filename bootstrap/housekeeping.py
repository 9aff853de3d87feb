"""What a running server does by itself, wired: frames, flows, profiles, history."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dependency_injector import providers

from application.current_market import CurrentMarket
from application.fill_history import FillHistory
from application.frame_chores import ForgetInstants, SweepFinals
from application.harvest_session import FrameOf, HarvestSession
from application.market_view import MarketView
from application.past_chores import FillPast, FillProfiles, HarvestFlows
from application.ports.lease import Lease
from application.reading import Manner
from application.sweeping import Pool
from application.upkeep import Chore, Upkeep
from application.watch_market import WatchMarket
from bootstrap.alerting import Alerting
from bootstrap.core import Core, Ports
from bootstrap.settings import LiveSettings
from bootstrap.sharing import Sharing
from domain.errors import MarketDataError
from domain.frame import MarketFrame
from domain.listing import Venue
from domain.screening import Universe

HISTORY_SESSIONS = 260
"""About a year: what 52-week ranges and 250-day highs look back on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """The providers of what fills the archive.

    Attributes:
        upkeep: Of a server for many.
        watch: Of a server for many: keeps the market fresh.
        modest_upkeep: Of one person's process: it sweeps only while it is asked.
        lease: Of the process that keeps house in the folder.
        turn: Of the process that fills the past at once; upkeep gives way to it.
    """

    fill_history: providers.Provider[FillHistory]
    harvest: providers.Provider[HarvestSession]
    upkeep: providers.Provider[Upkeep]
    modest_upkeep: providers.Provider[Upkeep]
    watch: providers.Provider[WatchMarket]
    lease: providers.Provider[Lease]
    turn: providers.Provider[Lease]


def housekeeping(
    ports: Ports,
    parts: Core,
    *,
    settings: providers.Provider[LiveSettings],
    shared: providers.Provider[Sharing],
    alerts: providers.Provider[Alerting],
) -> Housekeeping:
    """Everything that fills the archive, over the environment's ports."""
    journal = ports.journal
    rate = settings.provided.kis_rate_limit
    frame_of = providers.Callable(_frame_of, parts.view)
    fill = providers.Singleton(
        FillHistory,
        quotes=ports.quotes,
        bars=ports.bars,
        archive=ports.archive,
        timeliness=parts.timeliness,
        journal=journal,
        manner=providers.Factory(Manner, rate=rate),
    )
    harvest = providers.Singleton(
        HarvestSession,
        quotes=ports.quotes,
        investors=ports.investors,
        indices=ports.indices,
        archive=ports.archive,
        timeliness=parts.timeliness,
        frame_of=frame_of,
        journal=journal,
        manner=providers.Factory(Manner, rate=rate, batch=150, patience=10.0),
    )
    frames = {"frames": ports.archive, "timeliness": parts.timeliness}
    flows = providers.Singleton(
        HarvestFlows, harvest=harvest, timeliness=parts.timeliness
    )
    profiles = providers.Singleton(
        FillProfiles,
        book=parts.book,
        quotes=ports.quotes,
        frame_of=frame_of,
        timeliness=parts.timeliness,
    )
    turn: providers.Provider[Lease] = shared.provided.filling
    past = providers.Singleton(
        FillPast,
        fill=fill,
        timeliness=parts.timeliness,
        turn=turn,
        sessions=HISTORY_SESSIONS,
    )
    whole: providers.Provider[list[Chore]] = providers.List(
        providers.Singleton(ForgetInstants, **frames),
        flows,
        profiles,
        past,
    )
    modest: providers.Provider[list[Chore]] = providers.List(flows, past)
    lease: providers.Provider[Lease] = shared.provided.house
    watch: providers.Provider[WatchMarket] = providers.Singleton(
        WatchMarket,
        market=parts.current,
        lease=shared.provided.watch,
        timeliness=parts.timeliness,
        journal=journal,
        want=parts.book.provided.want,
        forget=providers.Callable(_forgetting, shared),
        finals=providers.Singleton(
            SweepFinals, sweep=parts.current.provided.refresh, **frames
        ),
        seen=alerts.provided.scan,
        asked=providers.Callable(_asked, parts.current, settings),
        elapsed=providers.Callable(_elapsed, settings),
        sleep=providers.Callable(_sleep, settings),
    )
    return Housekeeping(
        fill_history=fill,
        harvest=harvest,
        upkeep=providers.Singleton(Upkeep, chores=whole, lease=lease, journal=journal),
        modest_upkeep=providers.Singleton(
            Upkeep, chores=modest, lease=lease, journal=journal
        ),
        watch=watch,
        lease=lease,
        turn=turn,
    )


def _frame_of(view: MarketView) -> FrameOf:
    async def frame_of(venue: Venue) -> MarketFrame | None:
        """The newest frame of a venue's stocks; None where there is none."""
        try:
            return (await view.seen(Universe(venue=venue))).frame
        except MarketDataError:
            return None

    return frame_of


def _forgetting(shared: Sharing) -> Callable[[str], Awaitable[object]]:
    async def forget(prefix: str) -> None:
        """Lets answers go, in every tier."""
        cache = await shared.cache.ready()
        if cache is not None:
            await cache.forget(prefix)

    return forget


def _elapsed(settings: LiveSettings) -> Callable[[], float]:
    """Seconds that only run forward, as fast as the product's clock."""
    return lambda: asyncio.get_running_loop().time() * settings.clock_speed


def _sleep(settings: LiveSettings) -> Callable[[float], Awaitable[None]]:
    """Sleeps by the same seconds."""
    return lambda seconds: asyncio.sleep(seconds / settings.clock_speed)


def _asked(
    current: CurrentMarket, settings: LiveSettings
) -> Callable[[Pool], float | None]:
    """When a pool was last needed, by the seconds of `_elapsed`."""

    def asked(pool: Pool) -> float | None:
        at = current.asked(pool)
        return None if at is None else at * settings.clock_speed

    return asked
