"""The broker's codes of a session, told as marks."""

import pytest

from adapters.kis.bar_marks import ex_marks, marks_of_bar, par_marks
from adapters.kis.payloads.daily_bars import DailyBarRow
from domain.errors import MarketDataMalformedError
from domain.marks import NO_MARKS, Mark

BAR = {
    "stck_bsop_date": "20261119",
    "stck_clpr": "10000",
    "stck_oprc": "10000",
    "stck_hgpr": "10000",
    "stck_lwpr": "10000",
    "acml_vol": "100",
    "acml_tr_pbmn": "1000000",
}


def marks(**codes: str) -> Mark:
    return marks_of_bar(DailyBarRow.model_validate({**BAR, **codes}))


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ({}, NO_MARKS),
        ({"flng_cls_code": "00", "prtt_rate": "0.00", "mod_yn": "N"}, NO_MARKS),
        ({"flng_cls_code": "01"}, Mark.EX_RIGHTS),
        ({"flng_cls_code": "02"}, Mark.EX_DIVIDEND),
        ({"flng_cls_code": "03"}, Mark.EX_DISTRIBUTION),
        ({"flng_cls_code": "04"}, Mark.EX_RIGHTS | Mark.EX_DIVIDEND),
        ({"flng_cls_code": "05"}, Mark.EX_DIVIDEND),
        ({"flng_cls_code": "99"}, Mark.REVALUED),
        ({"prtt_rate": "0.20"}, Mark.REBASED),
        ({"prtt_rate": "1.00"}, NO_MARKS),
        ({"revl_issu_reas": "00"}, NO_MARKS),
        ({"revl_issu_reas": "01"}, Mark.SPIN_OFF),
        ({"revl_issu_reas": "02", "prtt_rate": "10.00"}, Mark.REDUCTION | Mark.REBASED),
        ({"revl_issu_reas": "03"}, Mark.LONG_HALT),
        ({"revl_issu_reas": "99"}, Mark.REVALUED),
        ({"mod_yn": "Y"}, Mark.UNTRADED),
    ],
)
def test_each_code_has_its_mark(codes: dict[str, str], told: Mark) -> None:
    assert marks(**codes) == told


@pytest.mark.parametrize("field", ["flng_cls_code", "revl_issu_reas"])
def test_a_code_that_is_no_number_is_refused(field: str) -> None:
    with pytest.raises(MarketDataMalformedError, match=field):
        marks(**{field: "0A"})


def test_the_mornings_master_tells_rights_and_par_changes() -> None:
    assert ex_marks("01") == Mark.EX_RIGHTS
    assert par_marks("02") == Mark.PAR_CHANGE
    assert par_marks("00") == ex_marks("  ") == NO_MARKS
