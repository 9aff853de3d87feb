"""The broker behind the port of indices."""

from collections.abc import Mapping, Sequence

from typing_extensions import override

from adapters.kis.index_client import KisIndexClient
from adapters.kis.index_names import IndexNames
from adapters.kis.mapping import INDEX_CODES, MILLION, MOST
from adapters.kis.payloads.index_categories import IndexCategoryRow
from adapters.kis.unreadable import unreadable_row
from application.ports.past_data import IndexQuote, Indices
from domain.listing import Market, Won

MARKET_LETTERS = {Market.KOSPI: "K", Market.KOSDAQ: "Q"}
"""How the list of indices names a market, beside its code."""

_FALLS = {"4", "5"}


class KisIndices(Indices):
    """KIS indices of KRX, live, and the names of its file."""

    def __init__(self, indices: KisIndexClient, names: IndexNames) -> None:
        self._indices = indices
        self._names = names

    @override
    async def sector_names(self) -> Mapping[str, str]:
        return await self._names.names()

    @override
    async def sector_quotes(self, market: Market) -> Sequence[IndexQuote]:
        rows = await self._indices.categories(
            MARKET_LETTERS[market], INDEX_CODES[market]
        )
        if rows.bad and not rows.good:
            raise unreadable_row(rows.bad[0])
        quotes: dict[str, IndexQuote] = {}
        for row in rows.good:
            quotes.setdefault(row.bstp_cls_code, _quote(row))
        return tuple(quotes.values())

    async def close(self) -> None:
        """Ends a download that still runs."""
        await self._names.close()


def _quote(row: IndexCategoryRow) -> IndexQuote:
    """Percent becomes a fraction, 백만원 won; what is beyond belief is not given."""
    value = None if row.acml_tr_pbmn is None else row.acml_tr_pbmn * MILLION
    return IndexQuote(
        code=row.bstp_cls_code,
        name=row.hts_kor_isnm,
        change_rate=_change_rate(row),
        trading_value=None if value is None or value > MOST else Won(value),
    )


def _change_rate(row: IndexCategoryRow) -> float | None:
    """A fraction; a rate without a minus falls where its sign says so."""
    percent = row.bstp_nmix_prdy_ctrt
    if percent is None:
        return None
    if row.prdy_vrss_sign in _FALLS:
        percent = -abs(percent)
    return round(percent / 100, 6)
