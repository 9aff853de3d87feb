"""주식현재가 시세, one stock's quote and profile.

Source: KIS ``inquire-price``, TR id FHKST01010100.
"""

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import Code, MaybeReal, MaybeWhole


class StockPrice(BaseModel):
    """One stock at one venue; won and shares, rates in percent.

    Only what a profile takes is read as numbers; quotes come from elsewhere.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    iscd_stat_cls_code: str = ""
    marg_rate: str = ""
    rprs_mrkt_kor_name: str = ""
    new_hgpr_lwpr_cls_code: str = ""
    bstp_kor_isnm: str = ""
    temp_stop_yn: str = ""
    oprc_rang_cont_yn: str = ""
    clpr_rang_cont_yn: str = ""
    crdt_able_yn: str = ""
    grmn_rate_cls_code: str = ""
    elw_pblc_yn: str = ""
    stck_prpr: str = ""
    prdy_vrss: str = ""
    prdy_vrss_sign: str = ""
    prdy_ctrt: str = ""
    acml_tr_pbmn: str = ""  # won
    acml_vol: str = ""
    prdy_vrss_vol_rate: str = ""
    stck_oprc: str = ""
    stck_hgpr: str = ""
    stck_lwpr: str = ""
    stck_mxpr: str = ""
    stck_llam: str = ""
    stck_sdpr: str = ""
    wghn_avrg_stck_prc: str = ""
    hts_frgn_ehrt: MaybeReal = None  # percent of what foreigners may hold
    frgn_ntby_qty: str = ""
    pgtr_ntby_qty: str = ""
    pvt_scnd_dmrs_prc: str = ""
    pvt_frst_dmrs_prc: str = ""
    pvt_pont_val: str = ""
    pvt_frst_dmsp_prc: str = ""
    pvt_scnd_dmsp_prc: str = ""
    dmrs_val: str = ""
    dmsp_val: str = ""
    cpfn: str = ""  # in the unit of cpfn_cnnm
    rstc_wdth_prc: str = ""
    stck_fcam: str = ""
    stck_sspr: str = ""
    aspr_unit: str = ""
    hts_deal_qty_unit_val: str = ""
    lstn_stcn: MaybeWhole = None
    hts_avls: str = ""  # 억원
    per: str = ""
    pbr: str = ""
    stac_month: str = ""
    vol_tnrt: str = ""
    eps: MaybeReal = None
    bps: MaybeReal = None
    d250_hgpr: str = ""
    d250_hgpr_date: str = ""
    d250_hgpr_vrss_prpr_rate: str = ""
    d250_lwpr: str = ""
    d250_lwpr_date: str = ""
    d250_lwpr_vrss_prpr_rate: str = ""
    stck_dryy_hgpr: str = ""
    dryy_hgpr_vrss_prpr_rate: str = ""
    dryy_hgpr_date: str = ""
    stck_dryy_lwpr: str = ""
    dryy_lwpr_vrss_prpr_rate: str = ""
    dryy_lwpr_date: str = ""
    w52_hgpr: MaybeWhole = None
    w52_hgpr_vrss_prpr_ctrt: str = ""
    w52_hgpr_date: str = ""
    w52_lwpr: MaybeWhole = None
    w52_lwpr_vrss_prpr_ctrt: str = ""
    w52_lwpr_date: str = ""
    whol_loan_rmnd_rate: str = ""
    ssts_yn: str = ""
    stck_shrn_iscd: Code
    fcam_cnnm: str = ""
    cpfn_cnnm: str = ""
    apprch_rate: str = ""
    frgn_hldn_qty: MaybeWhole = None
    vi_cls_code: str = ""
    ovtm_vi_cls_code: str = ""
    last_ssts_cntg_qty: str = ""
    invt_caful_yn: str = ""
    mrkt_warn_cls_code: str = ""
    short_over_yn: str = ""
    sltr_yn: str = ""
    mang_issu_cls_code: str = ""
