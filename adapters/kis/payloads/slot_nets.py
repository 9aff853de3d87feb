"""가집계, the nets that brokers enter a few times a day: a list, and one stock's slots.

Source: KIS ``foreign-institution-total``, TR id FHPTJ04400000, and
``investor-trend-estimate``, TR id HHPTJ04160200; KRX both.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from adapters.kis.payloads.fields import MaybeSigned
from adapters.kis.payloads.rows import Rows, parse_rows

_StockCode = Annotated[
    str,
    StringConstraints(pattern=r"^(Q[0-9A-Z]{6}|[0-9A-Z]{6})$", strip_whitespace=True),
]
_Slot = Annotated[str, StringConstraints(pattern="^[1-5]$", strip_whitespace=True)]


class SlotLeaderRow(BaseModel):
    """One stock's nets, buying positive: shares in thousands, and 백만원."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hts_kor_isnm: str = ""
    mksc_shrn_iscd: _StockCode
    frgn_ntby_qty: MaybeSigned = None
    orgn_ntby_qty: MaybeSigned = None
    frgn_ntby_tr_pbmn: MaybeSigned = None  # shares × price now
    orgn_ntby_tr_pbmn: MaybeSigned = None


class SlotEstimateRow(BaseModel):
    """One stock's nets by one slot, buying positive: shares in thousands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bsop_hour_gb: _Slot
    frgn_fake_ntby_qty: MaybeSigned = None
    orgn_fake_ntby_qty: MaybeSigned = None


def parse_slot_leaders(rows: Iterable[object]) -> Rows[SlotLeaderRow]:
    """Reads the rows of one answer, in the broker's order."""
    return parse_rows(rows, SlotLeaderRow, code="mksc_shrn_iscd")


def parse_slot_estimates(rows: Iterable[object]) -> Rows[SlotEstimateRow]:
    """Reads the rows of one answer, newest slot first."""
    return parse_rows(rows, SlotEstimateRow, code="bsop_hour_gb")
