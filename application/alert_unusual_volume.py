"""Alerts of unusual volume: each new frame is scanned, and what is new is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from application.alert_delivery import Delivery, Tally
from application.find_unusual_volume import (
    UnusualStock,
    UnusualVolume,
    UnusualVolumeQuery,
)
from application.ports.alerts import Alert, KeptAlerts
from application.ports.journal import Journal
from application.question import HIGHEST_COUNT
from application.sweeping import STOCKS
from domain.alerting import AlertBook, Alerted, told_of
from domain.errors import VolumeRankingError
from domain.frame import MarketFrame
from domain.listing import Ticker
from domain.provenance import AsOf
from domain.unusual_volume import Level

LEVEL = Level.STRONG
"""What interrupts somebody. A notable stock is there for whoever asks: a whole market
has some on any day, and where each is told nobody reads of the strong ones."""

LONGEST = 1_000
"""Stocks of one scan at most; on such a day the market is the news."""

EXPLAIN_SECONDS = 1.0
"""For reasons: an alert is worth more early than explained."""

Find = Callable[[UnusualVolumeQuery], Awaitable[UnusualVolume]]
Explain = Callable[
    [MarketFrame, Sequence[Ticker]], Awaitable[Mapping[Ticker, Sequence[str]]]
]
"""Codes of reasons, the surest first, of stocks for which there are any."""


@dataclass(slots=True, kw_only=True)
class AlertUnusualVolume:
    """Scans a frame, and hands what is new to every channel; waits for none of them.

    What was told is kept before it is sent: a process that ends in between leaves an
    alert unsent, and none is sent twice.

    Attributes:
        find: Whose volume is unusual now.
        kept: What was told, by any process.
        threshold: The least volume ratio, a fraction.
        level: The lowest level that is told.
        page: Rows of one question at most.
        explain: Looks for reasons of the stocks that a message names; None: nobody.
    """

    find: Find
    kept: KeptAlerts
    deliveries: Sequence[Delivery]
    journal: Journal
    threshold: float = 2.0
    level: Level = LEVEL
    page: int = HIGHEST_COUNT
    explain: Explain | None = None
    explain_seconds: float = EXPLAIN_SECONDS
    _book: AlertBook = field(default_factory=AlertBook)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _telling: "asyncio.Task[None] | None" = None

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """What became of the alerts, by channel."""
        return tuple(delivery.tally for delivery in self.deliveries)

    async def __call__(self, frame: MarketFrame) -> None:
        """The watcher's look at a new frame: of stocks, of any venue."""
        if frame.kinds != STOCKS:
            return
        async with self._turn:  # two frames at once would both find the same news
            await self._scan(frame)

    async def close(self) -> None:
        """Gives what is queued a moment, and ends."""
        await asyncio.gather(*(delivery.close() for delivery in self.deliveries))

    async def _scan(self, frame: MarketFrame) -> None:
        found = await self._found()
        if found is None or found[0].session != frame.session:
            return
        as_of, rows = found
        kept = await self.kept.load()
        book = kept.of(as_of.session).joined(self._book.of(as_of.session))
        news = book.news(_alerted(row, as_of) for row in rows if row.level)
        self._book = book
        if not news:
            return
        news = await self._explained(frame, news)
        self._book = book.noted(news, as_of.as_of, as_of.source)
        alert = Alert(
            session=as_of.session,
            as_of=as_of.as_of,
            is_final=as_of.is_final,
            source=as_of.source,
            stocks=news,
        )
        # A caller that runs out of patience must not leave it kept and unsent.
        self._telling = asyncio.create_task(self._tell(alert, self._book))
        await asyncio.shield(self._telling)

    async def _tell(self, alert: Alert, book: AlertBook) -> None:
        await self.kept.keep(book)
        for delivery in self.deliveries:
            delivery.put(alert)

    async def _found(self) -> tuple[AsOf, list[UnusualStock]] | None:
        """All rows; None where nothing can be judged just now."""
        query = UnusualVolumeQuery(
            threshold=self.threshold, level=self.level, count=self.page
        )
        rows: list[UnusualStock] = []
        try:
            answer = await self.find(query)
            rows += answer.rows
            while answer.next_offset is not None and len(rows) < LONGEST:
                answer = await self.find(replace(query, offset=answer.next_offset))
                rows += answer.rows
        except VolumeRankingError as error:
            self.journal.warning("alert.not_scanned", error=str(error))
            return None
        return answer.as_of, rows

    async def _explained(
        self, frame: MarketFrame, news: tuple[Alerted, ...]
    ) -> tuple[Alerted, ...]:
        """With the reasons that are found in time, of those a message names."""
        if self.explain is None:
            return news
        tickers = [each.ticker for each in told_of(news)[0]]
        try:
            async with asyncio.timeout(self.explain_seconds):
                reasons = await self.explain(frame, tickers)
        except Exception as error:  # unexplained is better than untold
            kind = type(error).__name__
            self.journal.warning("alert.not_explained", kind=kind, error=str(error))
            return news
        return tuple(
            replace(each, reasons=tuple(reasons.get(each.ticker, ()))) for each in news
        )


def _alerted(row: UnusualStock, as_of: AsOf) -> Alerted:
    quote = row.quote
    return Alerted(
        ticker=quote.listing.ticker,
        name=quote.listing.name,
        market=quote.listing.market,
        level=row.level or Level.NOTABLE,
        at=as_of.as_of,
        trading_value=quote.trading_value,
        times_expected=row.times_expected,
        change_rate=quote.change_rate,
    )
