"""국내업종 구분별전체시세, every index of a market now.

Source: KIS ``inquire-index-category-price``, TR id FHPUP02140000.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Code, MaybeReal, MaybeWhole
from adapters.kis.payloads.rows import Rows, parse_rows


class IndexCategoryRow(BaseModel):
    """One index: points and percent; industries stand among styles and leverages."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    bstp_cls_code: Code
    hts_kor_isnm: str = ""
    bstp_nmix_prpr: str = ""
    bstp_nmix_prdy_vrss: str = ""
    prdy_vrss_sign: str = ""
    bstp_nmix_prdy_ctrt: MaybeReal = None
    acml_vol: str = ""  # 천주
    acml_tr_pbmn: MaybeWhole = None  # 백만원
    acml_vol_rlim: str = ""
    acml_tr_pbmn_rlim: str = ""  # blank in every recorded row


def parse_index_categories(rows: Iterable[object]) -> Rows[IndexCategoryRow]:
    """Reads the indices of one answer, in the broker's order."""
    return parse_rows(rows, IndexCategoryRow, code="bstp_cls_code")
