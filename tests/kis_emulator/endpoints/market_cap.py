"""국내주식 시가총액 상위: thirty rows at most, no paging (FHPST01740000)."""

from collections.abc import Iterator

import numpy as np

from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.forms import ratio, sign
from tests.kis_emulator.index import MARKETS
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Ints

MOST = 30
_LARGEST = 200
_EOK = 100_000_000


def market_cap(call: Call) -> Answer:
    """The heaviest first; funds are among all (0), and no mask takes them out.

    KOSPI200 (2001) is here the 200 largest common shares of KOSPI.
    """
    division = call.one_of("FID_COND_MRKT_DIV_CODE", "J", "NX")
    call.one_of("FID_COND_SCR_DIV_CODE", "20174")
    share = call.one_of("FID_DIV_CLS_CODE", "0", "1", "2")
    market = call.one_of("FID_INPUT_ISCD", "0000", "0001", "1001", "2001")
    call.one_of("FID_TRGT_CLS_CODE", "0")
    call.one_of("FID_TRGT_EXLS_CLS_CODE", "0")
    low = call.number("FID_INPUT_PRICE_1")
    high = call.number("FID_INPUT_PRICE_2") or 10**12
    least = call.number("FID_VOL_CNT")
    figures = call.truth.snapshot(division, call.at)
    caps = capitalisation(figures)
    whole = _whole(call, figures, caps)
    rows: list[dict[str, str]] = []
    for row, item in _in_market(call, figures, caps, market):
        fits = low <= figures.price[row] <= high and figures.volume[row] >= least
        if fits and _is_share(item, share):
            rows.append(_row(figures, item, len(rows) + 1, whole))
        if len(rows) == MOST:
            break
    return normal({"output": rows})


def _in_market(
    call: Call, figures: Figures, caps: Ints, market: str
) -> Iterator[tuple[int, Listed]]:
    """Rows of what a market lists on that day, the heaviest first."""
    large = 0
    for row in np.argsort(-caps, kind="stable").tolist():
        item = call.truth.listing_of[figures.codes[row]]
        if caps[row] <= 0 or MARKETS.get(market, item.market) != item.market:
            continue
        is_candidate = item.market == "KOSPI" and _is_share(item, "1")
        large += is_candidate
        if market != "2001" or (is_candidate and large <= _LARGEST):
            yield row, item


def capitalisation(figures: Figures) -> Ints:
    """Won: price times listed shares; 0 of what is not listed that day."""
    return figures.price * figures.listed_shares


def _is_share(item: Listed, share: str) -> bool:
    """Whether 분류 takes it: 0 all in scope, 1 common, 2 preferred."""
    if share == "0":
        return item.kind != "OUT"
    return item.kind == "STOCK" and (item.preferred == "0") == (share == "1")


def _whole(call: Call, figures: Figures, caps: Ints) -> int:
    """Won of all that KOSPI and KOSDAQ list as stocks, of this venue."""
    stocks = np.array(
        [
            item.kind == "STOCK" and item.market != "KONEX"
            for item in map(call.truth.listing_of.__getitem__, figures.codes)
        ],
        dtype=bool,
    )
    return int(caps[stocks].sum())


def _row(figures: Figures, item: Listed, rank: int, whole: int) -> dict[str, str]:
    quote = figures.quote(item.code)
    assert quote is not None
    cap = quote.price * quote.listed_shares
    return {
        "mksc_shrn_iscd": item.code,
        "data_rank": str(rank),
        "hts_kor_isnm": item.name,
        "stck_prpr": str(quote.price),
        "prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "acml_vol": str(quote.volume),
        "lstn_stcn": str(quote.listed_shares),
        "stck_avls": str(cap // _EOK),
        "mrkt_whol_avls_rlim": ratio(cap, whole),
    }


MARKET_CAP = Endpoint(
    "/uapi/domestic-stock/v1/ranking/market-cap", "FHPST01740000", market_cap
)
