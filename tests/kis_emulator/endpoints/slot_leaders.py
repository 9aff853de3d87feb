"""국내기관_외국인 매매종목가집계: thirty rows of estimates (FHPTJ04400000)."""

import numpy as np

from tests.kis_emulator.endpoints.investor_fields import KINDS, institutions
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.flow_groups import group, is_of
from tests.kis_emulator.flows import has_flows, millions
from tests.kis_emulator.forms import ratio, sign
from tests.kis_emulator.index import MARKETS
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.slots import Estimates, estimates_of
from tests.kis_emulator.ticks import Bools, Ints

MOST = 30


def slot_leaders(call: Call) -> Answer:
    """Those that net bought (or sold) most; nothing before the day's first slot."""
    call.one_of("FID_COND_MRKT_DIV_CODE", "V")
    call.one_of("FID_COND_SCR_DIV_CODE", "16449")
    market = call.given("FID_INPUT_ISCD")
    known = market == "0000" or any(is_of(market, name) for name in MARKETS.values())
    if not known:
        raise invalid("FID_INPUT_ISCD")
    by_amount = call.one_of("FID_DIV_CLS_CODE", "0", "1") == "1"
    selling = call.one_of("FID_RANK_SORT_CLS_CODE", "0", "1") == "1"
    who = call.one_of("FID_ETC_CLS_CODE", "0", "1", "2", "3")
    entered = estimates_of(call.truth, call.at) if has_flows(call.truth) else None
    if entered is None:
        return normal({"output": []})
    figures = call.truth.snapshot("J", call.at)
    net = _net(entered, who)
    here = _ranked(call, entered, market)
    measure = (net * figures.price if by_amount else net) * (-1 if selling else 1)
    measure = np.where(here, measure, 0)
    order = np.argsort(-measure, kind="stable")[:MOST]
    rows = [
        _row(figures, call.truth.listing_of[figures.codes[row]], entered, int(net[row]))
        for row in order
        if measure[row] > 0
    ]
    return normal({"output": rows})


def _net(entered: Estimates, who: str) -> Ints:
    return {
        "0": entered.foreign + entered.institution + entered.other,
        "1": entered.foreign,
        "2": entered.institution,
        "3": entered.other,
    }[who]


def _ranked(call: Call, entered: Estimates, market: str) -> Bools:
    """Stocks and funds of the market; of an industry stocks alone."""
    if market not in ("0000", *MARKETS):
        return group(call.truth, market, entered.session)
    wanted = tuple(MARKETS.values()) if market == "0000" else (MARKETS[market],)
    return np.array(
        [item.kind != "OUT" and item.market in wanted for item in call.truth.listings()]
    )


def _row(
    figures: Figures, item: Listed, entered: Estimates, net: int
) -> dict[str, str]:
    quote = figures.quote(item.code)
    assert quote is not None
    at = entered.row_of[item.code]
    foreign, other = int(entered.foreign[at]), int(entered.other[at])
    house = int(entered.institution[at])
    kinds = dict(zip(KINDS, institutions(house // 1_000), strict=True))
    nets = {
        "frgn": foreign,
        "orgn": house,
        **{who: kinds[who] * 1_000 for who in ("ivtr", "bank", "insu", "mrbn", "fund")},
    }
    corporations = {"etc_orgt": 0, "etc_corp": other}
    return {
        "hts_kor_isnm": item.name,
        "mksc_shrn_iscd": item.code,
        "ntby_qty": str(net),
        "stck_prpr": str(quote.price),
        "prdy_vrss_sign": sign(quote),
        "prdy_vrss": str(quote.change),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_vol": str(quote.volume),
        **{f"{who}_ntby_qty": str(shares) for who, shares in nets.items()},
        **{f"{who}_ntby_vol": str(shares) for who, shares in corporations.items()},
        **{
            f"{who}_ntby_tr_pbmn": str(millions(shares * quote.price))
            for who, shares in {**nets, **corporations}.items()
        },
    }


SLOT_LEADERS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/foreign-institution-total",
    "FHPTJ04400000",
    slot_leaders,
)
