"""관심종목 시세: thirty slots of mixed divisions, index codes too (FHKST11300006)."""

from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.forms import hundredths, ratio, sign, sign_of
from tests.kis_emulator.index import MARKETS, index_at
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import tick_of

SLOTS = 30
_DIVISION, _CODE = "FID_COND_MRKT_DIV_CODE_", "FID_INPUT_ISCD_"
_CLASS_NAMES = {"KOSPI": "거래소", "KOSDAQ": "코스닥", "KONEX": "코넥스"}
_EXPECTED = {
    "intr_antc_cntg_vrss": "0",
    "intr_antc_cntg_vrss_sign": "3",
    "intr_antc_cntg_prdy_ctrt": "0.00",
    "intr_antc_vol": "0",
}


def _slots(params: dict[str, str]) -> list[tuple[str, str]]:
    """Division and code of the slots in use, in slot order."""
    for name in params:
        slot = name.removeprefix(_DIVISION).removeprefix(_CODE)
        if slot != name and not (slot.isdecimal() and 1 <= int(slot) <= SLOTS):
            raise invalid(name)
    found: list[tuple[str, str]] = []
    for number in range(1, SLOTS + 1):
        division = params.get(f"{_DIVISION}{number}", "").strip()
        code = params.get(f"{_CODE}{number}", "").strip()
        if not code and not division:
            continue
        if division not in ("J", "NX", "UN", "U"):
            raise invalid(f"{_DIVISION}{number}")
        if not code:
            raise invalid(f"{_CODE}{number}")
        found.append((division, code))
    if not found:
        raise invalid(f"{_DIVISION}1")
    return found


def multi_quote(call: Call) -> Answer:
    """One row a slot, in slot order."""
    rows = [_slot_row(call, *slot) for slot in _slots(call.params)]
    return normal({"output": rows})


def _slot_row(call: Call, division: str, code: str) -> dict[str, str]:
    if code in MARKETS and division in ("J", "U"):
        return _index_row(call, code)
    quote = quote_of(call.truth, division, code, call.at) if division != "U" else None
    item = call.truth.listing_on(code, quote.session) if quote else None
    if item is None or quote is None:
        return {**_UNKNOWN, "inter_shrn_iscd": code}
    return _quote_row(item, quote)


def _quote_row(item: Listed, quote: Quote) -> dict[str, str]:
    market = _CLASS_NAMES[item.market]
    tick = int(tick_of(quote.price, item.is_fund))
    live = quote.volume > 0
    ask = quote.price + (tick if quote.volume % 2 else 0) if live else 0
    depth = quote.volume // 97
    return {
        "kospi_kosdaq_cls_name": market,
        "mrkt_trtm_cls_name": "거래정지" if item.halted else market,
        "hour_cls_code": "0",
        "inter_shrn_iscd": item.code,
        "inter_kor_isnm": item.name,
        "inter2_prpr": str(quote.price),
        "inter2_prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_vol": str(quote.volume),
        "inter2_oprc": str(quote.open),
        "inter2_hgpr": str(quote.high),
        "inter2_lwpr": str(quote.low),
        "inter2_llam": str(quote.lower),
        "inter2_mxpr": str(quote.upper),
        "inter2_askp": str(ask),
        "inter2_bidp": str(ask - tick if live else 0),
        "seln_rsqn": str(depth // 11),
        "shnu_rsqn": str(depth // 7),
        "total_askp_rsqn": str(depth),
        "total_bidp_rsqn": str(depth * 9 // 7),
        "acml_tr_pbmn": str(quote.trading_value),
        "inter2_prdy_clpr": str(quote.previous_close),
        "oprc_vrss_hgpr_rate": ratio(quote.high - quote.open, quote.open),
        **_EXPECTED,
        "inter2_sdpr": str(quote.base),
    }


def _index_row(call: Call, code: str) -> dict[str, str]:
    """An index dressed as a stock: points, thousands of shares, millions of won."""
    index = index_at(call.truth, code, call.at)
    change = index.level - index.previous
    nothing = dict.fromkeys(
        ("inter2_llam", "inter2_mxpr", "inter2_askp", "inter2_bidp"), ""
    )
    return {
        "kospi_kosdaq_cls_name": "업종",
        "mrkt_trtm_cls_name": "",
        "hour_cls_code": "2",
        "inter_shrn_iscd": code,
        "inter_kor_isnm": "종합",
        "inter2_prpr": hundredths(index.level),
        "inter2_prdy_vrss": hundredths(change),
        "prdy_vrss_sign": sign_of(change),
        "prdy_ctrt": ratio(change, index.previous),
        "acml_vol": str(index.volume // 1_000),
        "inter2_oprc": hundredths(index.open),
        "inter2_hgpr": hundredths(index.high),
        "inter2_lwpr": hundredths(index.low),
        **nothing,
        "seln_rsqn": "",
        "shnu_rsqn": "",
        "total_askp_rsqn": "19237981",
        "total_bidp_rsqn": "49315150",
        "acml_tr_pbmn": str(index.trading_value // 1_000_000),
        "inter2_prdy_clpr": hundredths(index.previous),
        "oprc_vrss_hgpr_rate": "",
        "intr_antc_cntg_vrss": hundredths(change),
        "intr_antc_cntg_vrss_sign": sign_of(change),
        "intr_antc_cntg_prdy_ctrt": ratio(change, index.previous),
        "intr_antc_vol": str(index.volume // 1_000),
        "inter2_sdpr": hundredths(index.previous),
    }


_BLANK = Listed(code="", name="", market="KOSPI")
_NONE = Quote("", *([0] * 13))  # type: ignore[arg-type] # no session either
_UNKNOWN = {
    **_quote_row(_BLANK, _NONE),
    "kospi_kosdaq_cls_name": "",
    "mrkt_trtm_cls_name": "",
}

MULTI_QUOTE = Endpoint(
    "/uapi/domestic-stock/v1/quotations/intstock-multprice",
    "FHKST11300006",
    multi_quote,
)
