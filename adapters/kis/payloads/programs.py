"""종목별 프로그램매매추이, one stock's program trading: the ticks of today, and days.

Source: KIS ``program-trade-by-stock``, TR id FHPPG04650101, and
``program-trade-by-stock-daily``, TR id FHPPG04650201; both newest first.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Day, MaybeSigned, MaybeWhole
from adapters.kis.payloads.rows import Rows, parse_rows
from adapters.kis.payloads.times import TimeOfDay


class ProgramRow(BaseModel):
    """Programs' part of what traded since the open; **won** and shares."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    acml_vol: MaybeWhole = None  # everybody's
    whol_smtn_seln_vol: MaybeWhole = None
    whol_smtn_shnu_vol: MaybeWhole = None
    whol_smtn_ntby_qty: MaybeSigned = None
    whol_smtn_seln_tr_pbmn: MaybeWhole = None
    whol_smtn_shnu_tr_pbmn: MaybeWhole = None
    whol_smtn_ntby_tr_pbmn: MaybeSigned = None


class ProgramNowRow(ProgramRow):
    """As of one moment of a day that it does not say."""

    bsop_hour: TimeOfDay


class ProgramDayRow(ProgramRow):
    """As of the end of a session, or so far."""

    stck_bsop_date: Day
    acml_tr_pbmn: MaybeWhole = None  # everybody's


def parse_program_now(rows: Iterable[object]) -> Rows[ProgramNowRow]:
    """Reads the moments of one answer, in the broker's order."""
    return parse_rows(rows, ProgramNowRow, code="bsop_hour")


def parse_program_days(rows: Iterable[object]) -> Rows[ProgramDayRow]:
    """Reads the days of one answer, in the broker's order."""
    return parse_rows(rows, ProgramDayRow, code="stck_bsop_date")
