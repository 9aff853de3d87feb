"""시장별 투자자매매동향(시세), the flows of a market or of an industry so far: one row.

Source: KIS ``inquire-investor-time-by-market``, TR id FHPTJ04030000.
"""

from collections.abc import Iterable

from adapters.kis.payloads.owners import OwnersRow
from adapters.kis.payloads.rows import Rows, parse_rows


class MarketInvestorsRow(OwnersRow):
    """Since the open, KRX: 천주 and 백만원. It says neither its time nor its market."""


def parse_market_investors(rows: Iterable[object]) -> Rows[MarketInvestorsRow]:
    """Reads the rows of one answer."""
    return parse_rows(rows, MarketInvestorsRow, code="")
