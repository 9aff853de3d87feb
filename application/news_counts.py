"""How many headlines and disclosures name a stock, within a caller's patience."""

import asyncio
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.ports.past_data import Evidence, Headlines
from application.recent import Recent
from application.single_flight import SingleFlight
from domain.errors import MarketDataError
from domain.listing import Ticker

SHOWN_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsCount:
    """Titles that name a stock.

    Attributes:
        is_cut: There may be more: the broker's pages were not read to their end.
    """

    news: int
    disclosures: int
    is_cut: bool


@dataclass(slots=True, kw_only=True)
class NewsCounts:
    """Counts titles in a window; an answer is reused for five minutes."""

    evidence: Evidence
    _known: "Recent[tuple[Ticker, datetime, datetime], NewsCount]" = field(
        default_factory=lambda: Recent(2_000)
    )
    _version: int = 0
    _flights: SingleFlight = field(default_factory=SingleFlight)

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._version

    async def of(
        self,
        tickers: Iterable[Ticker],
        since: datetime,
        until: datetime,
        patience: timedelta,
    ) -> Mapping[Ticker, NewsCount]:
        """What could be counted in time; the others are counted behind the caller."""
        minutes = timedelta(minutes=until.minute % 5, seconds=until.second)
        edge = until - minutes - timedelta(microseconds=until.microsecond)
        keys = [(ticker, since, edge) for ticker in tickers]
        asked = [
            self._flights.start(key, functools.partial(self._count, key, until))
            for key in keys
            if self._known.get(key) is None
        ]
        if asked:
            await asyncio.wait(asked, timeout=max(patience.total_seconds(), 0.001))
        counted = {key[0]: self._known.get(key) for key in keys}
        return {ticker: count for ticker, count in counted.items() if count is not None}

    async def _count(
        self, key: tuple[Ticker, datetime, datetime], until: datetime
    ) -> None:
        ticker, since, _ = key
        try:
            found = await self.evidence.headlines(ticker, since, until)
        except MarketDataError:
            return  # told by its absence
        self._known.keep(key, _counted(found))
        self._version += 1

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._flights.close()


def _counted(found: Headlines) -> NewsCount:
    disclosures = sum(row.is_disclosure for row in found.rows)
    return NewsCount(
        news=len(found.rows) - disclosures,
        disclosures=disclosures,
        is_cut=found.is_cut,
    )
