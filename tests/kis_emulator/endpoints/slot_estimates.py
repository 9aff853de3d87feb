"""종목별 외인기관 추정가집계: a row for each slot entered (HHPTJ04160200)."""

from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.flows import has_flows
from tests.kis_emulator.slots import Estimates, estimates_at, estimates_of


def slot_estimates(call: Call) -> Answer:
    """Newest slot first; figures are padded to eighteen characters."""
    code = call.given("MKSC_SHRN_ISCD")
    newest = estimates_of(call.truth, call.at) if has_flows(call.truth) else None
    if newest is None or code not in newest.row_of:
        return normal({"output2": []})
    slots = range(newest.slot, 0, -1)
    entered = [estimates_at(call.truth, newest.session, slot) for slot in slots]
    return normal({"output2": [_row(one, code) for one in entered]})


def _row(entered: Estimates, code: str) -> dict[str, str]:
    at = entered.row_of[code]
    foreign, institution = int(entered.foreign[at]), int(entered.institution[at])
    return {
        "bsop_hour_gb": str(entered.slot),
        "frgn_fake_ntby_qty": f"{foreign:018d}",
        "orgn_fake_ntby_qty": f"{institution:018d}",
        "sum_fake_ntby_qty": f"{foreign + institution:018d}",
    }


SLOT_ESTIMATES = Endpoint(
    "/uapi/domestic-stock/v1/quotations/investor-trend-estimate",
    "HHPTJ04160200",
    slot_estimates,
)
