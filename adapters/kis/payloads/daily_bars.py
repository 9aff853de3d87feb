"""국내주식기간별시세, daily bars of one stock, a hundred at most, newest first.

Source: KIS ``inquire-daily-itemchartprice``, TR id FHKST03010100.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from adapters.kis.payloads.fields import (
    Code,
    Day,
    MaybeReal,
    MaybeSigned,
    MaybeWhole,
    Whole,
)
from adapters.kis.payloads.rows import Rows, parse_rows


class DailyBarsHead(BaseModel):
    """The stock's present state, beside its bars; won and shares."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    prdy_vrss: MaybeSigned = None
    prdy_vrss_sign: str = ""
    prdy_ctrt: MaybeReal = None
    stck_prdy_clpr: MaybeWhole = None
    acml_vol: MaybeWhole = None
    acml_tr_pbmn: MaybeWhole = None
    hts_kor_isnm: str = ""
    stck_prpr: MaybeWhole = None
    stck_shrn_iscd: Code
    prdy_vol: MaybeWhole = None
    stck_mxpr: str = ""
    stck_llam: str = ""
    stck_oprc: str = ""
    stck_hgpr: str = ""
    stck_lwpr: str = ""
    stck_prdy_oprc: str = ""
    stck_prdy_hgpr: str = ""
    stck_prdy_lwpr: str = ""
    askp: str = ""
    bidp: str = ""
    prdy_vrss_vol: str = ""
    vol_tnrt: str = ""
    stck_fcam: str = ""
    lstn_stcn: MaybeWhole = None
    cpfn: str = ""
    hts_avls: str = ""  # 억원
    per: str = ""
    eps: str = ""
    pbr: str = ""
    itewhol_loan_rmnd_ratem: str = ""
    itewhol_loan_rmnd_ratem_name: str = Field(  # as recorded; not documented
        default="", alias="itewhol_loan_rmnd_ratem name"
    )


class DailyBarRow(BaseModel):
    """One session of one stock at one venue; won and shares."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stck_bsop_date: Day
    stck_clpr: Whole
    stck_oprc: Whole
    stck_hgpr: Whole
    stck_lwpr: Whole
    acml_vol: Whole
    acml_tr_pbmn: Whole
    flng_cls_code: str = ""
    prtt_rate: MaybeReal = None
    mod_yn: str = ""  # Y: nothing traded that day
    prdy_vrss_sign: str = ""
    prdy_vrss: MaybeSigned = None
    revl_issu_reas: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBars(Rows[DailyBarRow]):
    """Bars newest first; ``head`` is None where the broker left it out or blank."""

    head: DailyBarsHead | None = None


def parse_daily_bars(head: object, rows: Iterable[object]) -> DailyBars:
    """Reads both outputs; the empty rows that pad a list are not rows."""
    bars = parse_rows(
        [row for row in rows if row != {}], DailyBarRow, code="stck_bsop_date"
    )
    heads = parse_rows([head], DailyBarsHead, code="stck_shrn_iscd")
    return DailyBars(
        good=bars.good, bad=bars.bad, head=heads.good[0] if heads.good else None
    )
