"""The broker's endpoints of one stock's past, profile and headlines as methods.

Nothing here knows a token, a limit or the domain.
"""

from datetime import date, datetime, time

from adapters.kis.breaker import Breaker
from adapters.kis.calling import Caller, object_of, rows_of
from adapters.kis.envelope import Body
from adapters.kis.payloads.minute_bars import MinuteBarRow, parse_minute_bars
from adapters.kis.payloads.news_titles import NewsTitleRow, parse_news_titles
from adapters.kis.payloads.rows import Rows
from adapters.kis.payloads.stock_price import StockPrice
from adapters.kis.stock_requests import (
    DATED_MINUTES,
    NEWS_TITLES,
    STOCK_PRICE,
    dated_minutes_params,
    news_titles_params,
    stock_price_params,
)
from adapters.kis.transport import Priority, Transport


class KisStockClient:
    """One method per endpoint.

    Every method raises ``MarketDataUnavailableError`` (no good answer in four tries),
    ``MarketDataRefusedError`` (credentials) or ``MarketDataMalformedError`` (the answer
    as a whole is not what was recorded). A bad row is no error: it is returned as such.
    """

    def __init__(self, transport: Transport, *, breaker: Breaker | None = None) -> None:
        self._caller = Caller(transport, breaker=breaker)

    async def price(
        self, division: str, code: str, *, priority: Priority = Priority.BACKGROUND
    ) -> StockPrice:
        """One stock's quote and profile; J, NX or UN, an ETN with its Q."""
        return await self._caller.ask(
            STOCK_PRICE,
            stock_price_params(division, code),
            lambda body: object_of(body, "output", StockPrice),
            priority,
        )

    async def dated_minutes(
        self,
        division: str,
        code: str,
        day: date,
        until: time,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Rows[MinuteBarRow]:
        """Up to 120 minute bars of one day within a year, newest first.

        The last is that of the minute of ``until``. A day without bars has none.
        """
        params = dated_minutes_params(division, code, day, until)

        def read(body: Body) -> Rows[MinuteBarRow]:
            return parse_minute_bars(rows_of(body, "output2"))

        return await self._caller.rows(DATED_MINUTES, params, read, priority)

    async def news_titles(
        self,
        code: str,
        until: datetime,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Rows[NewsTitleRow]:
        """Some forty titles filed under a stock, newest first.

        Those of the second of ``until`` are among them.
        """
        params = news_titles_params(code, until)

        def read(body: Body) -> Rows[NewsTitleRow]:
            return parse_news_titles(rows_of(body, "output"))

        return await self._caller.rows(NEWS_TITLES, params, read, priority)
