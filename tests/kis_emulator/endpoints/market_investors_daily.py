"""시장별 투자자매매동향(일별): nets of some 300 sessions (FHPTJ04040000)."""

from datetime import date

from tests.kis_emulator.endpoints.investor_fields import (
    KINDS,
    InvestorFields,
    in_thousands,
    numbers,
)
from tests.kis_emulator.endpoints.market_investors import MARKETS
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.flow_columns import Side
from tests.kis_emulator.flow_groups import is_of
from tests.kis_emulator.flow_split import Investor
from tests.kis_emulator.flows import has_flows
from tests.kis_emulator.forms import hundredths, ratio, sign_of
from tests.kis_emulator.index import Index
from tests.kis_emulator.market_flows import market_flows, market_flows_on
from tests.kis_emulator.sectors import sector_at, sector_on

MOST = 300


def _keys() -> list[str]:
    volumes = {"pe_fund": "ntby_vol", "etc_orgt": "ntby_vol", "etc_corp": "ntby_vol"}
    rest = ("prsn", "orgn", *KINDS, "etc", "etc_orgt", "etc_corp")
    return [
        *("frgn_ntby_qty", "frgn_reg_ntby_qty", "frgn_nreg_ntby_qty"),
        *(f"{who}_{volumes.get(who, 'ntby_qty')}" for who in rest),
        *("frgn_ntby_tr_pbmn", "frgn_reg_ntby_pbmn", "frgn_nreg_ntby_pbmn"),
        *(f"{who}_ntby_tr_pbmn" for who in rest),
    ]


_FIELDS = InvestorFields(_keys())
_NOTHING = (Side(0, 0, 0, 0),) * len(Investor)


def market_investors_daily(call: Call) -> Answer:
    """Newest first; no date asked for matters, and no wrong sub-code is refused."""
    call.one_of("FID_COND_MRKT_DIV_CODE", "U")
    code = call.given("FID_INPUT_ISCD")
    market = call.one_of("FID_INPUT_ISCD_1", *MARKETS)
    for name in ("FID_INPUT_DATE_1", "FID_INPUT_DATE_2"):
        call.given(name)
    sub = call.given("FID_INPUT_ISCD_2")
    if not is_of(code, MARKETS[market]):
        raise invalid("FID_INPUT_ISCD")
    if not has_flows(call.truth):
        return normal({"output": []})
    known = is_of(sub, MARKETS[market])
    now = sector_at(call.truth, code, call.at)
    days = call.truth.days.back(date.min, now.session, MOST)
    live = market_flows(call.truth, sub, call.at).sides if known else _NOTHING
    rows = [{**_level(now), **_nets(live)}]
    for day in days[1:]:
        then = market_flows_on(call.truth, sub, day).sides if known else _NOTHING
        rows.append({**_level(sector_on(call.truth, code, day)), **_nets(then)})
    return normal({"output": rows})


def _level(index: Index) -> dict[str, str]:
    change = index.level - index.previous
    return {
        "stck_bsop_date": f"{index.session:%Y%m%d}",
        "bstp_nmix_prpr": hundredths(index.level),
        "bstp_nmix_prdy_vrss": hundredths(change),
        "prdy_vrss_sign": sign_of(change),
        "bstp_nmix_prdy_ctrt": ratio(change, index.previous),
        "bstp_nmix_oprc": hundredths(index.open),
        "bstp_nmix_hgpr": hundredths(index.high),
        "bstp_nmix_lwpr": hundredths(index.low),
        "stck_prdy_clpr": hundredths(index.previous),
    }


def _nets(served: tuple[Side, ...]) -> dict[str, str]:
    return _FIELDS.of(numbers([in_thousands(side) for side in served]))


MARKET_INVESTORS_DAILY = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-investor-daily-by-market",
    "FHPTJ04040000",
    market_investors_daily,
    slow=True,
)
