from datetime import date, time
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from adapters.kis.payloads.market_investors import (
    MarketInvestorsRow,
    parse_market_investors,
)
from adapters.kis.payloads.programs import (
    ProgramDayRow,
    ProgramNowRow,
    parse_program_days,
    parse_program_now,
)
from adapters.kis.payloads.rows import RejectedRow
from adapters.kis.payloads.slot_nets import (
    SlotEstimateRow,
    SlotLeaderRow,
    parse_slot_estimates,
    parse_slot_leaders,
)
from adapters.kis.payloads.stock_investors import (
    StockInvestorsRow,
    parse_stock_investors,
)
from tests.adapters.kis.flow_rows import (
    blank_day,
    estimate,
    investors_day,
    leader,
    program_day,
    program_moment,
)


def sample(shared: Path, name: str) -> list[dict[str, Any]]:
    file = shared / "kis-samples" / f"{name}.json"
    if not file.is_file():
        pytest.skip("no recorded KIS samples beside this checkout")
    body = orjson.loads(file.read_bytes())
    rows = body.get("output", body.get("output2"))
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("FHKST01010900-1", StockInvestorsRow),
        ("FHPTJ04030000-1", MarketInvestorsRow),
        ("FHPPG04650101-2", ProgramNowRow),
        ("FHPPG04650201-1", ProgramDayRow),
        ("FHPTJ04400000-2", SlotLeaderRow),
        ("HHPTJ04160200-1", SlotEstimateRow),
    ],
)
def test_every_field_that_is_read_was_recorded(
    shared: Path, name: str, model: type[BaseModel]
) -> None:
    assert set(model.model_fields) <= set(sample(shared, name)[0])


def test_a_blank_is_missing_and_never_zero() -> None:
    (row,) = parse_stock_investors([blank_day()]).good
    assert row.stck_bsop_date == date(2026, 11, 20)
    assert (row.frgn_shnu_vol, row.prsn_ntby_tr_pbmn) == (None, None)


def test_a_letter_in_a_number_rejects_its_row_and_no_other() -> None:
    rows = [
        investors_day("20261119", orgn_seln_vol="27O"),
        investors_day("20261118", frgn_ntby_qty="-0000100"),
    ]

    answer = parse_stock_investors(rows)

    assert answer.bad == (
        RejectedRow(code="20261119", field="orgn_seln_vol", value="27O"),
    )
    assert [row.frgn_ntby_qty for row in answer.good] == [-100]


def test_nobody_buys_less_than_nothing() -> None:
    answer = parse_stock_investors([investors_day(prsn_shnu_vol="-1")])
    assert [bad.field for bad in answer.bad] == ["prsn_shnu_vol"]


def test_the_recorded_flows_of_a_stock(shared: Path) -> None:
    answer = parse_stock_investors(sample(shared, "FHKST01010900-1"))

    assert (len(answer.good), answer.bad) == (2, ())
    first = answer.good[0]
    assert (first.frgn_shnu_tr_pbmn, first.frgn_seln_tr_pbmn) == (186166, 83207)
    assert (first.prsn_shnu_vol, first.prsn_ntby_qty) == (467525, -287624)


def test_the_recorded_blank_day_is_read(shared: Path) -> None:
    first, second = parse_stock_investors(sample(shared, "FHKST01010900-2")).good
    assert (first.orgn_shnu_vol, second.orgn_shnu_vol) == (None, 4458284)


def test_the_recorded_flows_of_a_market(shared: Path) -> None:
    (row,) = parse_market_investors(sample(shared, "FHPTJ04030000-1")).good
    assert (row.frgn_ntby_tr_pbmn, row.frgn_ntby_qty) == (148656, -5290)
    assert (row.orgn_shnu_tr_pbmn, row.orgn_seln_tr_pbmn) == (2054839, 2110371)


def test_a_moment_that_no_clock_shows_rejects_its_row() -> None:
    answer = parse_program_now([program_moment("246000"), program_moment("090001")])
    assert [bad.field for bad in answer.bad] == ["bsop_hour"]
    assert [row.bsop_hour for row in answer.good] == [time(9, 0, 1)]


def test_the_recorded_programs_are_in_won(shared: Path) -> None:
    (now,) = parse_program_now(sample(shared, "FHPPG04650101-2")).good
    days = parse_program_days(sample(shared, "FHPPG04650201-1"))

    assert (now.bsop_hour, now.whol_smtn_ntby_tr_pbmn) == (
        time(15, 30, 4),
        22530606200,
    )
    assert (len(days.good), days.bad) == (4, ())
    assert days.good[0].whol_smtn_shnu_tr_pbmn == 270120727200
    assert days.good[0].acml_tr_pbmn == 1220563293000


def test_a_day_of_programs_needs_its_date() -> None:
    answer = parse_program_days([program_day("00000000")])
    assert [bad.field for bad in answer.bad] == ["stck_bsop_date"]


@pytest.mark.parametrize("code", ["5930", "", "005930A", "삼성전자"])
def test_a_leader_needs_a_stock_code(code: str) -> None:
    answer = parse_slot_leaders([leader(code, foreign=1)])
    assert [bad.field for bad in answer.bad] == ["mksc_shrn_iscd"]


def test_a_leaders_code_may_be_padded_or_have_letters() -> None:
    rows = [leader("005930   ", foreign=1), leader("Q530036", foreign=1)]
    codes = [row.mksc_shrn_iscd for row in parse_slot_leaders(rows).good]
    assert codes == ["005930", "Q530036"]


def test_the_recorded_list_of_nets(shared: Path) -> None:
    (row,) = parse_slot_leaders(sample(shared, "FHPTJ04400000-2")).good
    assert (row.frgn_ntby_qty, row.frgn_ntby_tr_pbmn) == (2272000, 185850)
    assert (row.orgn_ntby_qty, row.orgn_ntby_tr_pbmn) == (-903000, -73865)


def test_padded_numbers_are_read_with_their_sign(shared: Path) -> None:
    rows = parse_slot_estimates(sample(shared, "HHPTJ04160200-1")).good
    assert [row.bsop_hour_gb for row in rows] == ["5", "4", "3", "2", "1"]
    assert (rows[0].frgn_fake_ntby_qty, rows[0].orgn_fake_ntby_qty) == (-30000, 121000)
    assert rows[4].orgn_fake_ntby_qty == 0


def test_a_slot_that_nobody_knows_rejects_its_row() -> None:
    answer = parse_slot_estimates([estimate(6, 1, 1), estimate(1, -2000, 0)])
    assert answer.bad == (RejectedRow(code="6", field="bsop_hour_gb", value="6"),)
    assert [row.frgn_fake_ntby_qty for row in answer.good] == [-2000]
