from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import orjson
import pytest

from tests.kis_emulator.asking import Asker, Heard
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.todays_minutes import TODAYS_MINUTES
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator

FRIDAY = date(2026, 11, 20)


def at(clock: str, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=KST)


def todays(asker: Asker, code: str, hour: str, **changes: str) -> Heard:
    params = {
        "FID_COND_MRKT_DIV_CODE": "J",
        "FID_INPUT_ISCD": code,
        "FID_INPUT_HOUR_1": hour,
        "FID_PW_DATA_INCU_YN": "N",
        "FID_ETC_CLS_CODE": "",
    }
    return asker.get(TODAYS_MINUTES, **(params | changes))


@pytest.fixture
def code(market: SimulatedMarket) -> str:
    """The heaviest that both venues trade: something happens every minute."""
    figures = market.final("NX", FRIDAY)
    return figures.codes[int(np.argmax(figures.trading_value))]


def test_the_forming_bar_comes_first(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("10:30:20"))
    body = todays(asker, code, "103000").json
    rows = body["output2"]
    assert [row["stck_cntg_hour"] for row in rows[:2]] == ["103000", "102900"]
    assert (len(rows), rows[-1]["stck_cntg_hour"]) == (30, "100100")
    assert rows[0]["acml_tr_pbmn"] == body["output1"]["acml_tr_pbmn"]


def test_a_minute_not_traded_yet_shows_the_volume_of_the_bar_before(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("15:25:00"))
    first, second = todays(asker, code, "152500").json["output2"][:2]
    assert first["stck_cntg_hour"] == "152500"
    assert second["stck_cntg_hour"] in ("152000", "151900")
    assert first["cntg_vol"] == second["cntg_vol"]
    assert first["stck_oprc"] == first["stck_prpr"] == second["stck_prpr"]


def test_minutes_to_come_repeat_the_forming_bar(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("10:00:30"))
    rows = todays(asker, code, "100500").json["output2"]
    hours = [row["stck_cntg_hour"] for row in rows[:7]]
    assert hours == [
        "100500",
        "100400",
        "100300",
        "100200",
        "100100",
        "100000",
        "095900",
    ]
    assert len({row["acml_tr_pbmn"] for row in rows[:6]}) == 1
    assert len(todays(asker, code, "113000").json["output2"]) == 30


def test_a_weekend_shows_the_last_session(emulator: RunningEmulator, code: str) -> None:
    emulator.clock.set(at("11:00", date(2026, 11, 21)))
    asker = Asker.with_token(emulator.base_url)
    rows = todays(asker, code, "153000").json["output2"]
    assert (rows[0]["stck_bsop_date"], rows[0]["stck_cntg_hour"]) == (
        "20261120",
        "153000",
    )


def test_before_the_first_trade_there_is_no_bar(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("08:55"))
    assert todays(asker, code, "085500").json["output2"] == []


def test_before_the_reset_the_session_before_is_shown(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(at("08:20"))
    rows = todays(asker, code, "180000").json["output2"]
    assert {row["stck_bsop_date"] for row in rows} == {"20261119"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_COND_MRKT_DIV_CODE", "U"),
        ("FID_INPUT_HOUR_1", "25"),
        ("FID_PW_DATA_INCU_YN", ""),
    ],
)
def test_a_wrong_parameter_is_named(
    asker: Asker, code: str, name: str, value: str
) -> None:
    heard = todays(asker, code, "153000", **{name: value})
    assert heard.json["msg1"] == f"ERROR INVALID {name}"


def test_rows_have_the_recorded_keys(shared: Path, asker: Asker, code: str) -> None:
    sample = (shared / "kis-samples" / "FHKST03010200-2.json").read_bytes()
    recorded, body = orjson.loads(sample), todays(asker, code, "100000").json
    assert list(body["output1"]) == list(recorded["output1"])
    assert list(body["output2"][0]) == list(recorded["output2"][0])
