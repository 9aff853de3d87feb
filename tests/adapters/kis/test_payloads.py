from datetime import date

from adapters.kis.payloads.daily_bars import parse_daily_bars
from adapters.kis.payloads.holidays import parse_holidays
from adapters.kis.payloads.multi_quote import parse_multi_quote
from adapters.kis.payloads.rows import RejectedRow
from adapters.kis.payloads.volume_rank import parse_volume_rank
from tests.adapters.kis.fakes import quote_row


def test_a_quote_row_keeps_the_brokers_names_and_units() -> None:
    (row,) = parse_multi_quote([quote_row("0004V0")]).good

    assert row.inter_shrn_iscd == "0004V0"
    assert (row.inter2_prpr, row.inter2_prdy_vrss, row.prdy_ctrt) == (
        10100,
        -100,
        -0.98,
    )
    assert (row.acml_vol, row.acml_tr_pbmn) == (300, 3045000)
    assert row.inter2_askp == "10110"


def test_one_bad_row_loses_none_of_the_others() -> None:
    rows: list[object] = [quote_row(f"{number:06d}") for number in range(1, 31)]
    rows[7] = quote_row("000008", acml_tr_pbmn="12a4")

    answer = parse_multi_quote(rows)

    assert len(answer.good) == 29
    assert answer.bad == (
        RejectedRow(code="000008", field="acml_tr_pbmn", value="12a4"),
    )


def test_a_blank_price_and_a_missing_key_reject_the_row() -> None:
    without = quote_row("000002")
    del without["acml_vol"]

    answer = parse_multi_quote([quote_row("000001", inter2_prpr=""), without, "x"])

    assert answer.good == ()
    assert answer.bad == (
        RejectedRow(code="000001", field="inter2_prpr", value=""),
        RejectedRow(code="000002", field="acml_vol", value=""),
        RejectedRow(code="", field="", value="x"),
    )


def test_a_blank_limit_is_missing_and_the_row_stands() -> None:
    (row,) = parse_multi_quote([quote_row(inter2_mxpr="", inter2_llam="  ")]).good
    assert (row.inter2_mxpr, row.inter2_llam) == (None, None)


def test_a_row_of_an_unknown_code_without_values_is_rejected() -> None:
    blank = dict.fromkeys(quote_row(), "")
    assert [bad.code for bad in parse_multi_quote([blank]).bad] == [""]


def test_an_index_row_is_never_a_stock() -> None:
    index = quote_row(
        "0001",
        kospi_kosdaq_cls_name="업종",
        inter2_prpr="2724.62",
        inter2_prdy_vrss="-28.38",
        acml_tr_pbmn="10288958",
    )

    answer = parse_multi_quote([index, quote_row("000010")])

    assert [row.inter_shrn_iscd for row in answer.good] == ["000010"]
    assert [(row.inter2_prpr, row.acml_tr_pbmn) for row in answer.indices] == [
        (2724.62, 10288958)
    ]


def test_an_index_row_with_whole_points_is_no_stock_either() -> None:
    answer = parse_multi_quote([quote_row("0001", kospi_kosdaq_cls_name="업종")])
    assert (answer.good, len(answer.indices)) == ((), 1)


def test_a_ranking_row_without_listed_shares_stands() -> None:
    row = {
        "mksc_shrn_iscd": "Q00001X ",
        "data_rank": "1",
        "stck_prpr": "65100",
        "prdy_vrss": "-300",
        "acml_vol": "10",
        "acml_tr_pbmn": "651000",
        "lstn_stcn": "",
    }
    (ranked,) = parse_volume_rank([row]).good
    assert (ranked.mksc_shrn_iscd, ranked.lstn_stcn) == ("Q00001X", None)


def test_empty_rows_that_pad_the_bars_are_not_rows() -> None:
    bar = {
        "stck_bsop_date": "20261119",
        **dict.fromkeys(("stck_clpr", "stck_oprc", "stck_hgpr", "stck_lwpr"), "100"),
        "acml_vol": "7",
        "acml_tr_pbmn": "700",
    }

    bars = parse_daily_bars({"stck_shrn_iscd": "000010"}, [bar, {}, {}])

    assert [row.stck_bsop_date for row in bars.good] == [date(2026, 11, 19)]
    assert bars.bad == ()


def test_bars_of_an_unknown_code_have_no_head() -> None:
    assert parse_daily_bars({"stck_shrn_iscd": ""}, []).head is None


def test_a_holiday_row_must_say_yes_or_no() -> None:
    days = parse_holidays(
        [
            {"bass_dt": "20261120", "opnd_yn": "Y "},
            {"bass_dt": "20261121", "opnd_yn": "?"},
        ]
    )
    assert [(row.bass_dt, row.opnd_yn) for row in days.good] == [
        (date(2026, 11, 20), "Y")
    ]
    assert days.bad == (RejectedRow(code="20261121", field="opnd_yn", value="?"),)
