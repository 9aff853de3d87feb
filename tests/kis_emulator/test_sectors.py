"""Industries: their members, sums and changes, as every index endpoint serves them."""

import io
import itertools
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.endpoints.index_category import INDEX_CATEGORY
from tests.kis_emulator.endpoints.index_daily import INDEX_DAILY
from tests.kis_emulator.endpoints.request import Call
from tests.kis_emulator.index_codes import CODE_OF
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.real_day import real_day
from tests.kis_emulator.sectors import members, sector_at, sector_on
from tests.kis_emulator.server import RunningEmulator, running_emulator
from tests.kis_emulator.test_samples import recorded, shape

FRIDAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 10, 30, tzinfo=KST)
PAIRS = [("K", "0001", "KOSPI"), ("Q", "1001", "KOSDAQ")]


def category(asker: Asker, market: str, code: str, **changes: str) -> dict[str, Any]:
    params = {
        "FID_COND_MRKT_DIV_CODE": "U",
        "FID_INPUT_ISCD": code,
        "FID_COND_SCR_DIV_CODE": "20214",
        "FID_MRKT_CLS_CODE": market,
        "FID_BLNG_CLS_CODE": "0",
    }
    return asker.get(INDEX_CATEGORY, **(params | changes)).json


def daily(asker: Asker, code: str, until: str, **changes: str) -> dict[str, Any]:
    params = {
        "FID_PERIOD_DIV_CODE": "D",
        "FID_COND_MRKT_DIV_CODE": "U",
        "FID_INPUT_ISCD": code,
        "FID_INPUT_DATE_1": until,
    }
    return asker.get(INDEX_DAILY, **(params | changes)).json


def leaf(item: Listed) -> str:
    """The finest industry code of a listing; 0000 is unclassified."""
    named = (item.sector_small, item.sector_medium, item.sector_large)
    return next((code for code in named if code != "0000"), "0000")


def industries(market: str) -> list[str]:
    return [
        index.code
        for index in CODE_OF.values()
        if index.market == market and index.group == "industry"
    ]


@pytest.mark.parametrize(("letter", "code", "board"), PAIRS)
def test_each_industry_sums_its_own_members(
    asker: Asker, emulator: RunningEmulator, letter: str, code: str, board: str
) -> None:
    shown = emulator.truth.snapshot("J", AT)
    rows = {
        row["bstp_cls_code"]: row for row in category(asker, letter, code)["output2"]
    }
    for industry in industries(letter):
        own = [
            shown.quote(item.code)
            for item in emulator.truth.listings()
            if item.market == board
            and item.kind == "STOCK"
            and industry in (item.sector_large, item.sector_medium)
        ]
        value = sum(quote.trading_value for quote in own if quote)
        volume = sum(quote.volume for quote in own if quote)
        assert rows[industry]["acml_tr_pbmn"] == str(value // 1_000_000)
        assert rows[industry]["acml_vol"] == str(volume // 1_000)


@pytest.mark.parametrize(("letter", "code", "board"), PAIRS)
def test_leaves_and_the_unclassified_tile_the_market(
    market: SimulatedMarket, letter: str, code: str, board: str
) -> None:
    stocks = [
        item
        for item in market.listings()
        if item.market == board and item.kind == "STOCK"
    ]
    leaves = {leaf(item) for item in stocks} - {"0000"}
    assert leaves <= set(industries(letter))
    assert len(leaves) > 15
    assert any(leaf(item) == "0000" for item in stocks)


def test_manufacturing_holds_its_medium_industries(market: SimulatedMarket) -> None:
    whole = members(market, "0027", FRIDAY)
    parts = [members(market, code, FRIDAY) for code in ("0009", "0013", "0015")]
    assert all(part.any() and not (part & ~whole).any() for part in parts)
    assert not (parts[0] & parts[1]).any()
    assert not (members(market, "0016", FRIDAY) & whole).any()


@pytest.mark.parametrize("code", ["0009", "0027", "1024", "1014"])
def test_a_change_is_weighted_against_base_prices(
    market: SimulatedMarket, code: str
) -> None:
    index, shown = sector_at(market, code, AT), market.snapshot("J", AT)
    rows = np.flatnonzero(members(market, code, FRIDAY))
    shares = [int(shown.listed_shares[row]) for row in rows]
    now = sum(int(shown.price[row]) * n for row, n in zip(rows, shares, strict=True))
    base = sum(int(shown.base[row]) * n for row, n in zip(rows, shares, strict=True))
    expected = index.previous * Fraction(now, base)
    assert abs(index.level - expected) <= 1
    assert index.session == FRIDAY
    assert index.low <= min(index.level, index.open) <= index.high


def test_industries_stand_among_styles_sizes_and_leverages(asker: Asker) -> None:
    rows = category(asker, "K", "0001")["output2"]
    by_code = {row["bstp_cls_code"]: row for row in rows}
    assert {"0001", "0002", "0163", "0244"} < set(by_code)
    assert by_code["0001"]["acml_vol_rlim"] == "100.00"
    assert by_code["0244"]["acml_tr_pbmn"] == "0"
    assert {row["acml_tr_pbmn_rlim"] for row in rows} == {""}
    sizes = [int(by_code[code]["acml_tr_pbmn"]) for code in ("0002", "0003", "0004")]
    assert sizes[0] > 0
    assert abs(sum(sizes) - int(by_code["0001"]["acml_tr_pbmn"])) <= 3


def test_a_group_of_indices_can_be_asked_for(asker: Asker) -> None:
    by_industry = category(asker, "K", "0001", FID_BLNG_CLS_CODE="3")["output2"]
    assert [row["bstp_cls_code"] for row in by_industry] == industries("K")
    largest = category(asker, "K2", "2001")["output2"]
    assert [row["bstp_cls_code"] for row in largest][:3] == ["2001", "2007", "2008"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_COND_MRKT_DIV_CODE", "J"),
        ("FID_INPUT_ISCD", "0000"),
        ("FID_COND_SCR_DIV_CODE", "20171"),
        ("FID_MRKT_CLS_CODE", "J"),
        ("FID_BLNG_CLS_CODE", "4"),
    ],
)
def test_a_wrong_parameter_is_named(asker: Asker, name: str, value: str) -> None:
    refusal = category(asker, "K", "0001", **{name: value})
    assert refusal["rt_cd"] == "2"
    assert refusal["msg1"] == f"ERROR INVALID {name}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FID_PERIOD_DIV_CODE", "T"),
        ("FID_COND_MRKT_DIV_CODE", "J"),
        ("FID_INPUT_ISCD", "9999"),
        ("FID_INPUT_DATE_1", "20261131"),
    ],
)
def test_the_daily_list_names_it_too(asker: Asker, name: str, value: str) -> None:
    refusal = daily(asker, "0001", "20261120", **{name: value})
    assert refusal["msg1"] == f"ERROR INVALID {name}"


def test_keys_are_those_of_the_recorded_bodies(shared: Path, asker: Asker) -> None:
    whole = shape(category(asker, "K2", "0001"))
    assert whole == recorded(shared, "FHPUP02140000-2")
    assert whole[:2] == recorded(shared, "FHPUP02140000-1")[:2]
    assert shape(daily(asker, "0001", "20261120")) == recorded(
        shared, "FHPUP02120000-2"
    )


def test_an_industry_is_quoted_alone_as_in_the_list(asker: Asker) -> None:
    row = next(
        row
        for row in category(asker, "Q", "1001")["output2"]
        if row["bstp_cls_code"] == "1024"
    )
    alone = asker.index("1024").json["output"]
    names = set(row) & set(alone)
    assert len(names) == 6
    assert {name: row[name] for name in names} == {name: alone[name] for name in names}


@pytest.mark.parametrize("code", ["0001", "1001", "0009", "1028"])
def test_a_hundred_sessions_are_linked_by_their_changes(
    asker: Asker, code: str
) -> None:
    rows = daily(asker, code, "20261120")["output2"]
    days = [row["stck_bsop_date"] for row in rows]
    assert (len(rows), days[0]) == (100, "20261120")
    assert days == sorted(days, reverse=True)
    for later, earlier in itertools.pairwise(rows):
        linked = float(later["bstp_nmix_prpr"]) - float(later["bstp_nmix_prdy_vrss"])
        assert linked == pytest.approx(float(earlier["bstp_nmix_prpr"]), abs=0.005)


def test_a_page_may_end_on_an_earlier_day(asker: Asker) -> None:
    rows = daily(asker, "0009", "20260601")["output2"]
    assert rows[0]["stck_bsop_date"] == "20260601"
    assert rows[-1]["stck_bsop_date"] < "20260120"


@pytest.mark.parametrize(("code", "board"), [("0001", "KOSPI"), ("1001", "KOSDAQ")])
def test_a_past_total_is_the_sum_of_that_days_members(
    asker: Asker, emulator: RunningEmulator, code: str, board: str
) -> None:
    day = date(2026, 10, 15)
    final = emulator.truth.final("J", day)
    own = [
        final.quote(item.code)
        for item in emulator.truth.listings_on(day)
        if item.market == board and item.kind == "STOCK"
    ]
    value = sum(quote.trading_value for quote in own if quote)
    row = daily(asker, code, "20261015")["output2"][0]
    assert row["acml_tr_pbmn"] == str(value // 1_000_000)


def test_before_the_open_today_is_level_with_yesterday(
    asker: Asker, emulator: RunningEmulator
) -> None:
    emulator.clock.set(datetime(2026, 11, 20, 8, 50, tzinfo=KST))
    today, yesterday = daily(asker, "0009", "20261120")["output2"][:2]
    assert today["bstp_nmix_prdy_ctrt"] == "0.00"
    assert today["bstp_nmix_oprc"] == yesterday["bstp_nmix_prpr"]
    assert today["acml_vol"] == "0"


def test_a_listing_or_a_split_is_no_change_of_an_industry(
    whole_market: SimulatedMarket,
) -> None:
    newcomer = next(
        item
        for item in whole_market.listings()
        if item.listed_on > date(2026, 6, 1) and leaf(item) != "0000"
    )
    day, code = newcomer.listed_on, leaf(newcomer)
    index = sector_on(whole_market, code, day)
    before = sector_on(whole_market, code, whole_market.days.previous(day))
    assert index.previous == before.level
    assert abs(index.level - index.previous) < 0.05 * index.previous


def test_levels_do_not_depend_on_what_was_asked_before() -> None:
    def fresh() -> SimulatedMarket:
        return SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10)

    near, far = date(2026, 11, 9), date(2026, 10, 12)
    one, other = fresh(), fresh()
    first = [sector_on(one, "1009", day) for day in (near, far)]
    second = [sector_on(other, "1009", day) for day in (far, near)]
    assert first == second[::-1]


def test_the_file_of_indices_names_every_industry(
    asker: Asker, emulator: RunningEmulator
) -> None:
    heard = asker.send("GET", "/common/master/idxcode.mst.zip", None, {})
    with zipfile.ZipFile(io.BytesIO(heard.body)) as archive:
        member = archive.infolist()[0]
        lines = archive.read(member).split(b"\n")
    assert (member.filename, lines.pop()) == ("idxcode.mst", b"")
    assert {len(line) for line in lines} == {45}
    names = {line[1:5].decode(): line[5:].decode("cp949").rstrip() for line in lines}
    assert (names["0009"], names["1009"]) == ("제약", "제조")
    assert lines[0].startswith(b"00001")
    assert b"11001KOSDAQ" in b"\n".join(lines)
    used = {leaf(item) for item in emulator.truth.listings()} - {"0000"}
    assert used <= set(names)


@pytest.mark.parametrize("ask", [INDEX_CATEGORY.answer, INDEX_DAILY.answer])
def test_the_same_market_answers_the_same(ask: Callable[[Call], Any]) -> None:
    params = {
        "FID_COND_MRKT_DIV_CODE": "U",
        "FID_INPUT_ISCD": "0009",
        "FID_COND_SCR_DIV_CODE": "20214",
        "FID_MRKT_CLS_CODE": "K",
        "FID_BLNG_CLS_CODE": "0",
        "FID_PERIOD_DIV_CODE": "D",
        "FID_INPUT_DATE_1": "20261120",
    }
    markets = [SimulatedMarket(stocks=60, etf=2, etn=2, nxt=10) for _ in range(2)]
    at = EmulatorClock(AT).now()
    answers = [ask(Call(market, at, params)) for market in markets]
    assert answers[0] == answers[1]


def test_a_real_day_has_no_industries_but_answers(shared: Path) -> None:
    path = shared / "krx" / "official_amount_marcap_janfeb.parquet"
    day = date(2024, 2, 8)
    official = real_day(path, day)
    at = datetime(2024, 2, 8, 15, 40, tzinfo=KST)
    with running_emulator(market=official, clock=EmulatorClock(at)) as emulator:
        asker = Asker.with_token(emulator.base_url)
        rows = category(asker, "K", "0001")["output2"]
        days = daily(asker, "0001", "20240208")["output2"]
    by_code = {row["bstp_cls_code"]: row for row in rows}
    assert by_code["0009"]["acml_tr_pbmn"] == "0"
    assert by_code["0001"]["acml_tr_pbmn"] == days[0]["acml_tr_pbmn"]
