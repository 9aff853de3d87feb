"""KIS behind every port of data, over whichever transport an environment has."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dependency_injector import providers

from adapters.kis.client import KisClient
from adapters.kis.entered_nets import KisEnteredNets
from adapters.kis.evidence import KisEvidence
from adapters.kis.flow_client import KisFlowClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.index_names import IndexNames
from adapters.kis.indices import KisIndices
from adapters.kis.interruptions import KisInterruptions
from adapters.kis.investors import KisInvestors
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.kis.past_bars import KisPastBars
from adapters.kis.profiles import KisProfiles
from adapters.kis.stock_client import KisStockClient
from adapters.kis.transport import Transport
from application.ports.clock import Clock
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
from domain.provenance import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class KisSources:
    """The broker's adapters; ``kis_quotes`` and ``kis_indices`` are to be closed."""

    kis_quotes: providers.Provider[KisQuotes]
    kis_indices: providers.Provider[KisIndices]
    quotes: providers.Provider[Quotes]
    bars: providers.Provider[PastBars]
    profiles: providers.Provider[ProfileSource]
    investors: providers.Provider[InvestorData]
    indices: providers.Provider[Indices]
    evidence: providers.Provider[Evidence]
    interruptions: providers.Provider[Interruptions]
    entered_nets: providers.Provider[EnteredNets]


def kis_sources(
    *,
    transport: providers.Provider[Transport],
    folder: Callable[[str], providers.Provider[Path]],
    clock: providers.Provider[Clock],
    source: providers.Provider[Source],
    breaker: providers.Provider[Any],
) -> KisSources:
    """Every adapter over one transport.

    Args:
        transport: Calls and downloads.
        folder: Gives the provider of a folder by name, for what is kept of the day.
        clock: The environment's.
        source: What answers are said to rest on.
        breaker: A `Breaker` of the broker; None: nothing is to be spared.
    """
    client = providers.Singleton(KisClient, transport, breaker=breaker)
    stocks = providers.Singleton(KisStockClient, transport, breaker=breaker)
    index_client = providers.Singleton(KisIndexClient, transport, breaker=breaker)
    kis_quotes = providers.Singleton(
        KisQuotes,
        client,
        providers.Singleton(MasterStore, transport, folder("masters"), clock),
        clock,
        source,
    )
    kis_indices = providers.Singleton(
        KisIndices,
        index_client,
        providers.Singleton(IndexNames, transport, folder("index-names"), clock),
    )
    flow_client = providers.Singleton(KisFlowClient, transport, breaker=breaker)
    return KisSources(
        kis_quotes=kis_quotes,
        kis_indices=kis_indices,
        quotes=providers.Singleton(_quotes, kis_quotes),
        bars=providers.Singleton(KisPastBars, client, stocks, index_client),
        profiles=providers.Singleton(KisProfiles, stocks, clock),
        investors=providers.Singleton(KisInvestors, flow_client, clock),
        indices=providers.Singleton(_indices, kis_indices),
        evidence=providers.Singleton(KisEvidence, stocks),
        interruptions=providers.Singleton(KisInterruptions, transport, breaker=breaker),
        entered_nets=providers.Singleton(KisEnteredNets, flow_client, clock),
    )


def folder_in(folder: providers.Provider[Path], name: str) -> providers.Provider[Path]:
    """A folder's folder."""
    return folder.provided.joinpath.call(name)


def _quotes(quotes: KisQuotes) -> Quotes:
    """The same, known by its port alone: what the type checker holds it to."""
    return quotes


def _indices(indices: KisIndices) -> Indices:
    """The same, known by its port alone."""
    return indices
