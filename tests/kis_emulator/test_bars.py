from datetime import date, datetime

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator


@pytest.fixture
def code(emulator: RunningEmulator) -> str:
    return emulator.truth.snapshot("NX", emulator.clock.now()).codes[0]


def test_bars_are_sessions_newest_first(asker: Asker, code: str) -> None:
    bars = asker.bars(code, "20261113", "20261120").json["output2"]
    days = [bar["stck_bsop_date"] for bar in bars]
    assert days == [
        "20261120",
        "20261119",
        "20261118",
        "20261117",
        "20261116",
        "20261113",
    ]


def test_a_bar_is_its_sessions_final_figures(
    asker: Asker, emulator: RunningEmulator, code: str
) -> None:
    bar = asker.bars(code, "20261118", "20261118").json["output2"][0]
    truth = emulator.truth.final("J", date(2026, 11, 18)).quote(code)
    assert truth is not None
    assert int(bar["stck_clpr"]) == truth.price
    assert int(bar["acml_tr_pbmn"]) == truth.trading_value
    assert (int(bar["stck_hgpr"]), int(bar["stck_lwpr"])) == (truth.high, truth.low)


@pytest.mark.parametrize(
    ("clock", "day"),
    [("08:39", "20261119"), ("08:41", "20261120"), ("10:30", "20261120")],
)
def test_todays_bar_comes_with_the_reset(
    asker: Asker, emulator: RunningEmulator, code: str, clock: str, day: str
) -> None:
    now = datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=KST)
    emulator.clock.set(now)
    bars = asker.bars(code, "20261101", "20261120").json["output2"]
    quote = asker.quotes(("J", code)).rows[0]
    assert bars[0]["stck_bsop_date"] == day
    assert bars[0]["acml_vol"] == quote["acml_vol"]


def test_nxt_has_bars_of_its_own(asker: Asker, code: str) -> None:
    def value(division: str) -> int:
        changes = {"FID_COND_MRKT_DIV_CODE": division}
        heard = asker.bars(code, "20261118", "20261118", **changes)
        return int(heard.json["output2"][0]["acml_tr_pbmn"])

    assert value("UN") == value("J") + value("NX")


def test_a_hundred_bars_are_the_most(code: str) -> None:
    small = SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10)
    with running_emulator(market=small) as emulator:
        asker = Asker.with_token(emulator.base_url)
        listed = small.listings()[0].code
        assert len(asker.bars(listed, "20200101", "20261120").json["output2"]) == 100


def test_adjusted_bars_are_in_todays_shares(emulator: RunningEmulator) -> None:
    truth = emulator.truth
    final = truth.final("J", date(2026, 11, 20))
    split = next(
        code
        for code in final.codes
        if 0.15 < truth.split_ratio(code, date(2026, 11, 20)) < 0.3
    )
    asker = Asker.with_token(emulator.base_url)
    raw = asker.bars(split, "20261119", "20261120").json["output2"]
    adjusted = asker.bars(split, "20261119", "20261120", FID_ORG_ADJ_PRC="0").json[
        "output2"
    ]
    assert adjusted[0]["stck_clpr"] == raw[0]["stck_clpr"]
    # one share became five: yesterday's price is a fifth, its volume fivefold
    assert int(adjusted[1]["stck_clpr"]) * 5 == pytest.approx(
        int(raw[1]["stck_clpr"]), rel=0.01
    )
    assert int(adjusted[1]["acml_vol"]) == pytest.approx(
        int(raw[1]["acml_vol"]) * 5, rel=0.01
    )
    assert adjusted[1]["acml_tr_pbmn"] == raw[1]["acml_tr_pbmn"]


def test_an_unknown_code_has_no_bars(asker: Asker) -> None:
    assert asker.bars("005930", "20261101", "20261120").json["output2"] == []


@pytest.mark.parametrize("day", ["20261131", "2026-1-1", ""])
def test_a_wrong_date_is_named(asker: Asker, code: str, day: str) -> None:
    heard = asker.bars(code, day, "20261120")
    assert heard.json["msg1"] == "ERROR INVALID FID_INPUT_DATE_1"
