"""The broker behind the port of evidence: headlines of news and disclosures."""

from collections.abc import Iterable
from datetime import datetime

from typing_extensions import override

from adapters.kis.payloads.news_titles import NewsTitleRow
from adapters.kis.same_stock import is_same
from adapters.kis.stock_client import KisStockClient
from adapters.kis.transport import Priority
from adapters.kis.unreadable import unreadable_row
from application.ports.past_data import Evidence, Headline, Headlines
from domain.listing import Ticker
from domain.session import KST

PAGES = 3
"""How many pages are read of one stock."""

FULL_PAGE = 40
"""Titles of a page that may be followed by another."""

DISCLOSING = frozenset({"F", "G", "H", "I", "N"})
"""``news_ofer_entp_code`` of KRX's disclosures: main board, KOSDAQ, free board,
other, KONEX. The broker's own list of codes says so; no recorded row bears one."""

DISCLOSING_SOURCES = ("공시", "금융감독원", "한국거래소")
"""What ``dorg`` says of a disclosure whose provider is none of the above."""


class KisEvidence(Evidence):
    """KIS titles filed under a stock."""

    def __init__(self, stocks: KisStockClient) -> None:
        self._stocks = stocks

    @override
    async def headlines(
        self, ticker: Ticker, since: datetime, until: datetime
    ) -> Headlines:
        found: dict[str, NewsTitleRow] = {}
        before = until.astimezone(KST)
        for _ in range(PAGES):
            page = await self._stocks.news_titles(
                ticker, before, priority=Priority.INTERACTIVE
            )
            if page.bad and not page.good:
                raise unreadable_row(page.bad[0])
            new = [row for row in page.good if row.cntt_usiq_srno not in found]
            found |= {row.cntt_usiq_srno: row for row in new}
            oldest = min(map(published_at, new), default=None)
            if oldest is None or oldest < since:
                stuck = not new and len(page.good) >= FULL_PAGE
                return _headlines(found.values(), ticker, (since, until), is_cut=stuck)
            before = min(before, oldest)  # an edited title may bear a later time
        return _headlines(found.values(), ticker, (since, until), is_cut=True)


def published_at(row: NewsTitleRow) -> datetime:
    """When a title was written, aware."""
    return datetime.combine(row.data_dt, row.data_tm, tzinfo=KST)


def is_disclosure(row: NewsTitleRow) -> bool:
    """Whether it is a disclosure (공시), by who provides it."""
    return row.news_ofer_entp_code in DISCLOSING or any(
        source in row.dorg for source in DISCLOSING_SOURCES
    )


def _headlines(
    rows: Iterable[NewsTitleRow],
    ticker: Ticker,
    within: tuple[datetime, datetime],
    *,
    is_cut: bool,
) -> Headlines:
    """Those within both instants that name the stock, newest first."""
    since, until = within
    titles = [
        Headline(
            at=published_at(row),
            title=row.hts_pbnt_titl_cntt,
            is_disclosure=is_disclosure(row),
            source=row.dorg,
        )
        for row in rows
        if since <= published_at(row) <= until
        and any(is_same(code, ticker) for code in row.codes)
    ]
    titles.sort(key=lambda title: title.at, reverse=True)
    return Headlines(rows=tuple(titles), is_cut=is_cut)
