"""주식당일분봉조회: thirty minute bars of the running session (FHKST03010200)."""

from tests.kis_emulator.endpoints.minute_rows import (
    NO_HEAD,
    head,
    hour_of,
    label,
    newest_first,
)
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.endpoints.unified import quote_of
from tests.kis_emulator.envelope import Answer, normal
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.minute_bars import MinuteBars, is_running, minute_bars

MOST = 30


def todays_minutes(call: Call) -> Answer:
    """The forming bar first; minutes still to come repeat it, as documented.

    The session is the one that the quote shows: yesterday's before the reset.
    """
    division = call.one_of("FID_COND_MRKT_DIV_CODE", "J", "NX", "UN")
    code = call.given("FID_INPUT_ISCD")
    hour = hour_of(call)
    call.one_of("FID_PW_DATA_INCU_YN", "Y", "N")
    call.given("FID_ETC_CLS_CODE")
    item = call.truth.listing_of.get(code)
    quote = quote_of(call.truth, division, code, call.at)
    if item is None or quote is None:
        return normal({"output1": dict(NO_HEAD), "output2": []})
    bars = minute_bars(call.truth, division, code, quote.session, call.at)
    rows: list[dict[str, str]] = []
    today = quote.session == call.at.date()
    if len(bars) and today and is_running(call.truth, division, call.at):
        now = call.at.hour * 60 + call.at.minute
        if hour >= now:
            rows = _forming(bars, quote, now, hour)
            hour = now - 1
    rows += newest_first(bars, quote.session, hour, MOST - len(rows))
    return normal({"output1": head(item, quote), "output2": rows})


def _forming(
    bars: MinuteBars, quote: Quote, now: int, hour: int
) -> list[dict[str, str]]:
    """From the asked minute down to this one, all as this one.

    Until its first trade it shows the volume of the bar before.
    """
    row = newest_first(bars, quote.session, now, 1)[0]
    if int(bars.minute[-1]) < now:
        price = row["stck_prpr"]
        row |= dict.fromkeys(("stck_oprc", "stck_hgpr", "stck_lwpr"), price)
    minutes = range(hour, max(now, hour - MOST + 1) - 1, -1)
    return [row | {"stck_cntg_hour": label(minute)} for minute in minutes]


TODAYS_MINUTES = Endpoint(
    "/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice",
    "FHKST03010200",
    todays_minutes,
    slow=True,
)
