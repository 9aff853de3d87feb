"""Asks the broker raw questions, politely, and remembers what several facts need."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from typing_extensions import override

from adapters.kis.envelope import OVER_LIMIT, says_any_of
from adapters.kis.errors import KisUnreachableError
from adapters.kis.facts.raw import RawAnswer, RawMaster, text
from adapters.kis.master_store import FILES
from adapters.kis.masters import LAYOUTS, MasterRecord
from adapters.kis.requests import (
    DAILY_BARS,
    MULTI_QUOTE,
    SLOTS,
    VOLUME_RANK,
    Endpoint,
    RankMeasure,
    daily_bars_params,
    volume_rank_params,
)
from adapters.kis.transport import KisRequest, KisResponse, Transport
from application.ports.calendar import TradingCalendar
from application.ports.clock import Clock
from domain.errors import MarketDataUnavailableError
from domain.listing import Market

NO_ETP = "0000001100"
TRIES = 3
BETWEEN_TRIES = 0.5


class Continued(Transport):
    """Another transport's exchanges, each asking for the next page (tr_cont N)."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        headers = {**request.headers, "tr_cont": "N"}
        return await self._inner.exchange(replace(request, headers=headers))

    @override
    async def download(self, path: str) -> bytes:
        return await self._inner.download(path)


class Asking:
    """What facts ask through; one call at a time.

    Args:
        transport: To the broker, with credentials and limiter.
        continued: The same, asking for the next page.
        clock: What time it is.
        calendar: Which days trade.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        continued: Transport,
        clock: Clock,
        calendar: TradingCalendar,
    ) -> None:
        self._transport = transport
        self._continued = continued
        self.clock = clock
        self.calendar = calendar
        self._masters: dict[str, RawMaster] = {}
        self._tried_masters = False
        self._leaders: tuple[str, ...] = ()

    async def get(
        self,
        endpoint: Endpoint,
        params: Mapping[str, str],
        *,
        continued: bool = False,
    ) -> RawAnswer:
        """The broker's answer; a refusal for speed, or silence, is tried again.

        Raises:
            MarketDataError: No answer, or no credentials.
        """
        carrier = self._continued if continued else self._transport
        request = KisRequest(path=endpoint.path, tr_id=endpoint.tr_id, params=params)
        for _ in range(TRIES - 1):
            try:
                response = await carrier.exchange(request)
            except KisUnreachableError:
                pass
            else:
                if not says_any_of(response, OVER_LIMIT):
                    return RawAnswer(response)
            await asyncio.sleep(BETWEEN_TRIES)
        return RawAnswer(await carrier.exchange(request))

    async def quotes(self, *slots: tuple[str, str]) -> RawAnswer:
        """A multi-quote of slots that need not be sensible."""
        params: dict[str, str] = {}
        for place, (division, code) in enumerate(slots, start=1):
            params[f"FID_COND_MRKT_DIV_CODE_{place}"] = division
            params[f"FID_INPUT_ISCD_{place}"] = code
        return await self.get(MULTI_QUOTE, params)

    async def ranking(
        self,
        division: str = "J",
        *,
        market: str = "0000",
        excluded: str = NO_ETP,
        continued: bool = False,
    ) -> RawAnswer:
        """The broker's first thirty by trading value."""
        params = volume_rank_params(
            division,
            market_code=market,
            measure=RankMeasure.TRADING_VALUE,
            excluded=excluded,
            prices=(None, None),
        )
        return await self.get(VOLUME_RANK, params, continued=continued)

    async def bars(self, code: str, start: date, end: date) -> RawAnswer:
        """Raw daily bars at KRX."""
        params = daily_bars_params("J", code, start, end, adjusted=False)
        return await self.get(DAILY_BARS, params)

    async def leaders(self) -> tuple[str, ...]:
        """Codes of up to thirty heavy stocks, heaviest first, asked for once.

        They are KRX's first of today, or yesterday's while none has traded.

        Raises:
            MarketDataError: There are none.
        """
        if not self._leaders:
            rows = (await self.ranking()).rows()
            codes = [text(row, "mksc_shrn_iscd") for row in rows]
            self._leaders = tuple(codes or await self._yesterdays())
        return self._leaders

    async def leader(self) -> str:
        """The code of the heaviest stock.

        Raises:
            MarketDataError: There is none.
        """
        return (await self.leaders())[0]

    async def _yesterdays(self) -> list[str]:
        listed = await self.listed()
        stocks = [code for code, x in listed.items() if x["scrt_grp_cls_code"] == "ST"]
        if not stocks:
            raise MarketDataUnavailableError(
                "순위와 마스터가 비어 물을 종목이 없습니다."
            )
        stocks.sort(key=lambda code: listed[code]["prdy_vol"], reverse=True)
        return stocks[:SLOTS]

    async def zipped(self, name: str) -> bytes:
        """One file of the master host.

        Raises:
            MarketDataError: It could not be had.
        """
        return await self._transport.download(f"/common/master/{name}.mst.zip")

    async def masters(self) -> Mapping[str, RawMaster]:
        """The four master files, downloaded once; a failure is final.

        Raises:
            MarketDataError: One could not be had, or is no sound zip.
        """
        if not self._tried_masters:
            self._tried_masters = True
            found: dict[str, RawMaster] = {}
            for name in FILES:
                zipped = await self.zipped(name)
                market = Market.KOSDAQ if "kosdaq" in name else Market.KOSPI
                found[name] = RawMaster.of(zipped, LAYOUTS[market])
            self._masters = found
        if not self._masters:
            raise MarketDataUnavailableError("마스터 파일을 받지 못했습니다.")
        return self._masters

    async def listed(self) -> dict[str, MasterRecord]:
        """KRX's records of both markets by code."""
        masters = await self.masters()
        return {**masters["kospi_code"].records, **masters["kosdaq_code"].records}
