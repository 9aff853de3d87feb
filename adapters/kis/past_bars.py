"""The broker behind the port of past sessions."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from typing_extensions import override

from adapters.kis.bar_mapping import to_stock_bars
from adapters.kis.client import KisClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.mapping import INDEX_CODES, MILLION, MOST, division_of
from adapters.kis.payloads.minute_bars import MinuteBarRow
from adapters.kis.payloads.rows import Rows
from adapters.kis.stock_client import KisStockClient
from adapters.kis.transport import Priority
from adapters.kis.unreadable import unreadable, unreadable_row
from application.ports.past_data import PastBars
from domain.bars import StockBars
from domain.listing import Market, Ticker, Venue, Won

ONE_DAY = timedelta(days=1)


class KisPastBars(PastBars):
    """KIS bars, raw; a venue is KRX or NXT, for ALL every method raises ValueError."""

    def __init__(
        self, client: KisClient, stocks: KisStockClient, indices: KisIndexClient
    ) -> None:
        self._client = client
        self._stocks = stocks
        self._indices = indices

    @override
    async def daily_bars(
        self, ticker: Ticker, venue: Venue, first: date, last: date
    ) -> StockBars:
        bars = await self._client.daily_bars(
            division_of(venue), ticker, first, last, priority=Priority.BACKGROUND
        )
        return to_stock_bars(ticker, venue, bars, (first, last))

    @override
    async def value_at(
        self, ticker: Ticker, venue: Venue, session: date, at: time
    ) -> Won | None:
        bars = await self._stocks.dated_minutes(
            division_of(venue), ticker, session, at, priority=Priority.INTERACTIVE
        )
        return _value_by(bars, session, at)

    @override
    async def official_totals(
        self, market: Market, first: date, last: date
    ) -> Mapping[date, Won]:
        totals: dict[date, Won] = {}
        until = last
        while until >= first:
            page = await self._indices.days(INDEX_CODES[market], until)
            if page.bad and not page.good:
                raise unreadable_row(page.bad[0])
            for row in page.good:
                value = row.acml_tr_pbmn * MILLION
                if first <= row.stck_bsop_date <= last and 0 < value <= MOST:
                    totals[row.stck_bsop_date] = Won(value)
            oldest = min((row.stck_bsop_date for row in page.good), default=None)
            if oldest is None or oldest > until:  # no further back
                break
            until = oldest - ONE_DAY
        return totals


def _value_by(bars: Rows[MinuteBarRow], session: date, at: time) -> Won | None:
    """What the newest bar of the day up to that minute bears.

    Raises:
        MarketDataMalformedError: A bar that might be the newest cannot be read.
    """
    until = _minute(at)
    there = [
        row
        for row in bars.good
        if row.stck_bsop_date == session and _minute(row.stck_cntg_hour) <= until
    ]
    newest = max(there, key=lambda row: row.stck_cntg_hour, default=None)
    for wrong in bars.bad:
        if newest is None or _may_follow(wrong.code, newest.stck_cntg_hour):
            raise unreadable_row(wrong)
    if newest is None:
        return None
    if newest.acml_tr_pbmn > MOST:
        raise unreadable("acml_tr_pbmn", newest.acml_tr_pbmn)
    return Won(newest.acml_tr_pbmn)


def _minute(moment: time) -> time:
    return moment.replace(second=0, microsecond=0, tzinfo=None)


def _may_follow(label: str, newest: time) -> bool:
    """Whether a bar so labelled may be newer; one without a time may be any."""
    plain = len(label) == 6 and label.isascii() and label.isdigit()
    return not plain or label > f"{newest:%H%M%S}"
