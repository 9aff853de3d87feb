"""국내업종 일자별지수: sessions of one index, newest first (FHPUP02120000)."""

from datetime import date

from tests.kis_emulator.endpoints.index_price import head, index_code
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.forms import hundredths, ratio, sign_of
from tests.kis_emulator.index import Index
from tests.kis_emulator.sectors import sector_at, sector_on

MOST = 100
_MEAN, _MOOD = 20, 10
_EVER = date(2000, 1, 4)


def index_daily(call: Call) -> Answer:
    """The index now, and its sessions up to a date: of today's the state so far."""
    call.one_of("FID_PERIOD_DIV_CODE", "D")
    call.one_of("FID_COND_MRKT_DIV_CODE", "U")
    code, last = index_code(call), call.day("FID_INPUT_DATE_1")
    now = sector_at(call.truth, code, call.at)
    days = call.truth.days.back(_EVER, min(last, now.session), MOST + _MEAN)
    series = [_on(call.truth, code, day, now) for day in days]
    rows = [
        _row(series[place : place + _MEAN], now) for place in range(len(series))[:MOST]
    ]
    return normal({"output1": head(now), "output2": rows})


def _on(truth: Truth, code: str, day: date, now: Index) -> Index:
    return now if day == now.session else sector_on(truth, code, day)


def _row(past: list[Index], now: Index) -> dict[str, str]:
    """A session, of it and those before it.

    누적거래량비중 is today's volume over the session's, as recorded; how the mood
    (투자 신 심리도) is reckoned is not known.
    """
    index = past[0]
    change = index.level - index.previous
    mean = sum(day.level for day in past) // len(past)
    moves = [day.level - day.previous for day in past[:_MOOD]]
    return {
        "stck_bsop_date": f"{index.session:%Y%m%d}",
        "bstp_nmix_prpr": hundredths(index.level),
        "prdy_vrss_sign": sign_of(change),
        "bstp_nmix_prdy_vrss": hundredths(change),
        "bstp_nmix_prdy_ctrt": ratio(change, index.previous),
        "bstp_nmix_oprc": hundredths(index.open),
        "bstp_nmix_hgpr": hundredths(index.high),
        "bstp_nmix_lwpr": hundredths(index.low),
        "acml_vol_rlim": ratio(now.volume, index.volume),
        "acml_vol": str(index.volume // 1_000),
        "acml_tr_pbmn": str(index.trading_value // 1_000_000),
        "invt_new_psdg": ratio(sum(moves), sum(map(abs, moves))),
        "d20_dsrt": ratio(index.level, mean),
    }


INDEX_DAILY = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-index-daily-price",
    "FHPUP02120000",
    index_daily,
    slow=True,
)
