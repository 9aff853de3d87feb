"""주식일별분봉조회, minute bars of one stock on one day, newest first.

Source: KIS ``inquire-time-dailychartprice``, TR id FHKST03010230.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Day, Whole
from adapters.kis.payloads.rows import Rows, parse_rows
from adapters.kis.payloads.times import TimeOfDay


class MinuteBarRow(BaseModel):
    """One minute: won and shares; a minute without a trade has no row."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stck_bsop_date: Day
    stck_cntg_hour: TimeOfDay  # mostly HHMM00: what traded from then on for a minute
    stck_prpr: str = ""
    stck_oprc: str = ""
    stck_hgpr: str = ""
    stck_lwpr: str = ""
    cntg_vol: str = ""
    acml_tr_pbmn: Whole  # of the day, up to the end of the minute


def parse_minute_bars(rows: Iterable[object]) -> Rows[MinuteBarRow]:
    """Reads the bars of one answer, in the broker's order."""
    return parse_rows(
        [row for row in rows if row != {}], MinuteBarRow, code="stck_cntg_hour"
    )
