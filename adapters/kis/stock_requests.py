"""The endpoints of one stock beside its quote, and of headlines: query parameters."""

from datetime import date, datetime, time

from adapters.kis.requests import Endpoint

STOCK_PRICE = Endpoint(name="inquire-price", tr_id="FHKST01010100")
DATED_MINUTES = Endpoint(name="inquire-time-dailychartprice", tr_id="FHKST03010230")
NEWS_TITLES = Endpoint(name="news-title", tr_id="FHKST01011800")


def stock_price_params(division: str, code: str) -> dict[str, str]:
    """One stock at one venue."""
    return {"FID_COND_MRKT_DIV_CODE": division, "FID_INPUT_ISCD": code}


def dated_minutes_params(
    division: str, code: str, day: date, until: time
) -> dict[str, str]:
    """Bars of that day alone, the last being the minute of ``until``."""
    return {
        "FID_COND_MRKT_DIV_CODE": division,
        "FID_INPUT_ISCD": code,
        "FID_INPUT_HOUR_1": f"{until:%H%M}00",
        "FID_INPUT_DATE_1": f"{day:%Y%m%d}",
        "FID_PW_DATA_INCU_YN": "N",  # Y goes on into the days before
        "FID_FAKE_TICK_INCU_YN": "",
    }


def news_titles_params(code: str, until: datetime) -> dict[str, str]:
    """Titles of one stock at an instant and before; in Korean time."""
    return {
        "FID_NEWS_OFER_ENTP_CODE": "",
        "FID_COND_MRKT_CLS_CODE": "",
        "FID_INPUT_ISCD": code,
        "FID_TITL_CNTT": "",
        "FID_INPUT_DATE_1": f"00{until:%Y%m%d}",
        "FID_INPUT_HOUR_1": f"0000{until:%H%M%S}",
        "FID_RANK_SORT_CLS_CODE": "",
        "FID_INPUT_SRNO": "",
    }
