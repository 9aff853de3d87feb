"""종합 시황·공시(제목): forty titles a page, newest first (FHKST01011800)."""

from datetime import date, datetime, time
from itertools import islice

from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.request import Call, Endpoint
from tests.kis_emulator.envelope import Answer, invalid, normal
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.headlines import Headline, headlines_until

PAGE = 40
_BLANK = (
    "FID_NEWS_OFER_ENTP_CODE",
    "FID_COND_MRKT_CLS_CODE",
    "FID_TITL_CNTT",
    "FID_RANK_SORT_CLS_CODE",
    "FID_INPUT_SRNO",
)
_PLACES = range(1, 11)


def news_title(call: Call) -> Answer:
    """Titles at or before the asked second: the next page repeats the last one's."""
    for name in _BLANK:
        call.one_of(name, "")
    code = call.given("FID_INPUT_ISCD")
    until = min(_until(call), call.at)
    titles = islice(headlines_until(call.truth, until, code), PAGE)
    return normal({"output": [_row(call.truth, title) for title in titles]})


def _until(call: Call) -> datetime:
    """00YYYYMMDD and 0000HHMMSS; blank is now, a date alone its end."""
    day, clock = call.given("FID_INPUT_DATE_1"), call.given("FID_INPUT_HOUR_1")
    on = call.at.date() if not day else _read_day(day)
    if clock:
        return datetime.combine(on, _read_clock(clock), KST)
    return datetime.combine(on, time.max, KST) if day else call.at


def _read_day(text: str) -> date:
    if not (len(text) == 10 and text.startswith("00") and _digits(text)):
        raise invalid("FID_INPUT_DATE_1")
    try:
        return date.fromisoformat(text[2:])
    except ValueError:
        raise invalid("FID_INPUT_DATE_1") from None


def _read_clock(text: str) -> time:
    if not (len(text) == 10 and text.startswith("0000") and _digits(text)):
        raise invalid("FID_INPUT_HOUR_1")
    try:
        return time.fromisoformat(text[4:])
    except ValueError:
        raise invalid("FID_INPUT_HOUR_1") from None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _row(truth: Truth, title: Headline) -> dict[str, str]:
    names = [truth.listing_of[code].name for code in title.codes] or [" "]
    codes, named = dict(enumerate(title.codes, 1)), dict(enumerate(names, 1))
    return {
        "cntt_usiq_srno": title.serial,
        "news_ofer_entp_code": title.provider,
        "data_dt": f"{title.at:%Y%m%d}",
        "data_tm": f"{title.at:%H%M%S}",
        "hts_pbnt_titl_cntt": title.title,
        "news_lrdv_code": title.category,
        "dorg": title.source,
        **{f"iscd{place}": codes.get(place, "") for place in _PLACES},
        **{f"kor_isnm{place}": named.get(place, "") for place in _PLACES},
    }


NEWS_TITLE = Endpoint(
    "/uapi/domestic-stock/v1/quotations/news-title",
    "FHKST01011800",
    news_title,
    slow=True,
)
