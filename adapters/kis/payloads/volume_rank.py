"""거래량순위, the broker's own ranking: thirty rows, no further page.

Source: KIS ``volume-rank``, TR id FHPST01710000.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Code, MaybeReal, MaybeWhole, Signed, Whole
from adapters.kis.payloads.rows import Rows, parse_rows


class VolumeRankRow(BaseModel):
    """One ranked issue: prices and values in won, volumes in shares, rates in percent.

    ``vol_inrt`` is today ÷ yesterday × 100, not growth.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    hts_kor_isnm: str = ""
    mksc_shrn_iscd: Code
    data_rank: Whole
    stck_prpr: Whole
    prdy_vrss_sign: str = ""
    prdy_vrss: Signed
    prdy_ctrt: MaybeReal = None
    acml_vol: Whole
    prdy_vol: MaybeWhole = None
    lstn_stcn: MaybeWhole = None
    avrg_vol: str = ""
    n_befr_clpr_vrss_prpr_rate: str = ""
    vol_inrt: MaybeReal = None
    vol_tnrt: MaybeReal = None
    nday_vol_tnrt: str = ""
    avrg_tr_pbmn: str = ""
    tr_pbmn_tnrt: str = ""
    nday_tr_pbmn_tnrt: str = ""
    acml_tr_pbmn: Whole


def parse_volume_rank(rows: Iterable[object]) -> Rows[VolumeRankRow]:
    """Reads the rows of one answer, in the broker's order."""
    return parse_rows(rows, VolumeRankRow, code="mksc_shrn_iscd")
