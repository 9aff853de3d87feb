"""주식현재가 투자자, one stock's flows by day: about thirty, newest first.

Source: KIS ``inquire-investor``, TR id FHKST01010900.
"""

from collections.abc import Iterable

from adapters.kis.payloads.fields import Day
from adapters.kis.payloads.owners import OwnersRow
from adapters.kis.payloads.rows import Rows, parse_rows


class StockInvestorsRow(OwnersRow):
    """One session at one venue: shares and 백만원; blank until 15:40 of the day."""

    stck_bsop_date: Day


def parse_stock_investors(rows: Iterable[object]) -> Rows[StockInvestorsRow]:
    """Reads the rows of one answer, in the broker's order."""
    return parse_rows(rows, StockInvestorsRow, code="stck_bsop_date")
