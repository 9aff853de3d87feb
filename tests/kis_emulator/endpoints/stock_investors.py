"""주식현재가 투자자: a stock's flows of thirty sessions, 백만원 (FHKST01010900)."""

from tests.kis_emulator.endpoints.flow_days import quotes_back
from tests.kis_emulator.endpoints.investor_fields import (
    InvestorFields,
    in_millions,
    numbers,
)
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.flow_rows import sides, tables_of
from tests.kis_emulator.flows import DIVISIONS, has_flows
from tests.kis_emulator.forms import sign

_FIELDS = InvestorFields(
    [
        f"{who}_{measure}"
        for measure in (
            *("ntby_qty", "ntby_tr_pbmn", "shnu_vol"),
            *("shnu_tr_pbmn", "seln_vol", "seln_tr_pbmn"),
        )
        for who in ("prsn", "frgn", "orgn")
    ]
)


def stock_investors(call: Call) -> Answer:
    """Newest first; today's row is there, and blank until 15:40."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", *DIVISIONS)
    code = call.given("FID_INPUT_ISCD")
    if not has_flows(call.truth):
        return normal({"output": []})
    tables, rows = tables_of(call.truth), []
    for quote in quotes_back(call, division, code, call.at.date()):
        row = tables.row(call.truth, division, code, quote.session, call.at)
        flows = _FIELDS.blank()
        if row is not None:
            flows = _FIELDS.of(numbers([in_millions(side) for side in sides(row)]))
        day = {
            "stck_bsop_date": f"{quote.session:%Y%m%d}",
            "stck_clpr": str(quote.price),
            "prdy_vrss": str(quote.change),
            "prdy_vrss_sign": sign(quote),
        }
        rows.append({**day, **flows})
    return normal({"output": rows})


STOCK_INVESTORS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-investor",
    "FHKST01010900",
    stock_investors,
    slow=True,
)
