"""시장별 투자자매매동향(시세): a market live, 천주 and 백만원 (FHPTJ04030000)."""

from tests.kis_emulator.endpoints.investor_fields import (
    InvestorFields,
    in_thousands,
    numbers,
)
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.flow_groups import is_of
from tests.kis_emulator.flows import has_flows
from tests.kis_emulator.market_flows import market_flows

MARKETS = {"KSP": "KOSPI", "KSQ": "KOSDAQ"}
_FUNDS = {"ETF": "T000", "ETN": "E199"}


def _keys() -> list[str]:
    usual = ("frgn", "prsn", "orgn", "scrt", "ivtr")
    after = ("bank", "insu", "mrbn", "fund")
    plain = (
        *("seln_vol", "shnu_vol", "ntby_qty"),
        *("seln_tr_pbmn", "shnu_tr_pbmn", "ntby_tr_pbmn"),
    )
    private = (
        *("seln_tr_pbmn", "seln_vol", "ntby_vol"),
        *("shnu_tr_pbmn", "shnu_vol", "ntby_tr_pbmn"),
    )
    other = tuple(measure.replace("ntby_qty", "ntby_vol") for measure in plain)
    return [
        *(f"{who}_{measure}" for who in usual for measure in plain),
        *(f"pe_fund_{measure}" for measure in private),
        *(f"{who}_{measure}" for who in after for measure in plain),
        *(f"{who}_{measure}" for who in ("etc_orgt", "etc_corp") for measure in other),
    ]


_FIELDS = InvestorFields(_keys())


def market_investors(call: Call) -> Answer:
    """One row since the open, individuals too; before the reset the last session's."""
    market = call.one_of("FID_INPUT_ISCD", *MARKETS, *_FUNDS)
    code = call.given("FID_INPUT_ISCD_2")
    fits = code == _FUNDS.get(market) or is_of(code, MARKETS.get(market, ""))
    if not fits:
        raise invalid("FID_INPUT_ISCD_2")
    if not has_flows(call.truth):
        return normal({"output": []})
    flows = market_flows(call.truth, code, call.at)
    served = [in_thousands(side) for side in flows.sides]
    return normal({"output": [_FIELDS.of(numbers(served))]})


MARKET_INVESTORS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-investor-time-by-market",
    "FHPTJ04030000",
    market_investors,
    slow=True,
)
