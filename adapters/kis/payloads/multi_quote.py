"""관심종목(멀티종목) 시세조회, up to thirty quotes in one call.

Source: KIS ``intstock-multprice``, TR id FHKST11300006.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import (
    Code,
    MaybeReal,
    MaybeWhole,
    Real,
    Signed,
    Whole,
)
from adapters.kis.payloads.rows import Rows, parse_rows

INDEX = "업종"
"""What an index row calls itself in ``kospi_kosdaq_cls_name``."""


class MultiQuoteRow(BaseModel):
    """One stock's quote: prices and values in won, volumes in shares, rates in percent.

    A row says neither its venue nor its day. An unknown code may come back as zeros.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kospi_kosdaq_cls_name: str = ""
    mrkt_trtm_cls_name: str = ""
    hour_cls_code: str = ""
    inter_shrn_iscd: Code
    inter_kor_isnm: str = ""
    inter2_prpr: Whole
    inter2_prdy_vrss: Signed  # against inter2_sdpr
    prdy_vrss_sign: str = ""
    prdy_ctrt: MaybeReal = None
    acml_vol: Whole
    inter2_oprc: Whole  # 0 while nothing has traded, as are high and low
    inter2_hgpr: Whole
    inter2_lwpr: Whole
    inter2_llam: MaybeWhole = None
    inter2_mxpr: MaybeWhole = None
    inter2_askp: str = ""
    inter2_bidp: str = ""
    seln_rsqn: str = ""
    shnu_rsqn: str = ""
    total_askp_rsqn: str = ""
    total_bidp_rsqn: str = ""
    acml_tr_pbmn: Whole
    inter2_prdy_clpr: MaybeWhole = None
    oprc_vrss_hgpr_rate: str = ""
    intr_antc_cntg_vrss: str = ""
    intr_antc_cntg_vrss_sign: str = ""
    intr_antc_cntg_prdy_ctrt: str = ""
    intr_antc_vol: str = ""
    inter2_sdpr: Whole


class MultiQuoteIndexRow(BaseModel):
    """One index (업종) among quotes: points, 천주 and 백만원; never a stock."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kospi_kosdaq_cls_name: str
    mrkt_trtm_cls_name: str = ""
    hour_cls_code: str = ""
    inter_shrn_iscd: Code
    inter_kor_isnm: str = ""
    inter2_prpr: Real
    inter2_prdy_vrss: Real
    prdy_vrss_sign: str = ""
    prdy_ctrt: MaybeReal = None
    acml_vol: Whole  # 천주
    inter2_oprc: MaybeReal = None
    inter2_hgpr: MaybeReal = None
    inter2_lwpr: MaybeReal = None
    inter2_llam: str = ""
    inter2_mxpr: str = ""
    inter2_askp: str = ""
    inter2_bidp: str = ""
    seln_rsqn: str = ""
    shnu_rsqn: str = ""
    total_askp_rsqn: str = ""
    total_bidp_rsqn: str = ""
    acml_tr_pbmn: Whole  # 백만원
    inter2_prdy_clpr: MaybeReal = None
    oprc_vrss_hgpr_rate: str = ""
    intr_antc_cntg_vrss: str = ""
    intr_antc_cntg_vrss_sign: str = ""
    intr_antc_cntg_prdy_ctrt: str = ""
    intr_antc_vol: str = ""
    inter2_sdpr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiQuoteRows(Rows[MultiQuoteRow]):
    """Stocks in ``good``, what could not be read in ``bad``, indices apart."""

    indices: tuple[MultiQuoteIndexRow, ...] = ()


def parse_multi_quote(rows: Iterable[object]) -> MultiQuoteRows:
    """Reads the rows of one answer, or of a whole sweep."""
    stocks: list[object] = []
    indices: list[object] = []
    for row in rows:
        name = row.get("kospi_kosdaq_cls_name") if isinstance(row, dict) else None
        apart = isinstance(name, str) and name.strip() == INDEX
        (indices if apart else stocks).append(row)
    quotes = parse_rows(stocks, MultiQuoteRow, code="inter_shrn_iscd")
    heads = parse_rows(indices, MultiQuoteIndexRow, code="inter_shrn_iscd")
    return MultiQuoteRows(
        good=quotes.good, bad=quotes.bad + heads.bad, indices=heads.good
    )
