"""종목별 투자자매매동향(일별): every kind of investor, 백만원 (FHPTJ04160001)."""

from tests.kis_emulator.endpoints.flow_days import quotes_back
from tests.kis_emulator.endpoints.investor_fields import (
    KINDS,
    InvestorFields,
    in_millions,
    numbers,
)
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of
from tests.kis_emulator.envelope import Answer, RefusedError, normal
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.flow_rows import sides, tables_of
from tests.kis_emulator.flows import DIVISIONS, PROVISIONAL_FROM, has_flows
from tests.kis_emulator.forms import ratio, sign


def _nets() -> list[str]:
    volumes = [f"{who}_ntby_qty" for who in ("prsn", "orgn", *KINDS)]
    volumes[volumes.index("pe_fund_ntby_qty")] = "pe_fund_ntby_vol"
    amounts = ("scrt", "pe_fund", "ivtr", "bank", "insu", "mrbn", "fund")
    return [
        *("frgn_ntby_qty", "frgn_reg_ntby_qty", "frgn_nreg_ntby_qty"),
        *volumes,
        *("etc_ntby_qty", "etc_corp_ntby_vol", "etc_orgt_ntby_vol"),
        *("frgn_reg_ntby_pbmn", "frgn_ntby_tr_pbmn", "frgn_nreg_ntby_pbmn"),
        *(f"{who}_ntby_tr_pbmn" for who in ("prsn", "orgn", *amounts)),
        *(f"{who}_ntby_tr_pbmn" for who in ("etc", "etc_corp", "etc_orgt")),
    ]


def _gross() -> list[str]:
    plain = ("seln_vol", "shnu_vol", "seln_tr_pbmn", "shnu_tr_pbmn")
    private = ("seln_tr_pbmn", "seln_vol", "shnu_tr_pbmn", "shnu_vol")
    foreign = ("askp_qty", "bidp_qty", "askp_pbmn", "bidp_pbmn")
    rest = ("prsn", "orgn", *KINDS, "etc", "etc_orgt", "etc_corp")
    return [
        *(f"frgn_{measure}" for measure in plain),
        *(f"frgn_reg_{measure}" for measure in foreign),
        *(f"frgn_nreg_{measure}" for measure in foreign),
        *(
            f"{who}_{measure}"
            for who in rest
            for measure in (private if who == "pe_fund" else plain)
        ),
    ]


_FIELDS = InvestorFields([*_nets(), *_gross()])


def stock_investors_daily(call: Call) -> Answer:
    """Thirty sessions back from the date; today is refused before 15:40."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", *DIVISIONS)
    code = call.given("FID_INPUT_ISCD")
    day = call.day("FID_INPUT_DATE_1")
    call.given("FID_ORG_ADJ_PRC")
    call.one_of("FID_ETC_CLS_CODE", "1")
    if day >= call.at.date() and call.at.time() < PROVISIONAL_FROM:
        raise _too_early()
    item = call.truth.listing_of.get(code)
    now = quote_of(call.truth, division, code, call.at)
    if item is None or now is None or not has_flows(call.truth):
        return normal({"output1": {}, "output2": []})
    tables, rows = tables_of(call.truth), []
    for quote in quotes_back(call, division, code, day):
        row = tables.row(call.truth, division, code, quote.session, call.at)
        if row is not None:
            flows = numbers([in_millions(side) for side in sides(row)])
            rows.append({**_day(quote), **_FIELDS.of(flows), "bold_yn": "N"})
    return normal({"output1": _head(now, item.market), "output2": rows})


def _too_early() -> RefusedError:
    text = "TIME LIMIT 00:00 ~ 15:40"
    return RefusedError({"rt_cd": "2", "msg_cd": "OPSQ2001", "msg1": text}, 200)


def _head(now: Quote, market: str) -> dict[str, str]:
    return {
        "stck_prpr": str(now.price),
        "prdy_vrss": str(now.change),
        "prdy_vrss_sign": sign(now),
        "prdy_ctrt": ratio(now.change, now.base),
        "acml_vol": str(now.volume),
        "prdy_vol": str(now.previous_volume),
        "rprs_mrkt_kor_name": market,
    }


def _day(quote: Quote) -> dict[str, str]:
    return {
        "stck_bsop_date": f"{quote.session:%Y%m%d}",
        "stck_clpr": str(quote.price),
        "prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_vol": str(quote.volume),
        "acml_tr_pbmn": str(quote.trading_value),
        "stck_oprc": str(quote.open),
        "stck_hgpr": str(quote.high),
        "stck_lwpr": str(quote.low),
    }


STOCK_INVESTORS_DAILY = Endpoint(
    "/uapi/domestic-stock/v1/quotations/investor-trade-by-stock-daily",
    "FHPTJ04160001",
    stock_investors_daily,
    slow=True,
)
