"""기간별시세: daily bars, newest first, a hundred at most (FHKST03010100)."""

from datetime import date

from tests.kis_emulator.base_change import BaseChange
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of, united
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Quote, Truth
from tests.kis_emulator.forms import ratio, sign
from tests.kis_emulator.listed import Listed

MOST = 100


def daily_bars(call: Call) -> Answer:
    """The listing's figures now, and its bars within both dates."""
    division = call.one_of("FID_COND_MRKT_DIV_CODE", "J", "NX", "UN")
    code = call.given("FID_INPUT_ISCD")
    start, end = call.day("FID_INPUT_DATE_1"), call.day("FID_INPUT_DATE_2")
    call.one_of("FID_PERIOD_DIV_CODE", "D")
    adjusted = call.one_of("FID_ORG_ADJ_PRC", "0", "1") == "0"
    now = quote_of(call.truth, division, code, call.at)
    item = call.truth.listing_on(code, now.session) if now else None
    if item is None or now is None:
        return normal({"output1": {}, "output2": []})
    before = _final(call.truth, division, code, call.truth.days.previous(now.session))
    bars = _bars(call.truth, item, division, now, (start, end))
    rows = _rows(call.truth, bars, now, adjusted=adjusted)
    return normal({"output1": _head(item, now, before), "output2": rows})


def _final(truth: Truth, division: str, code: str, day: date) -> Quote | None:
    return next(iter(_finals(truth, division, code, [day])), None)


def _finals(truth: Truth, division: str, code: str, days: list[date]) -> list[Quote]:
    """Past sessions of a division: ``UN`` is both venues', day by day."""
    if division != "UN":
        return truth.finals(division, code, days)
    nxt = {quote.session: quote for quote in truth.finals("NX", code, days)}
    both = (
        united(krx, nxt.get(krx.session), nxt_is_later=True)
        for krx in truth.finals("J", code, days)
    )
    return [quote for quote in both if quote is not None]


def _bars(
    truth: Truth, item: Listed, division: str, now: Quote, within: tuple[date, date]
) -> list[Quote]:
    """Today's only once the quotes have left yesterday; none before the listing."""
    first, last = max(within[0], item.listed_on), min(within[1], now.session)
    days = truth.days.back(first, last, MOST)
    today = [now] if days[:1] == [now.session] else []
    past = _finals(truth, division, item.code, days[len(today) :])
    return [bar for bar in (*today, *past) if bar.price]


def _rows(
    truth: Truth, bars: list[Quote], now: Quote, *, adjusted: bool
) -> list[dict[str, str]]:
    """Bars as text; adjusted ones in the shares of now, back through every change."""
    factor = 1.0
    if adjusted and bars:
        later = truth.days.back(bars[0].session, now.session, 10_000)
        for day in later[:-1]:
            factor *= truth.split_ratio(now.code, day)
    rows: list[dict[str, str]] = []
    for bar in bars:
        plain = bar.base == bar.previous_close
        why = BaseChange.NONE if plain else truth.base_change(bar.code, bar.session)
        rows.append(_bar(bar, why, factor))
        if adjusted:
            factor *= bar.base / bar.previous_close
    return rows


def _bar(bar: Quote, why: BaseChange, factor: float) -> dict[str, str]:
    """One session; 분할비율 is the base price over the close before, where it moved."""
    day, moved = bar.session, why is not BaseChange.NONE
    prices = [bar.price, bar.open, bar.high, bar.low, bar.change]
    volume = bar.volume
    if factor != 1.0:
        prices = [round(price * factor) for price in prices]
        volume = round(volume / factor)
    close, opened, high, low, change = prices
    return {
        "stck_bsop_date": f"{day.year}{day.month:02d}{day.day:02d}",
        "stck_clpr": str(close),
        "stck_oprc": str(opened),
        "stck_hgpr": str(high),
        "stck_lwpr": str(low),
        "acml_vol": str(volume),
        "acml_tr_pbmn": str(bar.trading_value),
        "flng_cls_code": why.flng_cls_code,
        "prtt_rate": f"{bar.base / bar.previous_close:.2f}" if moved else "0.00",
        "mod_yn": "N" if bar.volume else "Y",
        "prdy_vrss_sign": sign(bar),
        "prdy_vrss": str(change),
        "revl_issu_reas": why.revl_issu_reas,
    }


def _head(item: Listed, now: Quote, before: Quote | None) -> dict[str, str]:
    past = before or now
    cap = now.price * now.listed_shares
    return {
        "prdy_vrss": str(now.change),
        "prdy_vrss_sign": sign(now),
        "prdy_ctrt": ratio(now.change, now.base),
        "stck_prdy_clpr": str(now.previous_close),
        "acml_vol": str(now.volume),
        "acml_tr_pbmn": str(now.trading_value),
        "hts_kor_isnm": item.name,
        "stck_prpr": str(now.price),
        "stck_shrn_iscd": item.code,
        "prdy_vol": str(now.previous_volume),
        "stck_mxpr": str(now.upper),
        "stck_llam": str(now.lower),
        "stck_oprc": str(now.open),
        "stck_hgpr": str(now.high),
        "stck_lwpr": str(now.low),
        "stck_prdy_oprc": str(past.open),
        "stck_prdy_hgpr": str(past.high),
        "stck_prdy_lwpr": str(past.low),
        "askp": str(now.price if now.volume else 0),
        "bidp": str(now.price if now.volume else 0),
        "prdy_vrss_vol": str(now.volume - now.previous_volume),
        "vol_tnrt": ratio(now.volume, now.listed_shares),
        "stck_fcam": str(item.par),
        "lstn_stcn": str(now.listed_shares),
        "cpfn": str(item.par * now.listed_shares // 100_000_000),
        "hts_avls": str(cap // 100_000_000),
        "per": "12.34",
        "eps": f"{now.price / 12.34:.2f}",
        "pbr": "1.10",
        "itewhol_loan_rmnd_ratem name": "0.32",
    }


DAILY_BARS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-daily-itemchartprice",
    "FHKST03010100",
    daily_bars,
    slow=True,
)
