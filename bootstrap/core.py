"""What every environment wires the same way: the use cases over their ports."""

import importlib.metadata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dependency_injector import providers

from application.check_health import CheckHealth, SettingValue
from application.current_market import CurrentMarket
from application.market_probe import CalendarProbe, FrameProbe
from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from application.ports.frames import KeptFrames
from application.ports.health import Probe
from application.ports.market_data import Quotes
from application.rank_by_trading_value import RankByTradingValue
from application.sweeping import Sweeper
from application.timeliness import Freshness, Timeliness
from application.use_cases import UseCases

VERSION = importlib.metadata.version("mcp-volume-ranking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A running environment.

    Attributes:
        close: Ends what runs behind; to be awaited once, before the process ends.
        warnings: What the operator should see at the start.
        calls: How many calls the broker has had so far; None where there is none.
    """

    use_cases: UseCases
    environment: str
    close: Callable[[], Awaitable[None]]
    warnings: tuple[str, ...] = ()
    calls: Callable[[], int] | None = None


def market(
    *,
    quotes: providers.Provider[Quotes],
    kept: providers.Provider[KeptFrames],
    clock: providers.Provider[Clock],
    calendar: providers.Provider[TradingCalendar],
    freshness: providers.Provider[Freshness],
) -> providers.Provider[CurrentMarket]:
    """The one holder of frames of an environment."""
    timeliness: providers.Provider[Timeliness] = providers.Singleton(
        Timeliness, clock=clock, calendar=calendar, freshness=freshness
    )
    return providers.Singleton(
        CurrentMarket,
        sweeper=providers.Singleton(Sweeper, quotes=quotes, timeliness=timeliness),
        kept=kept,
        timeliness=timeliness,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an environment says of itself."""

    environment: str
    settings: Mapping[str, SettingValue]
    started: datetime
    highest_count: int
    leads_when_cold: bool


def use_cases(
    *,
    quotes: providers.Provider[Quotes],
    current: providers.Provider[CurrentMarket],
    probes: tuple[providers.Provider[Probe], ...],
    facts: providers.Provider[Facts],
) -> providers.Provider[UseCases]:
    """Every use case, plugged into the environment's ports."""
    return providers.Singleton(
        UseCases,
        rank_by_trading_value=providers.Singleton(
            RankByTradingValue,
            quotes=quotes,
            market=current,
            highest_count=facts.provided.highest_count,
            leads_when_cold=facts.provided.leads_when_cold,
        ),
        check_health=providers.Singleton(
            CheckHealth,
            probes=providers.Callable(
                _tuple,
                *probes,
                providers.Singleton(FrameProbe, current),
                providers.Singleton(CalendarProbe, current),
            ),
            timeliness=current.provided.timeliness,
            source=quotes.provided.source,
            version=VERSION,
            environment=facts.provided.environment,
            settings=facts.provided.settings,
            started=facts.provided.started,
        ),
    )


def _tuple(*parts: Probe) -> tuple[Probe, ...]:
    return parts
