"""종목별 프로그램매매추이(일별): thirty sessions, won (FHPPG04650201)."""

from datetime import date

from tests.kis_emulator.endpoints.flow_days import DAYS, quotes_back
from tests.kis_emulator.endpoints.program_moments import program_now
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.flow_columns import Side
from tests.kis_emulator.flow_rows import VENUES, added, program_side, tables_of
from tests.kis_emulator.flows import DIVISIONS, Shown, has_flows
from tests.kis_emulator.forms import ratio, sign


def program_days(call: Call) -> Answer:
    """Newest first, back from the date; today's row runs with the session."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", *DIVISIONS)
    code = call.given("FID_INPUT_ISCD")
    last = _last(call)
    if not has_flows(call.truth):
        return normal({"output": []})
    quotes = quotes_back(call, division, code, last, DAYS + 1)
    found = [_side(call, division, quote) for quote in quotes]
    known = [(q, side) for q, side in zip(quotes, found, strict=True) if side]
    before = [side for _, side in known[1:]] + [Side(0, 0, 0, 0)]
    rows = [
        _row(quote, side, older)
        for (quote, side), older in zip(known, before, strict=False)
    ]
    return normal({"output": rows[:DAYS]})


def _last(call: Call) -> date:
    """The date asked for: blank, YYYYMMDD, or the same after two zeros."""
    text = call.given("FID_INPUT_DATE_1")
    if not text:
        return call.at.date()
    if len(text) == 10 and text.startswith("00"):
        text = text[2:]
    try:
        return date.fromisoformat(text if text.isdecimal() and len(text) == 8 else "")
    except ValueError:
        raise invalid("FID_INPUT_DATE_1") from None


def _side(call: Call, division: str, quote: Quote) -> Side | None:
    """What programs did on the quote's session, so far where it runs."""
    if quote.session == call.at.date():
        return program_now(call, division, quote.code)
    tables, rows = tables_of(call.truth), []
    for venue in VENUES[division]:
        table = tables.day(call.truth, venue, quote.session, Shown.FINAL)
        row = table.of(quote.code)
        if row is not None:
            rows.append(row)
    return program_side(added(rows)) if rows else None


def _row(quote: Quote, side: Side, before: Side) -> dict[str, str]:
    return {
        "stck_bsop_date": f"{quote.session:%Y%m%d}",
        "stck_clpr": str(quote.price),
        "prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_vol": str(quote.volume),
        "acml_tr_pbmn": str(quote.trading_value),
        "whol_smtn_seln_vol": str(side.sell_volume),
        "whol_smtn_shnu_vol": str(side.buy_volume),
        "whol_smtn_ntby_qty": str(side.net_volume),
        "whol_smtn_seln_tr_pbmn": str(side.sell_amount),
        "whol_smtn_shnu_tr_pbmn": str(side.buy_amount),
        "whol_smtn_ntby_tr_pbmn": str(side.net_amount),
        "whol_ntby_vol_icdc": str(side.net_volume - before.net_volume),
        "whol_ntby_tr_pbmn_icdc2": str(side.net_amount - before.net_amount),
    }


PROGRAM_DAYS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/program-trade-by-stock-daily",
    "FHPPG04650201",
    program_days,
    slow=True,
)
