"""국내업종 일자별지수, the sessions of one index, newest first, a hundred at most.

Source: KIS ``inquire-index-daily-price``, TR id FHPUP02120000.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Day, Whole
from adapters.kis.payloads.rows import Rows, parse_rows


class IndexDayRow(BaseModel):
    """One session; before its open, today's shows yesterday's close and no trade."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stck_bsop_date: Day
    bstp_nmix_prpr: str = ""
    prdy_vrss_sign: str = ""
    bstp_nmix_prdy_vrss: str = ""
    bstp_nmix_prdy_ctrt: str = ""
    bstp_nmix_oprc: str = ""
    bstp_nmix_hgpr: str = ""
    bstp_nmix_lwpr: str = ""
    acml_vol_rlim: str = ""
    acml_vol: str = ""  # 천주
    acml_tr_pbmn: Whole  # 백만원
    invt_new_psdg: str = ""
    d20_dsrt: str = ""


def parse_index_days(rows: Iterable[object]) -> Rows[IndexDayRow]:
    """Reads the sessions of one answer, in the broker's order."""
    return parse_rows(
        [row for row in rows if row != {}], IndexDayRow, code="stck_bsop_date"
    )
