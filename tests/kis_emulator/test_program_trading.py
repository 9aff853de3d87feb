from datetime import date, datetime

import numpy as np
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.program_days import PROGRAM_DAYS
from tests.kis_emulator.endpoints.program_moments import PROGRAM_MOMENTS
from tests.kis_emulator.flows import final_flows
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.programs import PROGRAM, program_of, program_on
from tests.kis_emulator.server import RunningEmulator

TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)


def instant(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=KST)


@pytest.fixture
def code(emulator: RunningEmulator) -> str:
    """The stock in which programs traded most on NXT."""
    programs = program_on(emulator.truth, "NX", TODAY)
    return programs.codes[int(np.argmax(programs.buy_amount[PROGRAM]))]


def moments(asker: Asker, code: str, division: str = "J") -> list[dict[str, str]]:
    params = {"FID_COND_MRKT_DIV_CODE": division, "FID_INPUT_ISCD": code}
    return asker.get(PROGRAM_MOMENTS, **params).rows


def days(
    asker: Asker, code: str, division: str = "J", day: str = ""
) -> list[dict[str, str]]:
    return asker.get(
        PROGRAM_DAYS,
        FID_COND_MRKT_DIV_CODE=division,
        FID_INPUT_ISCD=code,
        FID_INPUT_DATE_1=day,
    ).rows


@pytest.mark.parametrize("venue", ["J", "NX"])
def test_programs_are_a_part_of_foreigners_and_institutions(
    market: SimulatedMarket, venue: str
) -> None:
    programs, flows = (
        program_on(market, venue, TODAY),
        final_flows(market, venue, TODAY),
    )
    assert programs.buy_volume.any()
    assert (programs.buy_volume <= flows.buy_volume[:2].sum(axis=0) + 2).all()
    traded = market.final(venue, TODAY)
    assert (programs.buy_amount <= traded.trading_value).all()
    assert (programs.sell_volume <= traded.volume).all()


@pytest.mark.parametrize("division", ["J", "NX", "UN"])
def test_the_newest_row_is_the_truth_now(
    asker: Asker, emulator: RunningEmulator, code: str, division: str
) -> None:
    emulator.clock.set(instant("10:30:17"))
    row = moments(asker, code, division)[0]
    truth = program_of(emulator.truth, division, instant("10:30:17"))
    side = truth.side(code, PROGRAM)
    assert side is not None
    assert row["bsop_hour"] == "103017"
    assert int(row["whol_smtn_shnu_tr_pbmn"]) == side.buy_amount
    assert int(row["whol_smtn_seln_vol"]) == side.sell_volume
    assert int(row["whol_smtn_ntby_tr_pbmn"]) == side.buy_amount - side.sell_amount


def test_the_last_half_hour_comes_by_the_minute(asker: Asker, code: str) -> None:
    rows = moments(asker, code)
    assert [row["bsop_hour"] for row in rows[:3]] == ["103000", "102900", "102800"]
    assert len(rows) == 30
    bought = [int(row["whol_smtn_shnu_vol"]) for row in rows]
    assert bought == sorted(bought, reverse=True)
    change = int(rows[0]["whol_smtn_ntby_qty"]) - int(rows[1]["whol_smtn_ntby_qty"])
    assert int(rows[0]["whol_ntby_vol_icdc"]) == change


def test_rows_begin_with_the_session(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    emulator.clock.set(instant("09:05"))
    assert [row["bsop_hour"] for row in moments(asker, code)][-1] == "090000"
    assert [row["bsop_hour"] for row in moments(asker, code, "NX")][-1] == "083600"
    emulator.clock.set(instant("08:50"))
    assert moments(asker, code) == []
    emulator.clock.set(instant("08:30"))
    assert moments(asker, code)[0]["bsop_hour"] == "180000"


def test_thirty_days_come_newest_first(asker: Asker, code: str) -> None:
    rows = days(asker, code)
    assert len(rows) == 30
    assert [row["stck_bsop_date"] for row in rows[:2]] == ["20261120", "20261119"]
    change = int(rows[1]["whol_smtn_ntby_tr_pbmn"]) - int(
        rows[2]["whol_smtn_ntby_tr_pbmn"]
    )
    assert int(rows[1]["whol_ntby_tr_pbmn_icdc2"]) == change


@pytest.mark.parametrize("division", ["J", "NX", "UN"])
@pytest.mark.parametrize("day", ["0020261119", "20261119"])
def test_a_past_day_is_its_final_truth(
    asker: Asker, emulator: RunningEmulator, code: str, division: str, day: str
) -> None:
    row = days(asker, code, division, day)[0]
    side = program_on(emulator.truth, division, YESTERDAY).side(code, PROGRAM)
    assert side is not None
    assert row["stck_bsop_date"] == "20261119"
    assert int(row["whol_smtn_shnu_vol"]) == side.buy_volume
    assert int(row["whol_smtn_seln_tr_pbmn"]) == side.sell_amount


def test_todays_row_runs_with_the_session(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    now = moments(asker, code)[0]
    today = days(asker, code)[0]
    shared = set(now) & set(today) - {"whol_ntby_vol_icdc"}
    assert {key: now[key] for key in shared} == {key: today[key] for key in shared}
    emulator.clock.set(instant("08:45"))
    assert days(asker, code)[0]["stck_bsop_date"] == "20261119"


def test_unknown_codes_have_no_rows(asker: Asker, emulator: RunningEmulator) -> None:
    krx_only = next(item.code for item in emulator.truth.listings() if not item.on_nxt)
    assert moments(asker, "005930") == []
    assert days(asker, "005930") == []
    assert moments(asker, krx_only, "NX") == []
    assert days(asker, krx_only, "NX") == []
