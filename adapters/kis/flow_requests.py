"""The endpoints of investor flows and program trading, and their parameters."""

from adapters.kis.requests import Endpoint

STOCK_INVESTORS = Endpoint(name="inquire-investor", tr_id="FHKST01010900")
SLOT_LEADERS = Endpoint(name="foreign-institution-total", tr_id="FHPTJ04400000")
SLOT_ESTIMATES = Endpoint(name="investor-trend-estimate", tr_id="HHPTJ04160200")
MARKET_INVESTORS = Endpoint(
    name="inquire-investor-time-by-market", tr_id="FHPTJ04030000"
)
PROGRAM_NOW = Endpoint(name="program-trade-by-stock", tr_id="FHPPG04650101")
PROGRAM_DAYS = Endpoint(name="program-trade-by-stock-daily", tr_id="FHPPG04650201")


def stock_params(division: str, code: str) -> dict[str, str]:
    """One stock at one venue: its investors by day, or its programs so far."""
    return {"FID_COND_MRKT_DIV_CODE": division, "FID_INPUT_ISCD": code}


def program_days_params(division: str, code: str) -> dict[str, str]:
    """Program trading by day, from the newest day back."""
    return {**stock_params(division, code), "FID_INPUT_DATE_1": ""}


def slot_leaders_params(
    market_code: str, *, investor_code: str, selling: bool
) -> dict[str, str]:
    """Largest nets by amount; investor 1 is foreign, 2 is institution."""
    return {
        "FID_COND_MRKT_DIV_CODE": "V",
        "FID_COND_SCR_DIV_CODE": "16449",
        "FID_INPUT_ISCD": market_code,
        "FID_DIV_CLS_CODE": "1",  # 0 would sort by shares
        "FID_RANK_SORT_CLS_CODE": "1" if selling else "0",
        "FID_ETC_CLS_CODE": investor_code,
    }


def slot_estimates_params(code: str) -> dict[str, str]:
    """One stock; KRX, the endpoint knows no division."""
    return {"MKSC_SHRN_ISCD": code}


def market_investors_params(market: str, industry: str) -> dict[str, str]:
    """``KSP`` with 0001 or ``KSQ`` with 1001; or an industry of that market."""
    return {"fid_input_iscd": market, "fid_input_iscd_2": industry}
