"""The broker behind the port: quotes, witnesses and the first rows of its rankings."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog
from typing_extensions import override

from adapters.kis.client import KisClient
from adapters.kis.mapping import (
    INDEX_CODES,
    division_of,
    market_code_of,
    rank_measure_of,
    to_frame,
    to_official_totals,
    to_witness,
)
from adapters.kis.master_store import MasterStore
from adapters.kis.payloads.index_price import IndexPrice
from adapters.kis.payloads.rows import Rows
from adapters.kis.payloads.volume_rank import VolumeRankRow
from adapters.kis.sweep import QuoteSweep
from adapters.kis.transport import Priority
from application.ports.clock import Clock
from application.ports.market_data import Quotes, WitnessChoice
from application.single_flight import SingleFlight
from domain.audit import Witness
from domain.errors import (
    MarketDataError,
    MarketDataMalformedError,
    MarketDataUnavailableError,
)
from domain.frame import NO_TOTALS, MarketFrame, OfficialTotals
from domain.frame_joining import add_venues
from domain.leaders import Leaders
from domain.listing import Listings, Market, Venue
from domain.provenance import Source
from domain.ranking import Measure
from domain.screening import Universe

NO_ETP = "0000001100"
"""The exclusion mask's digits for ETF and ETN."""

WITNESS_SPAN = timedelta(days=30)
"""Calendar days of bars to ask for: longer than any row of holidays."""

_log = structlog.get_logger(__name__)


class KisQuotes(Quotes):
    """KIS quotes of KOSPI and KOSDAQ on KRX and NXT."""

    def __init__(
        self, client: KisClient, masters: MasterStore, clock: Clock, source: Source
    ) -> None:
        self._client = client
        self._masters = masters
        self._clock = clock
        self._source = source
        self._bars = SingleFlight()

    @property
    @override
    def source(self) -> Source:
        return self._source

    @override
    async def listings(self) -> Listings:
        return await self._masters.listings()

    @override
    async def sweep(
        self, listings: Listings, venue: Venue, session: date
    ) -> MarketFrame:
        began = self._clock.now()
        sweep = QuoteSweep(self._client, division_of(venue))
        rows = await sweep.run([item.ticker for item in listings])
        official = NO_TOTALS
        if venue is Venue.KRX:
            official = await self._official_totals(Priority.SWEEP)
        ended = self._clock.now()
        _log.info(
            "kis.swept",
            venue=venue.value,
            listed=len(listings),
            quoted=len(rows),
            seconds=round((ended - began).total_seconds(), 2),
        )
        return to_frame(
            listings,
            rows,
            venue=venue,
            session=session,
            swept=(began, ended),
            official=official,
        )

    @override
    async def newest_bar(
        self, ticker: str, venue: Venue, *, urgent: bool
    ) -> Witness | None:
        # The first rows and the sweep behind them call the same witnesses, but nobody
        # who waits is put behind the sweep.
        priority = Priority.INTERACTIVE if urgent else Priority.SWEEP
        asked = self._bars.start(
            (ticker, venue, priority),
            lambda: self._newest_bar(ticker, venue, priority),
        )
        return await asyncio.shield(asked)

    async def _newest_bar(
        self, ticker: str, venue: Venue, priority: Priority
    ) -> Witness | None:
        today = self._clock.now().date()
        bars = await self._client.daily_bars(
            division_of(venue), ticker, today - WITNESS_SPAN, today, priority=priority
        )
        return to_witness(ticker, bars.good)

    @override
    async def leaders(
        self, universe: Universe, by: Measure, witnesses: WitnessChoice
    ) -> Leaders:
        began = self._clock.now()
        venues = _venues_of(universe.venue)
        lists, every = await asyncio.gather(
            asyncio.gather(*(self._ranked(v, universe, by) for v in venues)),
            self.listings(),
        )
        listings = every.of_kinds(universe.kinds)
        bound = sum(_bound(ranked, by) for ranked in lists)
        if every.dated is None or every.dated < began.date():  # no new listing in it
            bound = max(bound, _unlisted(lists, every, by))
        named = {code for ranked in lists for code in _codes(ranked)}
        named |= {x.ticker for x in witnesses(listings.of_market(universe.market))}
        candidates = Listings(
            items=tuple(item for item in listings if item.ticker in named),
            dated=listings.dated,
        )
        frames = await asyncio.gather(
            *(self._requoted(candidates, venue, began) for venue in venues)
        )
        frame = add_venues(*frames) if len(frames) == 2 else frames[0]
        if universe.venue is Venue.KRX:
            official = await self._official_totals(Priority.INTERACTIVE)
            frame = replace(frame, official=official)
        return Leaders(
            frame=frame,
            venues=tuple(frames),
            by=by,
            unseen_at_most=bound,
        )

    async def close(self) -> None:
        """Ends what is still asked behind."""
        await self._bars.close()
        await self._masters.close()

    async def _ranked(
        self, venue: Venue, universe: Universe, by: Measure
    ) -> Rows[VolumeRankRow]:
        return await self._client.volume_rank(
            division_of(venue),
            market_code=market_code_of(universe.market),
            measure=rank_measure_of(by),
            excluded=NO_ETP,
        )

    async def _requoted(
        self, candidates: Listings, venue: Venue, began: datetime
    ) -> MarketFrame:
        """The candidates' exact quotes, ahead of any sweep."""
        there = candidates.on_venue(venue)
        sweep = QuoteSweep(self._client, division_of(venue), Priority.INTERACTIVE)
        rows = await sweep.run([item.ticker for item in there])
        now = self._clock.now()
        return to_frame(
            there, rows, venue=venue, session=now.date(), swept=(began, now)
        )

    async def _official_totals(self, priority: Priority) -> OfficialTotals:
        """What could be had of the two index totals."""
        kospi, kosdaq = await asyncio.gather(
            self._index(Market.KOSPI, priority), self._index(Market.KOSDAQ, priority)
        )
        return to_official_totals(kospi, kosdaq)

    async def _index(self, market: Market, priority: Priority) -> IndexPrice | None:
        try:
            return await self._client.index_price(
                INDEX_CODES[market], priority=priority
            )
        except MarketDataError as error:
            _log.warning("kis.no_official_total", market=market.name, error=str(error))
            return None


def _venues_of(venue: Venue) -> Sequence[Venue]:
    return (Venue.KRX, Venue.NXT) if venue is Venue.ALL else (venue,)


def _codes(ranked: Rows[VolumeRankRow]) -> list[str]:
    """Codes of a list, those of unreadable rows too: their quotes are read anew.

    Raises:
        MarketDataMalformedError: A row does not even say whose it is.
    """
    for row in ranked.bad:
        if not row.code:
            raise MarketDataMalformedError(
                "증권사 순위의 한 줄에 종목코드가 없습니다.",
                field=row.field,
                value=row.value,
            )
    return [row.mksc_shrn_iscd for row in ranked.good] + [x.code for x in ranked.bad]


def _bound(ranked: Rows[VolumeRankRow], by: Measure) -> int:
    """What no stock outside the list exceeds: its last row's.

    Also of a list shorter than thirty rows, which may have lost its end.

    Raises:
        MarketDataUnavailableError: A row is missing among them.
        MarketDataMalformedError: None can be read.
    """
    if not ranked.good:
        if ranked.bad:
            raise MarketDataMalformedError(
                "증권사 순위에서 읽을 수 있는 줄이 없습니다.", field="output"
            )
        return 0
    rows = len(ranked.good) + len(ranked.bad)
    if max(row.data_rank for row in ranked.good) > rows:
        raise MarketDataUnavailableError(
            "증권사 순위에 빠진 줄이 있습니다. 잠시 후 다시 물어 주세요."
        )
    return min(_figure(row, by) for row in ranked.good)


def _unlisted(
    lists: Iterable[Rows[VolumeRankRow]], listings: Listings, by: Measure
) -> int:
    """The most that a ranked code has which the masters do not know.

    With masters of the day it is out of scope (KONEX). With older ones it may be new.
    """
    sums: Counter[str] = Counter()
    for ranked in lists:
        for row in ranked.good:
            if row.mksc_shrn_iscd not in listings.row_of:
                sums[row.mksc_shrn_iscd] += _figure(row, by)
    return max(sums.values(), default=0)


def _figure(row: VolumeRankRow, by: Measure) -> int:
    match by:
        case Measure.TRADING_VALUE:
            return row.acml_tr_pbmn
        case Measure.VOLUME:
            return row.acml_vol
        case Measure.TURNOVER_RATE:
            raise ValueError("no broker's list is by it")
