"""변동성완화장치(VI) 현황: the thirty newest of a day, as planted (FHPST01390000)."""

from datetime import date, datetime, timedelta

from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.forms import ratio
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket

MOST = 30
LASTS = timedelta(minutes=2, seconds=4)
_SIDES = {"0": (True, False), "1": (True,), "2": (False,)}
_MARKETS = {"0": ("KOSPI", "KOSDAQ"), "K": ("KOSPI",), "Q": ("KOSDAQ",)}


def interruptions(call: Call) -> Answer:
    """Of one code, or of all where it is blank; newest first."""
    sides = _SIDES[call.one_of("FID_DIV_CLS_CODE", *_SIDES)]
    call.one_of("FID_COND_SCR_DIV_CODE", "20139")
    markets = _MARKETS[call.one_of("FID_MRKT_CLS_CODE", *_MARKETS)]
    kind = call.one_of("FID_RANK_SORT_CLS_CODE", "0", "1", "2", "3")
    for name in ("FID_TRGT_CLS_CODE", "FID_TRGT_EXLS_CLS_CODE"):
        call.one_of(name, "")
    code = call.given("FID_INPUT_ISCD")
    found = [
        (at, item, rises)
        for at, item, rises in set_off(call.truth, call.day("FID_INPUT_DATE_1"))
        if at <= call.at
        and (not code or item.code == code)
        and item.market in markets
        and rises in sides
        and kind in ("0", "1")
    ]
    found.sort(key=lambda one: (one[0], one[1].code), reverse=True)
    rows = [_row(call, *one) for one in found[:MOST]]
    return normal({"output": rows})


def set_off(truth: Truth, day: date) -> list[tuple[datetime, Listed, bool]]:
    """When, of what, and whether upwards; only what was planted, static all."""
    if not isinstance(truth, SimulatedMarket):
        return []
    planting = truth.planting
    found = [
        (
            datetime.combine(day, plant.at, KST),
            planting.listed[row],
            not plant.number % 2,
        )
        for row, plant in planting.on(day)
        if plant.cause == "volatility_interruption"
    ]
    found += [
        (datetime.combine(day, plant.at, KST), planting.listed[row], True)
        for row, plant in planting.on(truth.days.next(day))
        if plant.bait == "vi_before"
    ]
    return found


def is_under_way(truth: Truth, code: str, at: datetime) -> bool:
    """Whether a stock is interrupted at an instant."""
    return any(
        item.code == code and since <= at < since + LASTS
        for since, item, _ in set_off(truth, at.date())
    )


def _row(call: Call, at: datetime, item: Listed, rises: bool) -> dict[str, str]:
    quote = call.truth.final("J", at.date()).quote(item.code)
    base = quote.base if quote else 0
    price = base * (110 if rises else 90) // 100
    ends = at + LASTS
    lasts = call.at < ends
    return {
        "hts_kor_isnm": item.name,
        "mksc_shrn_iscd": item.code,
        "vi_cls_code": "Y" if lasts else "N",
        "bsop_date": f"{at:%Y%m%d}",
        "cntg_vi_hour": f"{at:%H%M%S}",
        "vi_cncl_hour": "000000" if lasts else f"{ends:%H%M%S}",
        "vi_kind_code": "1",
        "vi_prc": str(price),
        "vi_stnd_prc": str(base),
        "vi_dprt": ratio(price - base, base),
        "vi_dmc_stnd_prc": "0",
        "vi_dmc_dprt": "0.00",
        "vi_count": "1",
    }


INTERRUPTIONS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-vi-status",
    "FHPST01390000",
    interruptions,
    slow=True,
)
