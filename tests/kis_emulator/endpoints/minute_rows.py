"""What both minute chart endpoints write."""

from datetime import date, time

from tests.kis_emulator.endpoints.request import Call
from tests.kis_emulator.envelope import invalid
from tests.kis_emulator.figures import Quote
from tests.kis_emulator.forms import ratio, sign
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.minute_bars import MinuteBars


def hour_of(call: Call) -> int:
    """FID_INPUT_HOUR_1 (HHMMSS) as a minute of the day; its seconds do not count."""
    text = call.given("FID_INPUT_HOUR_1")
    digits = text.isascii() and text.isdecimal() and len(text) == 6
    try:
        clock = time.fromisoformat(text if digits else "")
    except ValueError:
        raise invalid("FID_INPUT_HOUR_1") from None
    return clock.hour * 60 + clock.minute


def head(item: Listed, quote: Quote) -> dict[str, str]:
    """``output1``: the quote now."""
    return {
        "prdy_vrss": str(quote.change),
        "prdy_vrss_sign": sign(quote),
        "prdy_ctrt": ratio(quote.change, quote.base),
        "stck_prdy_clpr": str(quote.previous_close),
        "acml_vol": str(quote.volume),
        "acml_tr_pbmn": str(quote.trading_value),
        "hts_kor_isnm": item.name,
        "stck_prpr": str(quote.price),
    }


NO_HEAD = {
    "prdy_vrss": "0",
    "prdy_vrss_sign": "3",
    "prdy_ctrt": "0.00",
    "stck_prdy_clpr": "0",
    "acml_vol": "0",
    "acml_tr_pbmn": "0",
    "hts_kor_isnm": "",
    "stck_prpr": "0",
}
"""``output1`` of a code that the division does not know."""


def newest_first(
    bars: MinuteBars, day: date, upto: int, most: int
) -> list[dict[str, str]]:
    """At most so many bars labelled with this minute or an earlier one."""
    end = int(bars.minute.searchsorted(upto, side="right"))
    rows = range(end - 1, max(end - most, 0) - 1, -1)
    return [_row(bars, day, row) for row in rows]


def _row(bars: MinuteBars, day: date, row: int) -> dict[str, str]:
    minute = int(bars.minute[row])
    return {
        "stck_bsop_date": f"{day:%Y%m%d}",
        "stck_cntg_hour": label(minute),
        "stck_prpr": str(bars.close[row]),
        "stck_oprc": str(bars.open[row]),
        "stck_hgpr": str(bars.high[row]),
        "stck_lwpr": str(bars.low[row]),
        "cntg_vol": str(bars.volume[row]),
        "acml_tr_pbmn": str(bars.trading_value[row]),
    }


def label(minute: int) -> str:
    """A minute of the day as HHMM00."""
    return f"{minute // 60:02d}{minute % 60:02d}00"
