"""How many headlines and disclosures name a stock, within a caller's patience."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from application.ports.past_data import Evidence, Headlines
from application.refreshed import Refreshed
from domain.listing import Ticker

SHOWN_FOR = timedelta(minutes=5)
SERVABLE_SECONDS = 600.0
"""Of the loop's time: an older count is counted anew before it is told."""

_Key = tuple[Ticker, datetime]


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
    _known: "Refreshed[_Key, NewsCount]" = field(
        default_factory=lambda: Refreshed(
            most=2_000, fresh=SHOWN_FOR.total_seconds(), servable=SERVABLE_SECONDS
        )
    )

    @property
    def version(self) -> int:
        """Another number whenever more is known."""
        return self._known.version

    async def of(
        self,
        tickers: Iterable[Ticker],
        since: datetime,
        until: datetime,
        patience: timedelta,
    ) -> Mapping[Ticker, NewsCount]:
        """What could be counted in time; the others are counted behind the caller."""

        async def count(key: _Key) -> NewsCount:
            return _counted(await self.evidence.headlines(*key, until))

        keys = [(ticker, since) for ticker in tickers]
        found = await self._known.of(keys, count, patience)
        return {ticker: count for (ticker, _), count in found.items()}

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._known.close()


def _counted(found: Headlines) -> NewsCount:
    disclosures = sum(row.is_disclosure for row in found.rows)
    return NewsCount(
        news=len(found.rows) - disclosures,
        disclosures=disclosures,
        is_cut=found.is_cut,
    )
