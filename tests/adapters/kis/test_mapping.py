"""From the broker's rows to frames, witnesses and totals: codes and units stop here."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.kis.mapping import (
    MILLION,
    division_of,
    market_code_of,
    rank_measure_of,
    to_frame,
    to_official_totals,
    to_witness,
)
from adapters.kis.payloads.daily_bars import DailyBarRow, parse_daily_bars
from adapters.kis.payloads.index_price import IndexPrice
from adapters.kis.payloads.multi_quote import parse_multi_quote
from adapters.kis.requests import RankMeasure
from domain.audit import Witness
from domain.frame import NO_TOTALS, MarketFrame, OfficialTotals
from domain.listing import Kind, Listings, Market, Shares, Venue, Won
from domain.ranking import Measure
from tests.adapters.kis.fakes import quote_row
from tests.builders import SESSION, at, listing

SWEPT = (at("10:29:52"), at("10:30"))
COLUMNS = {
    "price": "inter2_prpr",
    "base_price": "inter2_sdpr",
    "open": "inter2_oprc",
    "high": "inter2_hgpr",
    "low": "inter2_lwpr",
    "volume": "acml_vol",
    "trading_value": "acml_tr_pbmn",
}


def listed(*codes: str) -> Listings:
    return Listings.of(listing(code) for code in codes)


def framed(listings: Listings, rows: Iterable[dict[str, str]]) -> MarketFrame:
    return to_frame(
        listings,
        parse_multi_quote(rows).good,
        venue=Venue.KRX,
        session=SESSION,
        swept=SWEPT,
    )


def bar(day: str, volume: int, opening: int = 1000) -> DailyBarRow:
    figures = dict.fromkeys(("stck_clpr", "stck_hgpr", "stck_lwpr"), "1000")
    return DailyBarRow.model_validate(
        {
            "stck_bsop_date": day,
            "stck_oprc": str(opening),
            "acml_vol": str(volume),
            "acml_tr_pbmn": "0",
            **figures,
        }
    )


def index(millions: int) -> IndexPrice:
    return IndexPrice.model_validate(
        {"bstp_nmix_prpr": "1", "acml_vol": "1", "acml_tr_pbmn": str(millions)}
    )


@pytest.mark.parametrize(("venue", "division"), [(Venue.KRX, "J"), (Venue.NXT, "NX")])
def test_each_venue_has_its_division(venue: Venue, division: str) -> None:
    assert division_of(venue) == division


def test_both_venues_at_once_have_none() -> None:
    with pytest.raises(ValueError, match="per venue"):
        division_of(Venue.ALL)


@pytest.mark.parametrize(
    ("market", "code"),
    [(None, "0000"), (Market.KOSPI, "0001"), (Market.KOSDAQ, "1001")],
)
def test_each_market_has_its_code(market: Market | None, code: str) -> None:
    assert market_code_of(market) == code


def test_each_measure_of_the_lists_has_its_code() -> None:
    assert rank_measure_of(Measure.TRADING_VALUE) is RankMeasure.TRADING_VALUE
    assert rank_measure_of(Measure.VOLUME) is RankMeasure.VOLUME


def test_the_lists_turnover_is_not_ours() -> None:
    with pytest.raises(ValueError, match="turnover"):
        rank_measure_of(Measure.TURNOVER_RATE)


def test_official_totals_come_in_millions() -> None:
    assert to_official_totals(index(10_288_958), index(7)) == OfficialTotals(
        kospi=Won(10_288_958_000_000), kosdaq=Won(7_000_000)
    )


def test_a_total_that_was_not_to_be_had_is_none() -> None:
    assert to_official_totals(None, index(7)).kospi is None
    assert to_official_totals(None, None) == NO_TOTALS


def test_a_quote_becomes_one_row_of_won_and_shares() -> None:
    swept = framed(listed("000010", "000020"), [quote_row("000020")])
    assert {name: int(getattr(swept, name)[1]) for name in COLUMNS} == {
        "price": 10_100,
        "base_price": 10_200,
        "open": 10_200,
        "high": 10_250,
        "low": 10_050,
        "volume": 300,
        "trading_value": 3_045_000,
    }
    assert swept.known.tolist() == [False, True]
    assert (swept.as_of_from, swept.as_of, swept.session) == (*SWEPT, SESSION)
    assert not swept.carried.any() | swept.suspect.any()


def test_a_frame_is_of_the_kinds_of_its_listings() -> None:
    funds = Listings.of([listing("069500", kind=Kind.ETF)])
    assert framed(funds, []).kinds == {Kind.ETF}
    assert framed(Listings(items=()), []).kinds == set(Kind)


def test_an_index_row_is_never_a_stock() -> None:
    """Even where a listing bears the same code."""
    rows = [quote_row("000010", kospi_kosdaq_cls_name=" 업종 ", inter2_prpr="2724.62")]
    assert framed(listed("000010"), rows).missing == ("000010",)


@pytest.mark.parametrize("field", ["inter2_prpr", "inter2_sdpr"])
def test_a_row_without_a_price_is_unknown(field: str) -> None:
    """So the broker answers to a code that it does not know."""
    swept = framed(listed("000010"), [quote_row("000010", **{field: "0"})])
    assert swept.missing == ("000010",)
    assert int(swept.trading_value[0]) == 0


def test_a_stock_that_did_not_trade_is_known_with_zeros() -> None:
    untraded = dict.fromkeys(
        ("acml_vol", "acml_tr_pbmn", "inter2_oprc", "inter2_hgpr", "inter2_lwpr"), "0"
    )
    swept = framed(listed("000010"), [quote_row("000010", **untraded)])
    assert swept.known.tolist() == [True]
    assert (int(swept.price[0]), int(swept.trading_value[0])) == (10_100, 0)


def test_a_row_that_is_not_listed_is_left_out() -> None:
    swept = framed(listed("000010"), [quote_row("999999"), quote_row("000010")])
    assert swept.known.tolist() == [True]


@pytest.mark.parametrize("figure", ["9" * 16, "9" * 30])
def test_a_figure_that_no_stock_can_have_is_unknown(figure: str) -> None:
    """Some of these do not even fit the column."""
    swept = framed(listed("000010"), [quote_row("000010", acml_tr_pbmn=figure)])
    assert swept.missing == ("000010",)


def test_the_witness_is_the_newest_bar_with_a_trade() -> None:
    bars = [bar("20260820", 0), bar("20260819", 7, 990), bar("20260818", 9)]
    expected = Witness(
        ticker="005930",
        session=date(2026, 8, 19),
        open=Won(990),
        volume=Shares(7),
        volume_before=Shares(9),
    )
    assert to_witness("005930", bars) == expected
    assert to_witness("005930", reversed(bars)) == expected


def test_there_is_no_witness_without_a_trade() -> None:
    assert to_witness("005930", []) is None
    assert to_witness("005930", [bar("20260820", 0)]) is None


@pytest.fixture(scope="session")
def samples(shared: Path) -> Path:
    folder = shared / "kis-samples"
    if not folder.is_dir():
        pytest.skip("no recorded KIS samples beside this checkout")
    return folder


def read(samples: Path, name: str) -> Any:
    return orjson.loads((samples / f"{name}.json").read_bytes())


def test_the_recorded_quotes_are_mapped_to_the_won(samples: Path) -> None:
    """Two stocks and an index in one answer; expected are its own strings."""
    rows = read(samples, "FHKST11300006-1")["output"]
    assert len(rows) == 3
    listings = listed("000660", "005930", "000010")
    swept = framed(listings, rows)
    assert swept.missing == ("000010",)
    for row in (x for x in rows if x["inter_shrn_iscd"] in listings.row_of):
        place = listings.row_of[row["inter_shrn_iscd"]]
        for column, field in COLUMNS.items():
            assert int(getattr(swept, column)[place]) == int(row[field]), field


@pytest.mark.parametrize("name", ["FHPUP02100000-1", "FHPUP02100000-2"])
def test_the_recorded_index_is_mapped_to_the_won(samples: Path, name: str) -> None:
    output = read(samples, name)["output"]
    totals = to_official_totals(IndexPrice.model_validate(output), None)
    assert totals.kospi == int(output["acml_tr_pbmn"]) * MILLION


@pytest.mark.parametrize("name", ["FHKST03010100-1", "FHKST03010100-2"])
def test_the_recorded_bar_is_a_witness(samples: Path, name: str) -> None:
    body = read(samples, name)
    (newest,) = body["output2"]
    found = to_witness("000000", parse_daily_bars(None, body["output2"]).good)
    assert found is not None
    assert f"{found.session:%Y%m%d}" == newest["stck_bsop_date"]
    assert found.open == int(newest["stck_oprc"])
    assert found.volume == int(newest["acml_vol"])
