"""국내업종 현재지수, one index's head and breadth.

Source: KIS ``inquire-index-price``, TR id FHPUP02100000.
"""

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import MaybeReal, MaybeWhole, Real, Whole


class IndexPrice(BaseModel):
    """One index now: points, volumes in 천주, trading values in 백만원."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bstp_nmix_prpr: Real
    bstp_nmix_prdy_vrss: MaybeReal = None
    prdy_vrss_sign: str = ""
    bstp_nmix_prdy_ctrt: MaybeReal = None
    acml_vol: Whole  # 천주
    prdy_vol: MaybeWhole = None
    acml_tr_pbmn: Whole  # 백만원
    prdy_tr_pbmn: MaybeWhole = None
    bstp_nmix_oprc: MaybeReal = None
    prdy_nmix_vrss_nmix_oprc: str = ""
    oprc_vrss_prpr_sign: str = ""
    bstp_nmix_oprc_prdy_ctrt: str = ""
    bstp_nmix_hgpr: MaybeReal = None
    prdy_nmix_vrss_nmix_hgpr: str = ""
    hgpr_vrss_prpr_sign: str = ""
    bstp_nmix_hgpr_prdy_ctrt: str = ""
    bstp_nmix_lwpr: MaybeReal = None
    prdy_clpr_vrss_lwpr: str = ""
    lwpr_vrss_prpr_sign: str = ""
    prdy_clpr_vrss_lwpr_rate: str = ""
    ascn_issu_cnt: MaybeWhole = None
    uplm_issu_cnt: MaybeWhole = None
    stnr_issu_cnt: MaybeWhole = None
    down_issu_cnt: MaybeWhole = None
    lslm_issu_cnt: MaybeWhole = None
    dryy_bstp_nmix_hgpr: str = ""
    dryy_hgpr_vrss_prpr_rate: str = ""
    dryy_bstp_nmix_hgpr_date: str = ""
    dryy_bstp_nmix_lwpr: str = ""
    dryy_lwpr_vrss_prpr_rate: str = ""
    dryy_bstp_nmix_lwpr_date: str = ""
    total_askp_rsqn: str = ""
    total_bidp_rsqn: str = ""
    seln_rsqn_rate: str = ""
    shnu_rsqn_rate: str = ""
    ntby_rsqn: str = ""
