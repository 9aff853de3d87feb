"""국내휴장일조회, which days the exchange opens; to be asked once a day.

Source: KIS ``chk-holiday``, TR id CTCA0903R.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from adapters.kis.payloads.fields import Day
from adapters.kis.payloads.rows import Rows, parse_rows


class HolidayRow(BaseModel):
    """One calendar day; ``opnd_yn`` says whether the stock market opens."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    bass_dt: Day
    wday_dvsn_cd: str = ""
    bzdy_yn: str = ""
    tr_day_yn: str = ""
    opnd_yn: str = Field(pattern="^[YN]$")
    sttl_day_yn: str = ""


def parse_holidays(rows: Iterable[object]) -> Rows[HolidayRow]:
    """Reads the days of one answer, ascending as the broker sends them."""
    return parse_rows(rows, HolidayRow, code="bass_dt")
