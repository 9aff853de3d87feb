"""국내업종 현재지수: totals in millions of won, thousands of shares (FHPUP02100000)."""

from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.forms import hundredths, ratio, sign_of
from tests.kis_emulator.index import Index
from tests.kis_emulator.index_codes import CODE_OF
from tests.kis_emulator.sectors import sector_at


def index_price(call: Call) -> Answer:
    """KOSPI (0001), KOSDAQ (1001) or an industry; the division is U, never J."""
    call.one_of("FID_COND_MRKT_DIV_CODE", "U")
    index = sector_at(call.truth, index_code(call), call.at)
    return normal(
        {"output": {**level(index), **_extremes(index), **_breadth(index), **_rest()}}
    )


def index_code(call: Call) -> str:
    """The index asked about."""
    code = call.given("FID_INPUT_ISCD")
    if code not in CODE_OF:
        raise invalid("FID_INPUT_ISCD")
    return code


def head(index: Index) -> dict[str, str]:
    """``output1`` of the endpoints that list other indices or days beside it."""
    figures = {**level(index), **_extremes(index), **_breadth(index)}
    return {name: figures[name] for name in HEAD}


HEAD = (
    *("bstp_nmix_prpr", "bstp_nmix_prdy_vrss", "prdy_vrss_sign"),
    *("bstp_nmix_prdy_ctrt", "acml_vol", "acml_tr_pbmn"),
    *("bstp_nmix_oprc", "bstp_nmix_hgpr", "bstp_nmix_lwpr", "prdy_vol"),
    *("ascn_issu_cnt", "down_issu_cnt", "stnr_issu_cnt"),
    *("uplm_issu_cnt", "lslm_issu_cnt", "prdy_tr_pbmn"),
    *("dryy_bstp_nmix_hgpr_date", "dryy_bstp_nmix_hgpr"),
    *("dryy_bstp_nmix_lwpr", "dryy_bstp_nmix_lwpr_date"),
)


def level(index: Index) -> dict[str, str]:
    change = index.level - index.previous
    return {
        "bstp_nmix_prpr": hundredths(index.level),
        "bstp_nmix_prdy_vrss": hundredths(change),
        "prdy_vrss_sign": sign_of(change),
        "bstp_nmix_prdy_ctrt": ratio(change, index.previous),
        "acml_vol": str(index.volume // 1_000),
        "prdy_vol": str(index.previous_volume // 1_000),
        "acml_tr_pbmn": str(index.trading_value // 1_000_000),
        "prdy_tr_pbmn": str(index.previous_trading_value // 1_000_000),
    }


def _extremes(index: Index) -> dict[str, str]:
    opened = index.open - index.previous
    high, low = index.high - index.previous, index.low - index.previous
    return {
        "bstp_nmix_oprc": hundredths(index.open),
        "prdy_nmix_vrss_nmix_oprc": hundredths(opened),
        "oprc_vrss_prpr_sign": sign_of(opened),
        "bstp_nmix_oprc_prdy_ctrt": ratio(opened, index.previous),
        "bstp_nmix_hgpr": hundredths(index.high),
        "prdy_nmix_vrss_nmix_hgpr": hundredths(high),
        "hgpr_vrss_prpr_sign": sign_of(high),
        "bstp_nmix_hgpr_prdy_ctrt": ratio(high, index.previous),
        "bstp_nmix_lwpr": hundredths(index.low),
        "prdy_clpr_vrss_lwpr": hundredths(low),
        "lwpr_vrss_prpr_sign": sign_of(low),
        "prdy_clpr_vrss_lwpr_rate": ratio(low, index.previous),
    }


def _breadth(index: Index) -> dict[str, str]:
    top, bottom = index.level * 11 // 10, index.level * 8 // 10
    return {
        "ascn_issu_cnt": str(index.advancers),
        "uplm_issu_cnt": str(index.at_upper),
        "stnr_issu_cnt": str(index.level_count),
        "down_issu_cnt": str(index.decliners),
        "lslm_issu_cnt": str(index.at_lower),
        "dryy_bstp_nmix_hgpr": hundredths(top),
        "dryy_hgpr_vrss_prpr_rate": ratio(top - index.level, top),
        "dryy_bstp_nmix_hgpr_date": f"{index.session:%Y}0109",
        "dryy_bstp_nmix_lwpr": hundredths(bottom),
        "dryy_lwpr_vrss_prpr_rate": ratio(bottom - index.level, bottom),
        "dryy_bstp_nmix_lwpr_date": f"{index.session:%Y}0201",
    }


def _rest() -> dict[str, str]:
    """Standing orders, which nothing here models."""
    return {
        "total_askp_rsqn": "24146999",
        "total_bidp_rsqn": "40450437",
        "seln_rsqn_rate": "37.38",
        "shnu_rsqn_rate": "62.62",
        "ntby_rsqn": "16303438",
    }


INDEX_PRICE = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-index-price",
    "FHPUP02100000",
    index_price,
)
