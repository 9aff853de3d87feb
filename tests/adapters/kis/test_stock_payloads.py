"""Payloads of one stock's past and of indices: by hand, and as recorded."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.kis.index_requests import index_categories_params, index_days_params
from adapters.kis.payloads.index_categories import (
    IndexCategoryRow,
    parse_index_categories,
)
from adapters.kis.payloads.index_days import IndexDayRow, parse_index_days
from adapters.kis.payloads.minute_bars import MinuteBarRow, parse_minute_bars
from adapters.kis.payloads.news_titles import NewsTitleRow, parse_news_titles
from adapters.kis.payloads.rows import RejectedRow
from adapters.kis.payloads.stock_price import StockPrice
from adapters.kis.stock_requests import dated_minutes_params, news_titles_params
from domain.session import KST

NOT_RECORDED = {"new_hgpr_lwpr_cls_code", "apprch_rate", "mang_issu_cls_code"}


@pytest.fixture(scope="session")
def samples(shared: Path) -> Path:
    folder = shared / "kis-samples"
    if not folder.is_dir():
        pytest.skip("no recorded KIS samples beside this checkout")
    return folder


def read(samples: Path, name: str) -> dict[str, Any]:
    body = orjson.loads((samples / f"{name}.json").read_bytes())
    assert isinstance(body, dict)
    return body


def test_minutes_are_asked_of_one_day_and_up_to_a_whole_minute() -> None:
    params = dated_minutes_params("NX", "000010", date(2026, 11, 19), time(9, 5, 40))
    assert params == {
        "FID_COND_MRKT_DIV_CODE": "NX",
        "FID_INPUT_ISCD": "000010",
        "FID_INPUT_HOUR_1": "090500",
        "FID_INPUT_DATE_1": "20261119",
        "FID_PW_DATA_INCU_YN": "N",
        "FID_FAKE_TICK_INCU_YN": "",
    }


def test_titles_are_asked_with_a_padded_date_and_time() -> None:
    params = news_titles_params("000010", datetime(2026, 11, 20, 9, 5, 40, tzinfo=KST))
    assert params["FID_INPUT_DATE_1"] == "0020261120"
    assert params["FID_INPUT_HOUR_1"] == "0000090540"
    assert {name for name, value in params.items() if not value} == {
        "FID_NEWS_OFER_ENTP_CODE",
        "FID_COND_MRKT_CLS_CODE",
        "FID_TITL_CNTT",
        "FID_RANK_SORT_CLS_CODE",
        "FID_INPUT_SRNO",
    }


def test_indices_are_asked_by_day_and_by_market() -> None:
    days = index_days_params("1001", date(2026, 11, 19))
    categories = index_categories_params("K", "0001")
    assert (days["FID_PERIOD_DIV_CODE"], days["FID_INPUT_DATE_1"]) == ("D", "20261119")
    assert (categories["FID_COND_SCR_DIV_CODE"], categories["FID_BLNG_CLS_CODE"]) == (
        "20214",
        "0",
    )
    assert (categories["FID_MRKT_CLS_CODE"], categories["FID_INPUT_ISCD"]) == (
        "K",
        "0001",
    )


@pytest.mark.parametrize("label", ["", "0905", "096000", "09:05:", "0905a0"])
def test_a_minute_without_a_time_is_rejected(label: str) -> None:
    rows = parse_minute_bars(
        [
            {
                "stck_bsop_date": "20261119",
                "stck_cntg_hour": label,
                "acml_tr_pbmn": "5",
            }
        ]
    )
    assert rows.bad == (RejectedRow(code=label, field="stck_cntg_hour", value=label),)


def test_a_minute_off_the_grid_is_read() -> None:
    (row,) = parse_minute_bars(
        [
            {
                "stck_bsop_date": "20261119",
                "stck_cntg_hour": "132011",
                "acml_tr_pbmn": "5",
            },
            {},
        ]
    ).good
    assert (row.stck_cntg_hour, row.acml_tr_pbmn) == (time(13, 20, 11), 5)


def test_a_letter_in_a_total_rejects_that_session_alone() -> None:
    rows = parse_index_days(
        [
            {"stck_bsop_date": "20261119", "acml_tr_pbmn": "12a4"},
            {"stck_bsop_date": "20261118", "acml_tr_pbmn": "1204"},
        ]
    )
    assert [row.acml_tr_pbmn for row in rows.good] == [1204]
    assert rows.bad == (
        RejectedRow(code="20261119", field="acml_tr_pbmn", value="12a4"),
    )


def test_a_blank_rate_of_an_index_is_missing() -> None:
    (row,) = parse_index_categories(
        [{"bstp_cls_code": "0009", "bstp_nmix_prdy_ctrt": "", "acml_tr_pbmn": " "}]
    ).good
    assert (row.bstp_nmix_prdy_ctrt, row.acml_tr_pbmn) == (None, None)


def test_blanks_of_a_profile_are_missing_and_never_zero() -> None:
    price = StockPrice.model_validate(
        {"stck_shrn_iscd": "000010", "eps": "", "bps": " "}
    )
    assert (price.eps, price.bps, price.lstn_stcn, price.hts_frgn_ehrt) == (None,) * 4


@pytest.mark.parametrize(
    ("name", "code", "shares", "eps"),
    [
        ("FHKST01010100-1", "000660", 728_002_365, 6532.0),
        ("FHKST01010100-2", "005930", 5_969_782_550, 2131.0),
    ],
)
def test_the_recorded_profile(
    samples: Path, name: str, code: str, shares: int, eps: float
) -> None:
    output = read(samples, name)["output"]

    price = StockPrice.model_validate(output)

    assert (price.stck_shrn_iscd, price.lstn_stcn, price.eps) == (code, shares, eps)
    assert set(StockPrice.model_fields) - set(output) == NOT_RECORDED
    assert set(output) <= set(StockPrice.model_fields)


def test_the_recorded_minutes_bear_the_days_value_so_far(samples: Path) -> None:
    output = read(samples, "FHKST03010230-1")["output2"]

    rows = parse_minute_bars(output)

    assert rows.bad == ()
    assert [(row.stck_cntg_hour, row.acml_tr_pbmn) for row in rows.good] == [
        (time(14, 0), 538_940_180_600),
        (time(13, 59), 535_556_648_100),
        (time(12, 1), 357_875_441_100),
    ]
    assert set(output[0]) == set(MinuteBarRow.model_fields)


@pytest.mark.parametrize(("name", "rows"), [("-1", 57), ("-2", 1)])
def test_the_recorded_index_days(samples: Path, name: str, rows: int) -> None:
    output = read(samples, f"FHPUP02120000{name}")["output2"]

    days = parse_index_days(output)

    assert (len(days.good), days.bad) == (rows, ())
    assert set(output[0]) == set(IndexDayRow.model_fields)


@pytest.mark.parametrize(("name", "rows"), [("-1", 76), ("-2", 1)])
def test_the_recorded_index_categories(samples: Path, name: str, rows: int) -> None:
    output = read(samples, f"FHPUP02140000{name}")["output2"]

    indices = parse_index_categories(output)

    assert (len(indices.good), indices.bad) == (rows, ())
    assert set(output[0]) == set(IndexCategoryRow.model_fields)


@pytest.mark.parametrize(
    ("name", "rows", "codes"), [("-1", 6, ("389020",)), ("-2", 1, ("010130",))]
)
def test_the_recorded_titles(
    samples: Path, name: str, rows: int, codes: tuple[str, ...]
) -> None:
    output = read(samples, f"FHKST01011800{name}")["output"]

    titles = parse_news_titles(output)

    assert (len(titles.good), titles.bad) == (rows, ())
    assert titles.good[-1].codes == codes
    assert set(output[0]) == set(NewsTitleRow.model_fields)
