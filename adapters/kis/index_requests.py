"""The endpoints of the exchange's indices, and their query parameters."""

from datetime import date

from adapters.kis.requests import Endpoint

INDEX_DAYS = Endpoint(name="inquire-index-daily-price", tr_id="FHPUP02120000")
INDEX_CATEGORIES = Endpoint(name="inquire-index-category-price", tr_id="FHPUP02140000")


def index_days_params(code: str, until: date) -> dict[str, str]:
    """The sessions of one index, from a day back."""
    return {
        "FID_PERIOD_DIV_CODE": "D",
        "FID_COND_MRKT_DIV_CODE": "U",
        "FID_INPUT_ISCD": code,
        "FID_INPUT_DATE_1": f"{until:%Y%m%d}",
    }


def index_categories_params(market_letter: str, code: str) -> dict[str, str]:
    """Every index of a market: ``K`` with 0001, or ``Q`` with 1001."""
    return {
        "FID_COND_MRKT_DIV_CODE": "U",
        "FID_INPUT_ISCD": code,
        "FID_COND_SCR_DIV_CODE": "20214",
        "FID_MRKT_CLS_CODE": market_letter,
        "FID_BLNG_CLS_CODE": "0",
    }
