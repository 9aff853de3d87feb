"""거래량순위: thirty rows at most, one venue, no paging (FHPST01710000)."""

from collections.abc import Callable
from datetime import date

import numpy as np

from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.forms import ratio, sign
from tests.kis_emulator.index import MARKETS
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.ticks import Floats

MOST = 30
_EXCLUDED_BY_DIGIT: tuple[Callable[[Listed], bool], ...] = (
    lambda item: item.alarm != "00",
    lambda item: item.administrative,
    lambda item: item.delisting,
    lambda item: item.unfaithful,
    lambda item: item.preferred != "0",
    lambda item: item.halted,
    lambda item: item.kind == "ETF",
    lambda item: item.kind == "ETN",
    lambda item: not item.credit,
    lambda item: item.spac,
)


def _in_sector(item: Listed, code: str) -> bool:
    if code == "0000":
        return True
    if code in MARKETS:
        return item.market == MARKETS[code]
    return code in (item.sector_large, item.sector_medium)


def _measure(figures: Figures, belonging: str) -> Floats:
    """What is ranked, as 소속구분코드 says; all floats, exact below 2^53."""
    volume = figures.volume.astype(np.float64)
    value = figures.trading_value.astype(np.float64)
    cap = figures.price * figures.listed_shares.astype(np.float64)
    measures: dict[str, Callable[[], Floats]] = {
        "0": lambda: volume,
        "1": lambda: volume / np.maximum(figures.previous_volume, 1),
        "2": lambda: volume / np.maximum(figures.listed_shares, 1),
        "3": lambda: value,
        "4": lambda: value / np.maximum(cap, 1),
    }
    return np.asarray(measures[belonging](), dtype=np.float64)


class _Filter:
    """The call's filters on listings and prices."""

    def __init__(self, call: Call) -> None:
        mask = call.given("FID_TRGT_EXLS_CLS_CODE")
        if not set(mask) <= {"0", "1"}:
            raise invalid("FID_TRGT_EXLS_CLS_CODE")
        self._rules = [
            rule
            for digit, rule in zip(mask, _EXCLUDED_BY_DIGIT, strict=False)
            if digit == "1"
        ]
        self._sector = call.given("FID_INPUT_ISCD")
        self._share = call.one_of("FID_DIV_CLS_CODE", "0", "1", "2")
        self._low = call.number("FID_INPUT_PRICE_1")
        self._high = call.number("FID_INPUT_PRICE_2") or 10**12
        self._least = max(call.number("FID_VOL_CNT"), 1)

    def passes(self, item: Listed, price: int, volume: int) -> bool:
        """Whether a listing is ranked at all; what never traded is not."""
        if item.kind == "OUT" or not self._low <= price <= self._high:
            return False
        common = item.kind == "STOCK" and item.preferred == "0"
        right_share = {"0": True, "1": common, "2": item.preferred != "0"}[self._share]
        if volume < self._least or not right_share:
            return False
        in_sector = _in_sector(item, self._sector)
        return in_sector and not any(rule(item) for rule in self._rules)


def volume_rank(call: Call) -> Answer:
    """The first thirty; equals stand in no promised order (here: code down)."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", "J", "NX")
    call.one_of("FID_COND_SCR_DIV_CODE", "20171")
    belonging = call.one_of("FID_BLNG_CLS_CODE", "0", "1", "2", "3", "4")
    call.given("FID_TRGT_CLS_CODE")
    wanted = _Filter(call)
    figures = call.truth.snapshot(division, call.at)
    codes = np.array(figures.codes)
    order = np.lexsort((codes, _measure(figures, belonging)))[::-1]
    rows: list[dict[str, str]] = []
    for row in order:
        day = date.fromordinal(int(figures.session[row]))
        item = call.truth.listing_on(figures.codes[row], day)
        if item is None:
            continue
        if wanted.passes(item, int(figures.price[row]), int(figures.volume[row])):
            rows.append(_row(figures, item, len(rows) + 1))
        if len(rows) == MOST:
            break
    return normal({"output": rows})


def _row(figures: Figures, item: Listed, rank: int) -> dict[str, str]:
    quote = figures.quote(item.code)
    assert quote is not None
    volume, value, shares = quote.volume, quote.trading_value, quote.listed_shares
    change = ratio(quote.change, quote.base)
    volume_turnover = ratio(volume, shares)
    value_turnover = ratio(value, quote.price * shares)
    return {
        "hts_kor_isnm": item.name,
        "mksc_shrn_iscd": item.code,
        "data_rank": str(rank),
        "stck_prpr": str(quote.price),
        "prdy_vrss_sign": sign(quote),
        "prdy_vrss": str(quote.change),
        "prdy_ctrt": change,
        "acml_vol": str(volume),
        "prdy_vol": str(quote.previous_volume),
        "lstn_stcn": str(shares),
        "avrg_vol": str(volume),
        "n_befr_clpr_vrss_prpr_rate": change,
        "vol_inrt": ratio(volume, quote.previous_volume, most=9999.99),
        "vol_tnrt": volume_turnover,
        "nday_vol_tnrt": volume_turnover,
        "avrg_tr_pbmn": str(value),
        "tr_pbmn_tnrt": value_turnover,
        "nday_tr_pbmn_tnrt": value_turnover,
        "acml_tr_pbmn": str(value),
    }


VOLUME_RANK = Endpoint(
    "/uapi/domestic-stock/v1/quotations/volume-rank", "FHPST01710000", volume_rank
)
