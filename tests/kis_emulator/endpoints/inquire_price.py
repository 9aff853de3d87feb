"""주식현재가 시세: everything of one stock (FHKST01010100)."""

from datetime import date

from tests.kis_emulator.endpoints.interruptions import is_under_way
from tests.kis_emulator.endpoints.price_extremes import extreme_fields
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.forms import hundredths, ratio, sign
from tests.kis_emulator.index_codes import CODE_OF
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.live_nets import live_nets
from tests.kis_emulator.profiles import Profile, profiles_of
from tests.kis_emulator.ticks import tick_of


def inquire_price(call: Call) -> Answer:
    """One stock of J, NX or UN; one that the division lacks comes as zeros."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", "J", "NX", "UN")
    code = call.given("FID_INPUT_ISCD")
    truth = call.truth
    quote = quote_of(truth, division, code, call.at)
    if quote is None:
        return normal({"output": _unknown(code)})
    item = truth.listing_on(code, quote.session) or truth.listing_of[code]
    profile = profiles_of(truth, quote.session).of(code)
    assert profile is not None
    before = truth.final("J", truth.days.previous(quote.session)).quote(code)
    program, foreign = live_nets(truth, division, code, quote.session, call.at)
    output = {
        **_status(item),
        **_trading(quote),
        "hts_frgn_ehrt": ratio(profile.foreign_shares, profile.foreign_limit),
        "frgn_ntby_qty": str(foreign),
        "pgtr_ntby_qty": str(program),
        **_pivots(before),
        **_company(item, quote, profile),
        **extreme_fields(profile, quote, fund=item.is_fund),
        **_rest(item, quote, profile),
        "vi_cls_code": _yes(is_under_way(truth, code, call.at)),
    }
    return normal({"output": output})


def _yes(truth: bool) -> str:
    return "Y" if truth else "N"


def _status_code(item: Listed) -> str:
    """One code only, the gravest first: the yes/no fields know more."""
    states = (
        (item.halted, "58"),
        (item.administrative, "51"),
        (item.alarm == "03", "52"),
        (item.alarm == "02", "53"),
        (item.alarm == "01", "54"),
        (item.overheated in ("2", "3"), "59"),
        (item.credit, "55"),
        (item.kind == "STOCK", "57"),
    )
    return next((code for holds, code in states if holds), "00")


def _status(item: Listed) -> dict[str, str]:
    sector = next(
        (code for code in (item.sector_medium, item.sector_large) if code in CODE_OF),
        None,
    )
    return {
        "iscd_stat_cls_code": _status_code(item),
        "marg_rate": "20.00" if item.credit else "100.00",
        "rprs_mrkt_kor_name": item.market if item.kind == "STOCK" else item.kind,
        "new_hgpr_lwpr_cls_code": "",
        "bstp_kor_isnm": CODE_OF[sector].name if sector else "",
        "temp_stop_yn": _yes(item.halted),
        "oprc_rang_cont_yn": "N",
        "clpr_rang_cont_yn": "N",
        "crdt_able_yn": _yes(item.credit),
        "grmn_rate_cls_code": "40" if item.credit else "100",
        "elw_pblc_yn": "N",
    }


def _trading(quote: Quote) -> dict[str, str]:
    volume, value = quote.volume, quote.trading_value
    average = (value * 200 + volume) // (2 * volume) if volume else 0
    return {
        "stck_prpr": str(quote.price),
        "prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_tr_pbmn": str(value),
        "acml_vol": str(volume),
        "prdy_vrss_vol_rate": ratio(volume, quote.previous_volume),
        "stck_oprc": str(quote.open),
        "stck_hgpr": str(quote.high),
        "stck_lwpr": str(quote.low),
        "stck_mxpr": str(quote.upper),
        "stck_llam": str(quote.lower),
        "stck_sdpr": str(quote.base),
        "wghn_avrg_stck_prc": hundredths(average),
    }


def _pivots(before: Quote | None) -> dict[str, str]:
    """From the session before; zeros where it had no trade."""
    high, low, close = (before.high, before.low, before.price) if before else (0, 0, 0)
    middle = (high + low + close) // 3 if high else 0
    first_up, first_down = 2 * middle - low, 2 * middle - high
    wide = high - low
    return {
        "pvt_scnd_dmrs_prc": str(middle + wide),
        "pvt_frst_dmrs_prc": str(first_up if high else 0),
        "pvt_pont_val": str(middle),
        "pvt_frst_dmsp_prc": str(first_down if high else 0),
        "pvt_scnd_dmsp_prc": str(middle - wide),
        "dmrs_val": str((middle + first_up) // 2 if high else 0),
        "dmsp_val": str((middle - wide + first_down) // 2 if high else 0),
    }


def _company(item: Listed, quote: Quote, profile: Profile) -> dict[str, str]:
    shares, price = quote.listed_shares, quote.price
    return {
        "cpfn": str(item.par * shares // 100_000_000),
        "rstc_wdth_prc": str(quote.upper - quote.base),
        "stck_fcam": str(item.par),
        "stck_sspr": str(quote.base * 8 // 10 // 10 * 10),
        "aspr_unit": str(int(tick_of(price, item.is_fund))),
        "hts_deal_qty_unit_val": "1",
        "lstn_stcn": str(shares),
        "hts_avls": str(price * shares // 100_000_000),
        "per": multiple(price, profile.eps),
        "pbr": multiple(price, profile.bps),
        "stac_month": "12" if item.kind == "STOCK" else "",
        "vol_tnrt": ratio(quote.volume, shares),
        "eps": "" if profile.eps is None else hundredths(profile.eps),
        "bps": "" if profile.bps is None else hundredths(profile.bps),
    }


def multiple(price: int, per_share: int | None) -> str:
    """Price over EPS or BPS (hundredths of won), half up; 0.00 where none or a loss."""
    return ratio(price, per_share) if per_share and per_share > 0 else "0.00"


def _rest(item: Listed, quote: Quote, profile: Profile) -> dict[str, str]:
    capital = item.par * quote.listed_shares // 100_000_000
    return {
        "whol_loan_rmnd_rate": "0.22" if item.credit else "0.00",
        "ssts_yn": _yes(item.credit),
        "stck_shrn_iscd": item.code,
        "fcam_cnnm": f"{item.par:,}",
        "cpfn_cnnm": f"{capital:,} 억",
        "apprch_rate": "0.00",
        "frgn_hldn_qty": str(profile.foreign_shares),
        "vi_cls_code": "N",
        "ovtm_vi_cls_code": "N",
        "last_ssts_cntg_qty": str(quote.previous_volume // 97),
        "invt_caful_yn": _yes(item.attention),
        "mrkt_warn_cls_code": item.alarm,
        "short_over_yn": _yes(item.overheated in ("2", "3")),
        "sltr_yn": _yes(item.delisting),
        "mang_issu_cls_code": _yes(item.administrative),
    }


def _unknown(code: str) -> dict[str, str]:
    """Zeros, as the broker has for a code it does not know; the code itself stands."""
    return {**_NOBODY, "stck_shrn_iscd": code}


_BLANK = Listed(code="", name="", market="", par=0, credit=False)
_NONE = Quote("", date.min, *([0] * 12))
_EMPTY = Profile("", 0, None, None, 0, 0, 0, date.min, 0, date.min)
_NOBODY = {
    **_status(_BLANK),
    **_trading(_NONE),
    "hts_frgn_ehrt": "0.00",
    "frgn_ntby_qty": "0",
    "pgtr_ntby_qty": "0",
    **_pivots(None),
    **_company(_BLANK, _NONE, _EMPTY),
    **extreme_fields(_EMPTY, _NONE, fund=False),
    **_rest(_BLANK, _NONE, _EMPTY),
    "iscd_stat_cls_code": "00",
    "cpfn_cnnm": "",
}
_NOBODY |= {name: "" for name in _NOBODY if name.endswith("_date")}

INQUIRE_PRICE = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-price",
    "FHKST01010100",
    inquire_price,
    slow=True,
)
