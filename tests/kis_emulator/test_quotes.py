from datetime import datetime

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.endpoints.multi_quote import MULTI_QUOTE
from tests.kis_emulator.server import RunningEmulator


@pytest.fixture
def on_nxt(emulator: RunningEmulator) -> str:
    return emulator.truth.snapshot("NX", emulator.clock.now()).codes[0]


def test_thirty_slots_come_back_in_slot_order(
    asker: Asker, emulator: RunningEmulator
) -> None:
    codes = [item.code for item in emulator.truth.listings()[100:130]]
    rows = asker.quotes(*(("J", code) for code in codes)).rows
    assert [row["inter_shrn_iscd"] for row in rows] == codes


def test_every_figure_is_the_truths(
    asker: Asker, emulator: RunningEmulator, on_nxt: str
) -> None:
    truth = emulator.truth.snapshot("NX", emulator.clock.now()).quote(on_nxt)
    assert truth is not None
    row = asker.quotes(("NX", on_nxt)).rows[0]
    assert int(row["inter2_prpr"]) == truth.price
    assert int(row["inter2_sdpr"]) == truth.base
    assert int(row["inter2_prdy_clpr"]) == truth.previous_close
    assert int(row["acml_vol"]) == truth.volume
    assert int(row["acml_tr_pbmn"]) == truth.trading_value
    assert int(row["inter2_mxpr"]) == truth.upper


def test_unified_figures_add_both_venues(asker: Asker, on_nxt: str) -> None:
    krx, nxt, both = asker.quotes(("J", on_nxt), ("NX", on_nxt), ("UN", on_nxt)).rows
    for name in ("acml_vol", "acml_tr_pbmn"):
        assert int(both[name]) == int(krx[name]) + int(nxt[name])


def test_unknown_codes_come_back_empty(asker: Asker, emulator: RunningEmulator) -> None:
    off_nxt = next(item.code for item in emulator.truth.listings() if not item.on_nxt)
    for row in asker.quotes(("J", "005930"), ("NX", off_nxt)).rows:
        assert (row["inter_kor_isnm"], row["inter2_prpr"], row["acml_vol"]) == (
            "",
            "0",
            "0",
        )


def test_an_index_is_dressed_as_a_stock(asker: Asker) -> None:
    row = asker.quotes(("J", "1001")).rows[0]
    head = asker.index("1001").json["output"]
    assert row["kospi_kosdaq_cls_name"] == "업종"
    assert row["acml_tr_pbmn"] == head["acml_tr_pbmn"]
    assert "." in row["inter2_prpr"]


def test_blank_slots_are_passed_over(asker: Asker, on_nxt: str) -> None:
    rows = asker.quotes(("", ""), ("J", on_nxt), ("", "")).rows
    assert [row["inter_shrn_iscd"] for row in rows] == [on_nxt]


def test_lower_case_parameters_do_too(asker: Asker, on_nxt: str) -> None:
    heard = asker.get(
        MULTI_QUOTE, fid_cond_mrkt_div_code_1="J", fid_input_iscd_1=on_nxt
    )
    assert heard.rows[0]["inter_shrn_iscd"] == on_nxt


def test_there_is_no_slot_thirty_one(asker: Asker, on_nxt: str) -> None:
    heard = asker.quotes(*[("J", on_nxt)] * 31)
    assert heard.json["msg_cd"] == "OPSQ2001"


@pytest.mark.parametrize("slots", [(), (("X", "000071"),), (("J", ""),)])
def test_wrong_slots_are_refused(
    asker: Asker, slots: tuple[tuple[str, str], ...]
) -> None:
    assert asker.quotes(*slots).json["msg_cd"] == "OPSQ2001"


@pytest.mark.parametrize(("code", "board"), [("0001", "KOSPI"), ("1001", "KOSDAQ")])
def test_official_totals_are_millions_of_won_cut_off(
    asker: Asker, emulator: RunningEmulator, code: str, board: str
) -> None:
    shown = emulator.truth.snapshot("J", emulator.clock.now())
    here = [
        row
        for row, item in enumerate(emulator.truth.listings())
        if item.market == board and item.kind == "STOCK"
    ]
    output = asker.index(code).json["output"]
    assert int(output["acml_tr_pbmn"]) == shown.trading_value[here].sum() // 10**6
    assert int(output["acml_vol"]) == shown.volume[here].sum() // 10**3
    counted = ("ascn_issu_cnt", "stnr_issu_cnt", "down_issu_cnt")
    assert sum(int(output[name]) for name in counted) == len(here)


def test_an_index_has_its_own_division(asker: Asker) -> None:
    heard = asker.index("0001", division="J")
    assert (heard.status, heard.json["msg_cd"]) == (200, "OPSQ2001")


def test_an_index_goes_on_where_it_closed(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.clock.set(datetime(2026, 11, 19, 20, tzinfo=KST))
    closed = asker.index("0001").json["output"]["bstp_nmix_prpr"]
    emulator.clock.set(datetime(2026, 11, 20, 8, 45, tzinfo=KST))
    assert asker.quotes(("J", "0001")).rows[0]["inter2_prdy_clpr"] == closed
