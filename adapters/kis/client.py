"""The broker's endpoints as methods: parameters in, payloads out.

Nothing here knows a token, a limit or the domain.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from adapters.kis.breaker import Breaker
from adapters.kis.calling import Caller, note_bad, object_of, rows_of
from adapters.kis.envelope import Body
from adapters.kis.payloads.daily_bars import DailyBars, parse_daily_bars
from adapters.kis.payloads.holidays import HolidayRow, parse_holidays
from adapters.kis.payloads.index_price import IndexPrice
from adapters.kis.payloads.market_time import MarketTime
from adapters.kis.payloads.multi_quote import MultiQuoteRows, parse_multi_quote
from adapters.kis.payloads.rows import RejectedRow, Rows
from adapters.kis.payloads.volume_rank import VolumeRankRow, parse_volume_rank
from adapters.kis.requests import (
    DAILY_BARS,
    HOLIDAYS,
    INDEX_PRICE,
    MARKET_TIME,
    MULTI_QUOTE,
    VOLUME_RANK,
    RankMeasure,
    daily_bars_params,
    multi_quote_params,
    volume_rank_params,
)
from adapters.kis.transport import Priority, Transport


class KisClient:
    """One method per endpoint.

    Every method raises ``MarketDataUnavailableError`` (no good answer in four tries),
    ``MarketDataRefusedError`` (credentials) or ``MarketDataMalformedError`` (the answer
    as a whole is not what was recorded). A bad row is no error: it is returned as such.
    """

    def __init__(self, transport: Transport, *, breaker: Breaker | None = None) -> None:
        self._caller = Caller(transport, breaker=breaker)

    async def multi_quote(
        self,
        slots: Sequence[tuple[str, str]],
        *,
        priority: Priority = Priority.INTERACTIVE,
    ) -> MultiQuoteRows:
        """Quotes of up to thirty ``(division, code)``, divisions J, NX or UN.

        Rows do not say their division, so no code may stand in two slots. A row that
        was not asked for, or comes twice, is among the bad ones.

        Raises:
            ValueError: No slot, more than thirty, or a code twice.
        """
        params = multi_quote_params(slots)

        def read(body: Body) -> MultiQuoteRows:
            return parse_multi_quote(rows_of(body, "output", may_be_empty=False))

        answer = await self._caller.ask(MULTI_QUOTE, params, read, priority)
        answer = _only_asked(answer, {code for _, code in slots})
        note_bad(MULTI_QUOTE, answer)
        return answer

    async def volume_rank(  # noqa: PLR0913 - the broker has more
        self,
        division: str,
        *,
        market_code: str = "0000",
        measure: RankMeasure = RankMeasure.TRADING_VALUE,
        excluded: str = "0000000000",
        min_price: int | None = None,
        max_price: int | None = None,
        priority: Priority = Priority.INTERACTIVE,
    ) -> Rows[VolumeRankRow]:
        """The broker's first thirty at one venue, J or NX (UN is refused).

        Args:
            division: J for KRX, NX for Nextrade.
            market_code: 0000 all, 0001 KOSPI, 1001 KOSDAQ, or an industry.
            measure: What the broker ranks by.
            excluded: Ten digits, 1 leaves out: 투자위험/경고/주의, 관리종목, 정리매매,
                불성실공시, 우선주, 거래정지, ETF, ETN, 신용주문불가, SPAC.
            min_price: Won, inclusive.
            max_price: Won, inclusive.
            priority: Its place at the limiter.
        """
        params = volume_rank_params(
            division,
            market_code=market_code,
            measure=measure,
            excluded=excluded,
            prices=(min_price, max_price),
        )
        unbounded = min_price is None and max_price is None

        def read(body: Body) -> Rows[VolumeRankRow]:
            return parse_volume_rank(
                rows_of(body, "output", may_be_empty=not unbounded)
            )

        return await self._caller.rows(VOLUME_RANK, params, read, priority)

    async def index_price(
        self, code: str, *, priority: Priority = Priority.INTERACTIVE
    ) -> IndexPrice:
        """One index now: 0001 KOSPI, 1001 KOSDAQ."""
        params = {"FID_COND_MRKT_DIV_CODE": "U", "FID_INPUT_ISCD": code}
        return await self._caller.ask(
            INDEX_PRICE,
            params,
            lambda body: object_of(body, "output", IndexPrice),
            priority,
        )

    async def daily_bars(  # noqa: PLR0913 - as many as the endpoint has
        self,
        division: str,
        code: str,
        start: date,
        end: date,
        *,
        adjusted: bool = False,
        priority: Priority = Priority.INTERACTIVE,
    ) -> DailyBars:
        """Up to a hundred daily bars of one stock, newest first; J, NX or UN."""
        params = daily_bars_params(division, code, start, end, adjusted=adjusted)

        def read(body: Body) -> DailyBars:
            return parse_daily_bars(body.get("output1"), rows_of(body, "output2"))

        return await self._caller.rows(DAILY_BARS, params, read, priority)

    async def holidays(
        self, from_date: date, *, priority: Priority = Priority.BACKGROUND
    ) -> Rows[HolidayRow]:
        """The 24 days from this one on; to be asked once a day (ledger service)."""
        params = {
            "BASS_DT": f"{from_date:%Y%m%d}",
            "CTX_AREA_NK": "",
            "CTX_AREA_FK": "",
        }

        def read(body: Body) -> Rows[HolidayRow]:
            return parse_holidays(rows_of(body, "output", may_be_empty=False))

        return await self._caller.rows(HOLIDAYS, params, read, priority)

    async def market_time(
        self, *, priority: Priority = Priority.INTERACTIVE
    ) -> MarketTime:
        """The broker's date and time."""
        return await self._caller.ask(
            MARKET_TIME,
            {},
            lambda body: object_of(body, "output1", MarketTime),
            priority,
        )


def _only_asked(answer: MultiQuoteRows, asked: set[str]) -> MultiQuoteRows:
    """Moves rows nobody asked for, and second rows of one code, to the bad ones."""
    left = set(asked)
    odd: list[str] = []
    for row in answer.good:
        if row.inter_shrn_iscd in left:
            left.remove(row.inter_shrn_iscd)
        else:
            odd.append(row.inter_shrn_iscd)
    if not odd:
        return answer
    first = {row.inter_shrn_iscd: row for row in reversed(answer.good)}
    return replace(
        answer,
        good=tuple(row for code, row in reversed(first.items()) if code in asked),
        bad=answer.bad
        + tuple(
            RejectedRow(code=code, field="inter_shrn_iscd", value=code) for code in odd
        ),
    )
