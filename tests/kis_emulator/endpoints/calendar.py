"""국내휴장일조회 (CTCA0903R) and 국내선물 영업일조회 (HHMCM000002C0)."""

from datetime import date, timedelta

from tests.kis_emulator.days import ONE_DAY, TradingDays
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal

PAGE = 24
_MORE = "조회가 계속됩니다..다음버튼을 Click 하십시오." + " " * 35


def _yes(truth: bool) -> str:
    return "Y" if truth else "N"


def _day(days: TradingDays, day: date) -> dict[str, str]:
    opens, weekend = days.is_announced(day), day.weekday() >= 5
    return {
        "bass_dt": f"{day:%Y%m%d}",
        "wday_dvsn_cd": f"{(day.isoweekday() % 7) + 1:02d}",
        "bzdy_yn": _yes(days.is_bank_day(day) and not weekend),
        "tr_day_yn": "Y",
        "opnd_yn": _yes(opens),
        "sttl_day_yn": _yes(opens),
    }


def holidays(call: Call) -> Answer:
    """24 days from the asked one; the ledger pads its keys and its message."""
    start = call.day("BASS_DT")
    call.given("CTX_AREA_FK")
    page = call.given("CTX_AREA_NK")
    if page and not (page.isdecimal() and len(page) == 8):
        raise invalid("CTX_AREA_NK")
    first = start
    if page:
        first = date(int(page[:4]), int(page[4:6]), int(page[6:])) + ONE_DAY
    days = [first + timedelta(days=number) for number in range(PAGE)]
    rows = [_day(call.truth.days, day) for day in days]
    return {
        "ctx_area_nk": f"{days[-1]:%Y%m%d}".ljust(20),
        "ctx_area_fk": f"{start:%Y%m%d}".ljust(20),
        "output": rows,
        "rt_cd": "0",
        "msg_cd": "KIOK0500",
        "msg1": _MORE,
    }


def market_time(call: Call) -> Answer:
    """Two business days either side of today, the server's date and time."""
    days, today = call.truth.days, call.at.date()
    middle = today if days.is_session(today) else days.next(today)
    before, after = days.previous(middle), days.next(middle)
    around = [days.previous(before), before, middle, after, days.next(after)]
    output = {f"date{number}": f"{day:%Y%m%d}" for number, day in enumerate(around, 1)}
    output |= {
        "today": f"{today:%Y%m%d}",
        "time": f"{call.at:%H%M%S}",
        "s_time": "084500",
        "e_time": "154500",
    }
    return normal({"output1": output})


HOLIDAYS = Endpoint(
    "/uapi/domestic-stock/v1/quotations/chk-holiday",
    "CTCA0903R",
    holidays,
    tr_cont="M",
)
MARKET_TIME = Endpoint(
    "/uapi/domestic-stock/v1/quotations/market-time", "HHMCM000002C0", market_time
)
