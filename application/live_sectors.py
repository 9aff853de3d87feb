"""What the exchange says of industries now; each is asked once a minute for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from application.ports.past_data import IndexQuote, Indices, InvestorData
from application.refreshed import Refreshed
from domain.investors import Flow, Investor
from domain.listing import Market
from domain.sectors import Sector

FROM_DISK = timedelta(seconds=0.5)
"""What names that are kept take to read: so long they are waited for in any case."""

A_DAY = 86_400.0
"""Seconds: names of industries hardly ever change."""

SectorKey = tuple[Market, str]


@dataclass(slots=True, kw_only=True)
class LiveSectors:
    """Names, index quotes and flows of industries, within a caller's patience.

    What does not come in time is left out; it is asked behind the caller.
    """

    indices: Indices
    investors: InvestorData
    _names: "Refreshed[str, Mapping[str, str]]" = field(
        default_factory=lambda: Refreshed(most=1, fresh=A_DAY, servable=A_DAY)
    )
    _quotes: "Refreshed[Market, Sequence[IndexQuote]]" = field(
        default_factory=lambda: Refreshed(most=8)
    )
    _flows: "Refreshed[SectorKey, Mapping[Investor, Flow]]" = field(
        default_factory=lambda: Refreshed(most=500)
    )

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return sum(part.version for part in (self._names, self._quotes, self._flows))

    async def names(self, patience: timedelta) -> Mapping[str, str]:
        """Industry names by code."""
        longest = max(patience, FROM_DISK)
        found = await self._names.of(["names"], self._read_names, longest)
        return found.get("names", {})

    async def quotes(self, patience: timedelta) -> Mapping[str, IndexQuote]:
        """Index quotes of both markets by code."""
        found = await self._quotes.of(Market, self.indices.sector_quotes, patience)
        return {quote.code: quote for quotes in found.values() for quote in quotes}

    async def nets(
        self, sectors: Iterable[Sector], patience: timedelta
    ) -> Mapping[SectorKey, Mapping[Investor, Flow]]:
        """Live flows of whole industries, KRX."""
        keys = [(sector.market, sector.code) for sector in sectors if sector.is_whole]
        return await self._flows.of(keys, self._read_flows, patience)

    async def close(self) -> None:
        """Ends what is still asked behind."""
        for part in (self._names, self._quotes, self._flows):
            await part.close()

    async def _read_names(self, _: str) -> Mapping[str, str]:
        return await self.indices.sector_names()

    async def _read_flows(self, key: SectorKey) -> Mapping[Investor, Flow]:
        return await self.investors.market_flows(*key)
