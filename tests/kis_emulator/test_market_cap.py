from pathlib import Path

import numpy as np
import orjson
import pytest

from tests.kis_emulator.asking import Asker, Heard
from tests.kis_emulator.endpoints.market_cap import MARKET_CAP
from tests.kis_emulator.server import RunningEmulator


def caps(asker: Asker, **changes: str) -> Heard:
    params = {
        "FID_COND_MRKT_DIV_CODE": "J",
        "FID_COND_SCR_DIV_CODE": "20174",
        "FID_DIV_CLS_CODE": "1",
        "FID_INPUT_ISCD": "0000",
        "FID_TRGT_CLS_CODE": "0",
        "FID_TRGT_EXLS_CLS_CODE": "0",
        "FID_INPUT_PRICE_1": "",
        "FID_INPUT_PRICE_2": "",
        "FID_VOL_CNT": "",
    }
    return asker.get(MARKET_CAP, **(params | changes))


def test_rows_have_the_recorded_keys(shared: Path, asker: Asker) -> None:
    sample = (shared / "kis-samples" / "FHPST01740000-1.json").read_bytes()
    rows = caps(asker).rows
    assert len(rows) == 30
    assert list(rows[0]) == list(orjson.loads(sample)["output"][0])


def test_the_heaviest_common_shares_come_first(
    asker: Asker, emulator: RunningEmulator
) -> None:
    figures = emulator.truth.snapshot("J", emulator.clock.now())
    listed = [emulator.truth.listing_of[code] for code in figures.codes]
    common = np.array(
        [item.kind == "STOCK" and item.preferred == "0" for item in listed]
    )
    won = np.sort((figures.price * figures.listed_shares)[common])[::-1]
    said = [int(row["stck_avls"]) for row in caps(asker).rows]
    assert said == [int(cap) // 100_000_000 for cap in won[:30]]


def test_a_market_holds_its_own_shares_only(
    asker: Asker, emulator: RunningEmulator
) -> None:
    rows = caps(asker, FID_INPUT_ISCD="1001", FID_DIV_CLS_CODE="0").rows
    listed = emulator.truth.listing_of
    assert {listed[row["mksc_shrn_iscd"]].market for row in rows} == {"KOSDAQ"}


def test_preferred_shares_may_be_asked_alone(
    asker: Asker, emulator: RunningEmulator
) -> None:
    rows = caps(asker, FID_DIV_CLS_CODE="2").rows
    listed = emulator.truth.listing_of
    assert rows
    assert all(listed[row["mksc_shrn_iscd"]].preferred != "0" for row in rows)


def test_price_bounds_hold(asker: Asker) -> None:
    rows = caps(asker, FID_INPUT_PRICE_1="5000", FID_INPUT_PRICE_2="9000").rows
    assert rows
    assert all(5_000 <= int(row["stck_prpr"]) <= 9_000 for row in rows)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_COND_MRKT_DIV_CODE", "UN"),
        ("FID_COND_SCR_DIV_CODE", "20171"),
        ("FID_DIV_CLS_CODE", "3"),
        ("FID_INPUT_ISCD", "9999"),
        ("FID_INPUT_PRICE_1", "x"),
    ],
)
def test_a_wrong_parameter_is_named(asker: Asker, name: str, value: str) -> None:
    assert caps(asker, **{name: value}).json["msg1"] == f"ERROR INVALID {name}"
