"""변동성완화장치(VI) 현황, the thirty newest interruptions of a day, newest first.

Source: KIS ``inquire-vi-status``, TR id FHPST01390000. Rows hold products and
after-hours events too.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Code, Day, Whole
from adapters.kis.payloads.rows import Rows, parse_rows
from adapters.kis.payloads.times import TimeOfDay


class InterruptionRow(BaseModel):
    """One interruption; prices in won, rates in percent."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    hts_kor_isnm: str = ""
    mksc_shrn_iscd: Code
    vi_cls_code: str = ""  # Y while it lasts
    bsop_date: Day
    cntg_vi_hour: TimeOfDay
    vi_cncl_hour: str = ""
    vi_kind_code: str = ""
    vi_prc: Whole
    vi_stnd_prc: str = ""
    vi_dprt: str = ""
    vi_dmc_stnd_prc: str = ""
    vi_dmc_dprt: str = ""
    vi_count: str = ""


def parse_interruptions(rows: Iterable[object]) -> Rows[InterruptionRow]:
    """Reads the rows of one answer, in the broker's order."""
    return parse_rows(
        [row for row in rows if row != {}], InterruptionRow, code="mksc_shrn_iscd"
    )
