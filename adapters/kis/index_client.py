"""The broker's endpoints of indices as methods: parameters in, rows out.

Nothing here knows a token, a limit or the domain.
"""

from datetime import date

from adapters.kis.breaker import Breaker
from adapters.kis.calling import Caller, rows_of
from adapters.kis.envelope import Body
from adapters.kis.index_requests import (
    INDEX_CATEGORIES,
    INDEX_DAYS,
    index_categories_params,
    index_days_params,
)
from adapters.kis.payloads.index_categories import (
    IndexCategoryRow,
    parse_index_categories,
)
from adapters.kis.payloads.index_days import IndexDayRow, parse_index_days
from adapters.kis.payloads.rows import Rows
from adapters.kis.transport import Priority, Transport


class KisIndexClient:
    """One method per endpoint.

    Every method raises ``MarketDataUnavailableError`` (no good answer in four tries),
    ``MarketDataRefusedError`` (credentials) or ``MarketDataMalformedError`` (the answer
    as a whole is not what was recorded). A bad row is no error: it is returned as such.
    """

    def __init__(self, transport: Transport, *, breaker: Breaker | None = None) -> None:
        self._caller = Caller(transport, breaker=breaker)

    async def days(
        self, code: str, until: date, *, priority: Priority = Priority.BACKGROUND
    ) -> Rows[IndexDayRow]:
        """Up to a hundred sessions of one index, from a day back, newest first."""
        params = index_days_params(code, until)

        def read(body: Body) -> Rows[IndexDayRow]:
            return parse_index_days(rows_of(body, "output2"))

        return await self._caller.rows(INDEX_DAYS, params, read, priority)

    async def categories(
        self,
        market_letter: str,
        code: str,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Rows[IndexCategoryRow]:
        """Every index of a market now: ``K`` with 0001, or ``Q`` with 1001."""
        params = index_categories_params(market_letter, code)

        def read(body: Body) -> Rows[IndexCategoryRow]:
            return parse_index_categories(rows_of(body, "output2", may_be_empty=False))

        return await self._caller.rows(INDEX_CATEGORIES, params, read, priority)
