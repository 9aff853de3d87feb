"""The broker's endpoints of investors and programs as methods: parameters in, rows out.

Nothing here knows a token, a limit or the domain.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from adapters.kis.breaker import Breaker
from adapters.kis.calling import Caller, rows_of
from adapters.kis.envelope import Body
from adapters.kis.flow_requests import (
    MARKET_INVESTORS,
    PROGRAM_DAYS,
    PROGRAM_NOW,
    SLOT_ESTIMATES,
    SLOT_LEADERS,
    STOCK_INVESTORS,
    market_investors_params,
    program_days_params,
    slot_estimates_params,
    slot_leaders_params,
    stock_params,
)
from adapters.kis.payloads.market_investors import (
    MarketInvestorsRow,
    parse_market_investors,
)
from adapters.kis.payloads.programs import (
    ProgramDayRow,
    ProgramNowRow,
    parse_program_days,
    parse_program_now,
)
from adapters.kis.payloads.rows import Rows
from adapters.kis.payloads.slot_nets import (
    SlotEstimateRow,
    SlotLeaderRow,
    parse_slot_estimates,
    parse_slot_leaders,
)
from adapters.kis.payloads.stock_investors import (
    StockInvestorsRow,
    parse_stock_investors,
)
from adapters.kis.requests import Endpoint
from adapters.kis.transport import Priority, Transport
from adapters.kis.unreadable import unreadable_row

_RowT = TypeVar("_RowT", bound=BaseModel)


class KisFlowClient:
    """One method per endpoint.

    Every method raises ``MarketDataUnavailableError`` (no good answer in four tries),
    ``MarketDataRefusedError`` (credentials) or ``MarketDataMalformedError`` (there are
    rows, and none can be read). A bad row among good ones is left out and counted in
    the log. An empty list is an answer, but for a market's.
    """

    def __init__(self, transport: Transport, *, breaker: Breaker | None = None) -> None:
        self._caller = Caller(transport, breaker=breaker)

    async def stock_investors(
        self, division: str, code: str, *, priority: Priority = Priority.BACKGROUND
    ) -> tuple[StockInvestorsRow, ...]:
        """One stock's flows of some thirty sessions; J, NX or UN; 백만원."""
        return await self._rows(
            STOCK_INVESTORS,
            stock_params(division, code),
            parse_stock_investors,
            priority,
        )

    async def program_days(
        self, division: str, code: str, *, priority: Priority = Priority.BACKGROUND
    ) -> tuple[ProgramDayRow, ...]:
        """One stock's program trading of the last sessions; J, NX or UN; won."""
        return await self._rows(
            PROGRAM_DAYS,
            program_days_params(division, code),
            parse_program_days,
            priority,
        )

    async def program_now(
        self, division: str, code: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> tuple[ProgramNowRow, ...]:
        """One stock's program trading, the last moments; J, NX or UN; won."""
        return await self._rows(
            PROGRAM_NOW, stock_params(division, code), parse_program_now, priority
        )

    async def slot_leaders(
        self,
        market_code: str,
        *,
        investor_code: str,
        selling: bool,
        priority: Priority = Priority.INTERACTIVE,
    ) -> tuple[SlotLeaderRow, ...]:
        """Largest nets by amount, some thirty; 0001 KOSPI, 1001 KOSDAQ."""
        params = slot_leaders_params(
            market_code, investor_code=investor_code, selling=selling
        )
        return await self._rows(SLOT_LEADERS, params, parse_slot_leaders, priority)

    async def slot_estimates(
        self, code: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> tuple[SlotEstimateRow, ...]:
        """One stock's nets by each slot that has been entered."""
        return await self._rows(
            SLOT_ESTIMATES,
            slot_estimates_params(code),
            parse_slot_estimates,
            priority,
            key="output2",
        )

    async def market_investors(
        self,
        market: str,
        industry: str,
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> MarketInvestorsRow:
        """A market's (``KSP`` 0001, ``KSQ`` 1001) or an industry's flows so far."""
        rows = await self._rows(
            MARKET_INVESTORS,
            market_investors_params(market, industry),
            parse_market_investors,
            priority,
            may_be_empty=False,
        )
        return rows[0]

    async def _rows(  # noqa: PLR0913 - what differs between the endpoints
        self,
        endpoint: Endpoint,
        params: Mapping[str, str],
        parse: Callable[[Iterable[object]], Rows[_RowT]],
        priority: Priority,
        *,
        key: str = "output",
        may_be_empty: bool = True,
    ) -> tuple[_RowT, ...]:
        def read(body: Body) -> Rows[_RowT]:
            return parse(rows_of(body, key, may_be_empty=may_be_empty))

        answer = await self._caller.rows(endpoint, params, read, priority)
        if answer.bad and not answer.good:
            raise unreadable_row(answer.bad[0])
        return answer.good
