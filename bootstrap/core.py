"""What every environment has: use cases over ports, whatever stands behind those."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dependency_injector import providers

from application.archive_probe import ArchiveProbe
from application.archived_frames import ArchivedFrames
from application.asked_evidence import AskedEvidence
from application.check_health import CheckHealth, SettingValue
from application.current_market import CurrentMarket
from application.find_unusual_volume import FindUnusualVolume
from application.gather_evidence import GatherEvidence
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
from application.ports.market_data import Quotes
from application.ports.past_data import (
    EnteredNets,
    Evidence,
    Indices,
    Interruptions,
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
from bootstrap.product import VERSION, Closable


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
    interruptions: providers.Provider[Interruptions]
    entered_nets: providers.Provider[EnteredNets]
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
    gather: providers.Provider[GatherEvidence]
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
    flows = providers.Singleton(RecentFlows, kept=ports.archive)
    gather = providers.Singleton(
        GatherEvidence,
        past=past,
        profiles=book,
        asked=providers.Singleton(
            AskedEvidence,
            titles=ports.evidence,
            interruptions=ports.interruptions,
            nets=ports.entered_nets,
            investors=ports.investors,
        ),
        sectors=live_sectors,
        kept=flows,
        timeliness=timeliness,
    )
    return Core(
        timeliness=timeliness,
        current=current,
        view=view,
        movement=providers.Singleton(Movement, past=past),
        book=book,
        live_flows=live_flows,
        live_sectors=live_sectors,
        flows=flows,
        archived=archived,
        news=news,
        minute_bars=minute_bars,
        gather=gather,
        standing=providers.Singleton(
            Standing,
            view=view,
            grows=providers.Dict(
                get_volume_ranking=providers.List(book),
                get_volume_change_ranking=providers.List(news, minute_bars),
                get_investor_ranking=providers.List(live_flows),
                get_sector_volume_ranking=providers.List(live_sectors),
                get_market_cap_ranking=providers.List(book),
                get_unusual_volume=providers.List(gather, book),
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
        find_unusual_volume=providers.Singleton(
            FindUnusualVolume, gather=parts.gather, **usual
        ),
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
        parts.gather,
        *others,
    )


def _tuple(*parts: Probe) -> tuple[Probe, ...]:
    return parts
