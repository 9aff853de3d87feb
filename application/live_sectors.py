"""What the exchange says of industries now; each is asked once a minute for all."""

import asyncio
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from application.ports.past_data import IndexQuote, Indices, InvestorData
from application.recent import now
from application.single_flight import SingleFlight
from domain.errors import MarketDataError
from domain.investors import Flow, Investor
from domain.listing import Market
from domain.sectors import Sector

FROM_DISK = timedelta(seconds=0.5)
"""What names that are kept take to read: so long they are waited for in any case."""

REUSED_FOR = 60.0
"""Seconds of the loop's time."""

SectorKey = tuple[Market, str]


@dataclass(slots=True, kw_only=True)
class LiveSectors:
    """Names, index quotes and flows of industries, within a caller's patience.

    What does not come in time is left out; it is asked behind the caller.
    """

    indices: Indices
    investors: InvestorData
    _names: Mapping[str, str] = field(default_factory=dict)
    _quotes: dict[Market, tuple[float, Sequence[IndexQuote]]] = field(
        default_factory=dict
    )
    _flows: dict[SectorKey, tuple[float, Mapping[Investor, Flow]]] = field(
        default_factory=dict
    )
    _version: int = 0
    _flights: SingleFlight = field(default_factory=SingleFlight)

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._version

    async def names(self, patience: timedelta) -> Mapping[str, str]:
        """Industry names by code."""
        if not self._names:
            flight = self._flights.start("names", self._read_names)
            await _wait([flight], max(patience, FROM_DISK))
        return self._names

    async def quotes(self, patience: timedelta) -> Mapping[str, IndexQuote]:
        """Index quotes of both markets by code."""
        flights = [
            self._flights.start(
                ("quotes", market), functools.partial(self._read_quotes, market)
            )
            for market in Market
            if not _is_recent(self._quotes.get(market))
        ]
        await _wait(flights, patience)
        known = (self._quotes.get(market) for market in Market)
        recent = [found[1] for found in known if found and _is_recent(found)]
        return {quote.code: quote for quotes in recent for quote in quotes}

    async def nets(
        self, sectors: Iterable[Sector], patience: timedelta
    ) -> Mapping[SectorKey, Mapping[Investor, Flow]]:
        """Live flows of whole industries, KRX."""
        keys = [(sector.market, sector.code) for sector in sectors if sector.is_whole]
        flights = [
            self._flights.start(
                ("flows", *key), functools.partial(self._read_flows, key)
            )
            for key in keys
            if not _is_recent(self._flows.get(key))
        ]
        await _wait(flights, patience)
        known = {key: self._flows.get(key) for key in keys}
        return {key: x[1] for key, x in known.items() if x and _is_recent(x)}

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._flights.close()

    async def _read_names(self) -> None:
        try:
            self._names = await self.indices.sector_names()
            self._version += 1
        except MarketDataError:
            return  # told by its absence

    async def _read_quotes(self, market: Market) -> None:
        try:
            found = await self.indices.sector_quotes(market)
        except MarketDataError:
            return  # told by its absence
        self._quotes[market] = (now(), found)
        self._version += 1

    async def _read_flows(self, key: SectorKey) -> None:
        try:
            found = await self.investors.market_flows(*key)
        except MarketDataError:
            return  # told by its absence
        self._flows[key] = (now(), found)
        self._version += 1


def _is_recent(known: tuple[float, object] | None) -> bool:
    return known is not None and now() - known[0] < REUSED_FOR


async def _wait(flights: "Sequence[asyncio.Task[None]]", patience: timedelta) -> None:
    if flights:
        await asyncio.wait(flights, timeout=max(patience.total_seconds(), 0.001))
