"""국내업종 구분별전체시세: every index of a market in one call (FHPUP02140000)."""

from tests.kis_emulator.endpoints.index_price import head, index_code, level
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.forms import ratio
from tests.kis_emulator.index import Index
from tests.kis_emulator.index_codes import CODES, IndexCode
from tests.kis_emulator.sectors import sector_at

_GROUPS = {
    ("K", "0"): ("all", "size", "industry", "style", "silent"),
    ("K", "1"): ("style", "silent"),
    ("K", "2"): ("size",),
    ("K", "3"): ("industry",),
    ("Q", "0"): ("all", "size", "industry", "style", "venture", "silent"),
    ("Q", "1"): ("style", "silent"),
    ("Q", "2"): ("venture",),
    ("Q", "3"): ("size", "industry"),
    ("K2", "0"): ("top", "silent"),
}
_WHOLE = {"K": "0001", "Q": "1001", "K2": "2001"}
_LEVEL = (
    *("bstp_nmix_prpr", "bstp_nmix_prdy_vrss", "prdy_vrss_sign"),
    *("bstp_nmix_prdy_ctrt", "acml_vol", "acml_tr_pbmn"),
)


def index_category(call: Call) -> Answer:
    """One index's head, and the market's: industries among styles and leverages."""
    call.one_of("FID_COND_MRKT_DIV_CODE", "U")
    code = index_code(call)
    call.one_of("FID_COND_SCR_DIV_CODE", "20214")
    market = call.one_of("FID_MRKT_CLS_CODE", "K", "Q", "K2")
    belonging = call.given("FID_BLNG_CLS_CODE")
    if (market, belonging) not in _GROUPS:
        raise invalid("FID_BLNG_CLS_CODE")
    groups = _GROUPS[market, belonging]
    whole = sector_at(call.truth, _WHOLE[market], call.at)
    rows = [
        _row(known, sector_at(call.truth, known.code, call.at), whole)
        for known in CODES
        if known.market == market and known.group in groups
    ]
    output1 = head(sector_at(call.truth, code, call.at))
    return normal({"output1": output1, "output2": rows})


def _row(known: IndexCode, index: Index, whole: Index) -> dict[str, str]:
    figures = level(index)
    return {
        "bstp_cls_code": known.code,
        "hts_kor_isnm": known.name,
        **{name: figures[name] for name in _LEVEL},
        "acml_vol_rlim": ratio(index.volume, whole.volume),
        "acml_tr_pbmn_rlim": "",
    }


INDEX_CATEGORY = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-index-category-price",
    "FHPUP02140000",
    index_category,
    slow=True,
)
