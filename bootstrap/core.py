"""What every environment has: use cases over ports, whatever stands behind those."""

import importlib.metadata
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import structlog
from dependency_injector import providers

from adapters.mcp_server.alert_feed import AlertFeed
from application.archive_probe import ArchiveProbe
from application.archived_frames import ArchivedFrames
from application.check_health import CheckHealth, SettingValue
from application.current_market import CurrentMarket
from application.fill_history import FillHistory
from application.find_unusual_volume import FindUnusualVolume
from application.harvest_session import HarvestSession
from application.keep_profiles import ProfileBook
from application.live_flows import LiveFlows
from application.live_sectors import LiveSectors
from application.market_probe import CalendarProbe, FrameProbe
from application.market_view import MarketView
from application.movement import Movement
from application.news_counts import NewsCounts
from application.past_market import PastMarket
from application.ports.archive import Archive
from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from application.ports.frames import KeptFrames
from application.ports.health import Probe
from application.ports.journal import Journal
from application.ports.lease import Lease
from application.ports.market_data import Quotes
from application.ports.past_data import (
    Evidence,
    Indices,
    InvestorData,
    PastBars,
    ProfileSource,
)
from application.ports.turns import Turns
from application.rank_by_growth import RankByGrowth
from application.rank_by_investor import RankByInvestor
from application.rank_by_market_cap import RankByMarketCap
from application.rank_by_trading_value import RankByTradingValue
from application.rank_sectors import RankSectors
from application.recent_flows import RecentFlows
from application.same_time_bars import SameTimeBars
from application.standing import Standing
from application.sweeping import Sweeper
from application.timeliness import Freshness, Timeliness
from application.use_cases import UseCases
from bootstrap.caching import LateCache

_log = structlog.get_logger(__name__)

VERSION = importlib.metadata.version("mcp-volume-ranking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is needed to give an answer again.

    Attributes:
        cache: Where answers are.
        standing: Whether they still stand.
        clock: By which they age.
        told_in: Where other processes read what the cache does; None: nowhere.
    """

    cache: LateCache
    standing: Standing
    clock: Clock
    told_in: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A running environment.

    Attributes:
        memory: Of answers that were given.
        feed: The resource of alerts.
        close: Ends what runs behind; to be awaited once, before the process ends.
        warnings: What the operator should see at the start.
        calls: How many calls the broker has had so far; None where there is none.
        fill_history: Fills the archive's past; None where there is nothing to fill.
        harvest: Keeps a closed session's flows; None likewise.
        filling_turn: Of the one process that fills the past at once; None likewise.
        house_lease: Of the one process that keeps house; None likewise.
        keep_house: The slow loop of a long-running server, True for one that also
            sweeps by itself; None where there is nothing to keep.
    """

    use_cases: UseCases
    memory: Memory
    feed: AlertFeed
    environment: str
    close: Callable[[], Awaitable[None]]
    warnings: tuple[str, ...] = ()
    calls: Callable[[], int] | None = None
    fill_history: FillHistory | None = None
    harvest: HarvestSession | None = None
    filling_turn: Lease | None = None
    house_lease: Lease | None = None
    keep_house: Callable[[bool], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The providers of everything that stands outside."""

    quotes: providers.Provider[Quotes]
    kept: providers.Provider[KeptFrames]
    turns: providers.Provider[Turns]
    archive: providers.Provider[Archive]
    bars: providers.Provider[PastBars]
    profiles: providers.Provider[ProfileSource]
    investors: providers.Provider[InvestorData]
    indices: providers.Provider[Indices]
    evidence: providers.Provider[Evidence]
    clock: providers.Provider[Clock]
    calendar: providers.Provider[TradingCalendar]
    freshness: providers.Provider[Freshness]
    journal: providers.Provider[Journal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an environment says of itself."""

    environment: str
    settings: Mapping[str, SettingValue]
    started: datetime
    highest_count: int
    leads_when_cold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The application's own parts, each made once."""

    timeliness: providers.Provider[Timeliness]
    current: providers.Provider[CurrentMarket]
    view: providers.Provider[MarketView]
    movement: providers.Provider[Movement]
    book: providers.Provider[ProfileBook]
    live_flows: providers.Provider[LiveFlows]
    live_sectors: providers.Provider[LiveSectors]
    flows: providers.Provider[RecentFlows]
    archived: providers.Provider[ArchivedFrames]
    news: providers.Provider[NewsCounts]
    minute_bars: providers.Provider[SameTimeBars]
    standing: providers.Provider[Standing]


def core(ports: Ports) -> Core:
    """The application over the ports of an environment."""
    timeliness: providers.Provider[Timeliness] = providers.Singleton(
        Timeliness,
        clock=ports.clock,
        calendar=ports.calendar,
        freshness=ports.freshness,
    )
    archived = providers.Singleton(
        ArchivedFrames,
        kept=ports.kept,
        archive=ports.archive,
        timeliness=timeliness,
        journal=ports.journal,
    )
    current = providers.Singleton(
        CurrentMarket,
        sweeper=providers.Singleton(
            Sweeper, quotes=ports.quotes, timeliness=timeliness
        ),
        kept=archived,
        timeliness=timeliness,
        turns=ports.turns,
    )
    past = providers.Singleton(PastMarket, frames=ports.archive, timeliness=timeliness)
    view = providers.Singleton(MarketView, current=current, past=past)
    book = providers.Singleton(
        ProfileBook,
        source=ports.profiles,
        archive=ports.archive,
        quotes=ports.quotes,
        timeliness=timeliness,
        journal=ports.journal,
    )
    live_flows = providers.Singleton(LiveFlows, investors=ports.investors)
    live_sectors = providers.Singleton(
        LiveSectors, indices=ports.indices, investors=ports.investors
    )
    news = providers.Singleton(NewsCounts, evidence=ports.evidence)
    minute_bars = providers.Singleton(SameTimeBars, bars=ports.bars)
    return Core(
        timeliness=timeliness,
        current=current,
        view=view,
        movement=providers.Singleton(Movement, past=past),
        book=book,
        live_flows=live_flows,
        live_sectors=live_sectors,
        flows=providers.Singleton(RecentFlows, kept=ports.archive),
        archived=archived,
        news=news,
        minute_bars=minute_bars,
        standing=providers.Singleton(
            Standing,
            view=view,
            grows=providers.Dict(
                get_volume_ranking=providers.List(book),
                get_volume_change_ranking=providers.List(news, minute_bars),
                get_investor_ranking=providers.List(live_flows),
                get_sector_volume_ranking=providers.List(live_sectors),
                get_market_cap_ranking=providers.List(book),
                get_unusual_volume=providers.List(),
            ),
        ),
    )


def use_cases(
    ports: Ports,
    parts: Core,
    *,
    probes: tuple[providers.Provider[Probe], ...],
    facts: providers.Provider[Facts],
) -> providers.Provider[UseCases]:
    """Every use case, plugged into the environment's ports."""
    usual = {
        "quotes": ports.quotes,
        "view": parts.view,
        "highest_count": facts.provided.highest_count,
    }
    return providers.Singleton(
        UseCases,
        rank_by_trading_value=providers.Singleton(
            RankByTradingValue,
            profiles=parts.book,
            movement=parts.movement,
            leads_when_cold=facts.provided.leads_when_cold,
            **usual,
        ),
        rank_by_growth=providers.Singleton(
            RankByGrowth, bars=parts.minute_bars, news=parts.news, **usual
        ),
        rank_by_investor=providers.Singleton(
            RankByInvestor, kept=parts.flows, live=parts.live_flows, **usual
        ),
        rank_sectors=providers.Singleton(
            RankSectors, live=parts.live_sectors, kept=parts.flows, **usual
        ),
        rank_by_market_cap=providers.Singleton(
            RankByMarketCap, profiles=parts.book, **usual
        ),
        find_unusual_volume=providers.Singleton(FindUnusualVolume, **usual),
        check_health=providers.Singleton(
            CheckHealth,
            probes=providers.Callable(
                _tuple,
                *probes,
                providers.Singleton(FrameProbe, parts.current),
                providers.Singleton(CalendarProbe, parts.current),
                providers.Singleton(ArchiveProbe, ports.archive),
            ),
            timeliness=parts.timeliness,
            source=ports.quotes.provided.source,
            version=VERSION,
            environment=facts.provided.environment,
            settings=facts.provided.settings,
            started=facts.provided.started,
        ),
    )


class Closable(Protocol):
    """What runs behind, or holds something open."""

    async def close(self) -> None:
        """Ends it."""
        ...


def closables(
    parts: Core, *others: providers.Provider[Any]
) -> providers.Provider[list[Closable]]:
    """Everything to be closed at the end, in this order; ``others`` come last."""
    return providers.List(
        parts.current,
        parts.archived,
        parts.book,
        parts.live_flows,
        parts.live_sectors,
        parts.news,
        parts.minute_bars,
        *others,
    )


async def close_all(closables: Iterable[Closable]) -> None:
    """Closes one after another; one that fails keeps none of the others open."""
    for part in closables:
        try:
            await part.close()
        except Exception:
            _log.exception("close_failed", part=type(part).__name__)


def _tuple(*parts: Probe) -> tuple[Probe, ...]:
    return parts
