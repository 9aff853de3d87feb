import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.kis_emulator.asking import Asker
from tests.kis_emulator.clock import KST
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.master_layout import Layout
from tests.kis_emulator.masters import LAYOUTS, encode, master, master_day
from tests.kis_emulator.server import RunningEmulator

WIDTHS = {"KOSPI": 288, "KOSDAQ": 282}
FRIDAY = date(2026, 11, 20)

DONGWHA = {
    "mksc_shrn_iscd": "000020",
    "stnd_iscd": "KR7000020008",
    "hts_kor_isnm": "동화약품",
    "bstp_larg_div_code": "0027",
    "bstp_medm_div_code": "0009",
    "krx_issu_yn": "Y",
    "krx_bio_yn": "Y",
    "stck_sdpr": "6060",
    "prdy_vol": "50336",
    "stck_fcam": "1000",
    "stck_lstn_date": "19760324",
    "lstn_stcn": "27931",
    "cpfn": "27931470000",
    "kospi_issu_yn": "Y",
    "sale_account": "4964",
    "bsop_prfi": "3",
    "op_prfi": "60",
    "thtr_ntin": "38",
    "roe": "2.31",
    "prdy_avls_scal": "1692",
}
JOONGANG = {
    "mksc_shrn_iscd": "000440",
    "stnd_iscd": "KR7000440008",
    "hts_kor_isnm": "중앙에너비스",
    "bstp_larg_div_code": "1011",
    "stck_sdpr": "21600",
    "prdy_vol": "439282",
    "stck_fcam": "500",
    "stck_lstn_date": "19930324",
    "lstn_stcn": "6227",
    "cpfn": "3113565000",
    "sale_account": "496",
    "bsop_prfi": "-17",
    "op_prfi": "-15",
    "thtr_ntin": "-11",
    "roe": "-2",
    "prdy_avls_scal": "1345",
}


def real_records(shared: Path, market: str) -> list[bytes]:
    folder = shared / "kis-samples" / "masters"
    path = folder / f"{market.lower()}_code_sample.mst.zip"
    with zipfile.ZipFile(path) as archive:
        content = archive.read(archive.namelist()[0])
    return [line for line in content.split(b"\n") if line]


def decode(layout: Layout, record: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    place = 0
    for field in layout:
        found[field.name] = record[place : place + field.width].decode("cp949").rstrip()
        place += field.width
    return found


@pytest.mark.parametrize("market", ["KOSPI", "KOSDAQ"])
def test_layouts_add_up_to_the_documented_width(market: str) -> None:
    assert sum(field.width for field in LAYOUTS[market]) == WIDTHS[market]


@pytest.mark.parametrize(
    ("market", "values", "row"), [("KOSPI", DONGWHA, 0), ("KOSDAQ", JOONGANG, 1)]
)
def test_a_real_listing_encodes_to_its_real_bytes(
    shared: Path, market: str, values: dict[str, str], row: int
) -> None:
    assert encode(LAYOUTS[market], values) == real_records(shared, market)[row]


@pytest.mark.parametrize("market", ["KOSPI", "KOSDAQ"])
def test_every_real_record_survives_a_round_trip(shared: Path, market: str) -> None:
    for record in real_records(shared, market):
        assert encode(LAYOUTS[market], decode(LAYOUTS[market], record)) == record


def test_names_are_padded_in_bytes_not_letters() -> None:
    record = encode(LAYOUTS["KOSPI"], {"hts_kor_isnm": "가나"})
    assert record[21:61] == "가나".encode("cp949") + b" " * 36


def test_a_value_too_wide_is_refused() -> None:
    with pytest.raises(ValueError, match="thtr_ntin"):
        encode(LAYOUTS["KOSPI"], {"thtr_ntin": "1234567"})


@pytest.mark.parametrize(
    ("name", "board"), [("kospi_code", "KOSPI"), ("nxt_kosdaq_code", "KOSDAQ")]
)
def test_a_file_lists_its_market_line_by_line(
    board: str, name: str, emulator: RunningEmulator
) -> None:
    lines = master(emulator.truth, name, FRIDAY).split(b"\n")
    assert lines.pop() == b""
    assert {len(line) for line in lines} == {WIDTHS[board]}
    expected = {
        item.code
        for item in emulator.truth.listings()
        if item.market == board and (item.on_nxt or not name.startswith("nxt"))
    }
    assert {line[:9].decode().rstrip() for line in lines} == expected


def test_the_download_is_a_zip_dated_by_its_data(
    emulator: RunningEmulator, asker: Asker
) -> None:
    heard = asker.send("GET", "/common/master/kosdaq_code.mst.zip", None, {})
    with zipfile.ZipFile(io.BytesIO(heard.body)) as archive:
        member = archive.infolist()[0]
        content = archive.read(member)
    assert member.filename == "kosdaq_code.mst"
    assert member.date_time[:3] == (2026, 11, 20)
    assert content == master(emulator.truth, "kosdaq_code", FRIDAY)


def test_konex_is_in_no_master(market: SimulatedMarket) -> None:
    both = master(market, "kospi_code", FRIDAY) + master(market, "kosdaq_code", FRIDAY)
    assert "모의코넥스".encode("cp949") not in both
    assert "모의기타".encode("cp949") in both


def test_a_morning_master_holds_yesterdays_volume_and_todays_base_price(
    market: SimulatedMarket,
) -> None:
    code = market.listings()[0].code
    record = next(
        decode(LAYOUTS["KOSPI"], line)
        for line in master(market, "kospi_code", FRIDAY).split(b"\n")
        if line.startswith(code.encode())
    )
    before = market.final("J", date(2026, 11, 19)).quote(code)
    today = market.final("J", FRIDAY).quote(code)
    assert before is not None
    assert today is not None
    assert int(record["prdy_vol"]) == before.volume
    assert int(record["stck_sdpr"]) == today.base


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 20, 7, 29, tzinfo=KST), date(2026, 11, 19)),
        (datetime(2026, 11, 20, 7, 30, tzinfo=KST), FRIDAY),
        (datetime(2026, 11, 22, 12, 0, tzinfo=KST), FRIDAY),
    ],
)
def test_masters_are_rebuilt_each_session_morning(
    market: SimulatedMarket, now: datetime, day: date
) -> None:
    assert master_day(market, now) == day
