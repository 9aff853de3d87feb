"""The endpoints' addresses and their query parameters, in the documented case."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
SLOTS = 30
"""How many codes one multi-quote carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of the broker's services.

    Attributes:
        name: The last part of its path, for the log.
        tr_id: The broker's transaction id.
    """

    name: str
    tr_id: str

    @property
    def path(self) -> str:
        """Below the base URL."""
        return f"{_QUOTATIONS}/{self.name}"


MULTI_QUOTE = Endpoint(name="intstock-multprice", tr_id="FHKST11300006")
VOLUME_RANK = Endpoint(name="volume-rank", tr_id="FHPST01710000")
INDEX_PRICE = Endpoint(name="inquire-index-price", tr_id="FHPUP02100000")
DAILY_BARS = Endpoint(name="inquire-daily-itemchartprice", tr_id="FHKST03010100")
HOLIDAYS = Endpoint(name="chk-holiday", tr_id="CTCA0903R")
MARKET_TIME = Endpoint(name="market-time", tr_id="HHMCM000002C0")


class RankMeasure(enum.StrEnum):
    """What ``volume-rank`` ranks by (``FID_BLNG_CLS_CODE``)."""

    VOLUME = "0"
    VOLUME_RATIO = "1"  # today ÷ yesterday
    TURNOVER = "2"
    TRADING_VALUE = "3"
    VALUE_TURNOVER = "4"


def multi_quote_params(slots: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Sixty parameters or fewer; unused slots are left out.

    Raises:
        ValueError: No slot, more than thirty, or a code twice.
    """
    if not 1 <= len(slots) <= SLOTS:
        raise ValueError(f"1 to {SLOTS} slots, not {len(slots)}")
    if len({code for _, code in slots}) < len(slots):
        raise ValueError("a code stands in two slots; rows do not say their division")
    params: dict[str, str] = {}
    for number, (division, code) in enumerate(slots, start=1):
        params[f"FID_COND_MRKT_DIV_CODE_{number}"] = division
        params[f"FID_INPUT_ISCD_{number}"] = code
    return params


def volume_rank_params(
    division: str,
    *,
    market_code: str,
    measure: RankMeasure,
    excluded: str,
    prices: tuple[int | None, int | None],
) -> dict[str, str]:
    """Thirty rows at one venue; ``prices`` are the bounds, None where there is none."""
    low, high = ("" if bound is None else str(bound) for bound in prices)
    if low or high:  # the broker wants both or none
        low, high = low or "0", high or "999999999"
    return {
        "FID_COND_MRKT_DIV_CODE": division,
        "FID_COND_SCR_DIV_CODE": "20171",
        "FID_INPUT_ISCD": market_code,
        "FID_DIV_CLS_CODE": "0",
        "FID_BLNG_CLS_CODE": measure.value,
        "FID_TRGT_CLS_CODE": "111111111",
        "FID_TRGT_EXLS_CLS_CODE": excluded,
        "FID_INPUT_PRICE_1": low,
        "FID_INPUT_PRICE_2": high,
        "FID_VOL_CNT": "",
        "FID_INPUT_DATE_1": "",
    }


def daily_bars_params(
    division: str, code: str, start: date, end: date, *, adjusted: bool
) -> dict[str, str]:
    """Daily bars from ``start`` to ``end``, both included."""
    return {
        "FID_COND_MRKT_DIV_CODE": division,
        "FID_INPUT_ISCD": code,
        "FID_INPUT_DATE_1": f"{start:%Y%m%d}",
        "FID_INPUT_DATE_2": f"{end:%Y%m%d}",
        "FID_PERIOD_DIV_CODE": "D",
        "FID_ORG_ADJ_PRC": "0" if adjusted else "1",  # the reverse of daily-price
    }
