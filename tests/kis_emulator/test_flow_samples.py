"""Bodies of the flow endpoints have the keys, in the order, of the recorded ones."""

from pathlib import Path
from typing import Any

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.endpoints.market_investors import MARKET_INVESTORS
from tests.kis_emulator.endpoints.market_investors_daily import MARKET_INVESTORS_DAILY
from tests.kis_emulator.endpoints.program_days import PROGRAM_DAYS
from tests.kis_emulator.endpoints.program_moments import PROGRAM_MOMENTS
from tests.kis_emulator.endpoints.request import Endpoint
from tests.kis_emulator.endpoints.slot_estimates import SLOT_ESTIMATES
from tests.kis_emulator.endpoints.slot_leaders import SLOT_LEADERS
from tests.kis_emulator.endpoints.stock_investors import STOCK_INVESTORS
from tests.kis_emulator.endpoints.stock_investors_daily import STOCK_INVESTORS_DAILY
from tests.kis_emulator.server import RunningEmulator
from tests.kis_emulator.test_samples import recorded, shape

STOCK = {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": "code"}
DAILY = {
    "FID_INPUT_DATE_1": "20261119",
    "FID_ORG_ADJ_PRC": "",
    "FID_ETC_CLS_CODE": "1",
}
LEADERS = {
    "FID_COND_MRKT_DIV_CODE": "V",
    "FID_COND_SCR_DIV_CODE": "16449",
    "FID_INPUT_ISCD": "0000",
    "FID_DIV_CLS_CODE": "1",
    "FID_RANK_SORT_CLS_CODE": "0",
    "FID_ETC_CLS_CODE": "0",
}
MARKET_DAYS = {
    "FID_COND_MRKT_DIV_CODE": "U",
    "FID_INPUT_ISCD": "0001",
    "FID_INPUT_DATE_1": "20261120",
    "FID_INPUT_ISCD_1": "KSP",
    "FID_INPUT_DATE_2": "20261120",
    "FID_INPUT_ISCD_2": "0001",
}
KSP = {"fid_input_iscd": "KSP", "fid_input_iscd_2": "0001"}


@pytest.mark.parametrize(
    ("call", "sample"),
    [
        ((STOCK_INVESTORS, STOCK), "FHKST01010900-1"),
        ((STOCK_INVESTORS, STOCK), "FHKST01010900-2"),
        ((STOCK_INVESTORS_DAILY, STOCK | DAILY), "FHPTJ04160001-1"),
        ((SLOT_LEADERS, LEADERS), "FHPTJ04400000-2"),
        ((SLOT_ESTIMATES, {"MKSC_SHRN_ISCD": "code"}), "HHPTJ04160200-1"),
        ((MARKET_INVESTORS, KSP), "FHPTJ04030000-1"),
        ((MARKET_INVESTORS_DAILY, MARKET_DAYS), "FHPTJ04040000-1"),
        ((PROGRAM_MOMENTS, STOCK), "FHPPG04650101-2"),
        ((PROGRAM_DAYS, STOCK | {"FID_INPUT_DATE_1": ""}), "FHPPG04650201-1"),
    ],
)
def test_keys_are_the_recorded_ones(
    shared: Path,
    asker: Asker,
    emulator: RunningEmulator,
    call: tuple[Endpoint, dict[str, str]],
    sample: str,
) -> None:
    endpoint, params = call
    code = emulator.truth.listings()[0].code
    asker.timeout = 30.0
    heard: Any = asker.get(
        endpoint,
        **{name: code if value == "code" else value for name, value in params.items()},
    )
    assert shape(heard.json) == recorded(shared, sample)


@pytest.mark.parametrize(
    ("endpoint", "params", "wrong"),
    [
        (STOCK_INVESTORS, STOCK, {"FID_COND_MRKT_DIV_CODE": "U"}),
        (STOCK_INVESTORS_DAILY, STOCK | DAILY, {"FID_ETC_CLS_CODE": "0"}),
        (STOCK_INVESTORS_DAILY, STOCK | DAILY, {"FID_INPUT_DATE_1": "2026-11-19"}),
        (SLOT_LEADERS, LEADERS, {"FID_COND_MRKT_DIV_CODE": "J"}),
        (SLOT_LEADERS, LEADERS, {"FID_INPUT_ISCD": "9999"}),
        (SLOT_LEADERS, LEADERS, {"FID_ETC_CLS_CODE": "4"}),
        (MARKET_INVESTORS, KSP, {"FID_INPUT_ISCD": "KOSPI"}),
        (MARKET_INVESTORS, KSP, {"FID_INPUT_ISCD_2": "1001"}),
        (MARKET_INVESTORS_DAILY, MARKET_DAYS, {"FID_COND_MRKT_DIV_CODE": "J"}),
        (MARKET_INVESTORS_DAILY, MARKET_DAYS, {"FID_INPUT_ISCD_1": "0001"}),
        (PROGRAM_MOMENTS, STOCK, {"FID_COND_MRKT_DIV_CODE": "V"}),
        (PROGRAM_DAYS, STOCK, {"FID_INPUT_DATE_1": "002026113"}),
    ],
)
def test_a_wrong_parameter_is_named(
    asker: Asker, endpoint: Endpoint, params: dict[str, str], wrong: dict[str, str]
) -> None:
    upper = {name.upper(): value for name, value in params.items()}
    heard = asker.get(endpoint, **(upper | wrong))
    assert heard.json == {
        "rt_cd": "2",
        "msg_cd": "OPSQ2001",
        "msg1": f"ERROR INVALID {next(iter(wrong))}",
    }
