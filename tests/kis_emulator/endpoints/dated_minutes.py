"""주식일별분봉조회: 120 minute bars of any day within a year (FHKST03010230)."""

from datetime import date, timedelta

from tests.kis_emulator.days import ONE_DAY
from tests.kis_emulator.endpoints.minute_rows import (
    NO_HEAD,
    head,
    hour_of,
    newest_first,
)
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.minute_bars import minute_bars

MOST = 120
KEPT_FOR = timedelta(days=365)


def dated_minutes(call: Call) -> Answer:
    """Bars that end at the asked minute; on a day without trading, none.

    With FID_PW_DATA_INCU_YN "Y" a page goes on into the sessions before.
    """
    division = call.one_of("FID_COND_MRKT_DIV_CODE", "J", "NX", "UN")
    code = call.given("FID_INPUT_ISCD")
    hour, day = hour_of(call), call.day("FID_INPUT_DATE_1")
    further = call.one_of("FID_PW_DATA_INCU_YN", "Y", "N") == "Y"
    if call.params.get("FID_FAKE_TICK_INCU_YN", "").strip():
        raise invalid("FID_FAKE_TICK_INCU_YN")
    item = call.truth.listing_of.get(code)
    quote = quote_of(call.truth, division, code, call.at)
    if item is None or quote is None:
        return normal({"output1": dict(NO_HEAD), "output2": []})
    first = call.at.date() - KEPT_FOR
    open_day = call.truth.days.is_session(day) and day >= first
    rows: list[dict[str, str]] = []
    for session in _sessions(call, day, first, further=further) if open_day else []:
        if session <= quote.session:
            bars = minute_bars(call.truth, division, code, session, call.at)
            upto = hour if session == day else 24 * 60
            rows += newest_first(bars, session, upto, MOST - len(rows))
        if len(rows) == MOST:
            break
    return normal({"output1": head(item, quote), "output2": rows})


def _sessions(call: Call, day: date, first: date, *, further: bool) -> list[date]:
    """The asked day, then perhaps the few before it."""
    if not further:
        return [day]
    return [day, *call.truth.days.back(first, day - ONE_DAY, 5)]


DATED_MINUTES = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-time-dailychartprice",
    "FHKST03010230",
    dated_minutes,
    slow=True,
)
