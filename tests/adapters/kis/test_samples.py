"""Every payload against what the broker was recorded to send."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.kis.master_layouts import KOSDAQ, KOSPI
from adapters.kis.masters import parse_master, to_listings, unzip_master
from adapters.kis.payloads.daily_bars import parse_daily_bars
from adapters.kis.payloads.holidays import parse_holidays
from adapters.kis.payloads.index_price import IndexPrice
from adapters.kis.payloads.market_time import MarketTime
from adapters.kis.payloads.multi_quote import MultiQuoteRow, parse_multi_quote
from adapters.kis.payloads.volume_rank import VolumeRankRow, parse_volume_rank
from domain.listing import Flag, Kind, Market


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


def test_the_recorded_multi_quote(samples: Path) -> None:
    body = read(samples, "FHKST11300006-1")

    answer = parse_multi_quote(body["output"])

    assert answer.bad == ()
    assert [row.inter_shrn_iscd for row in answer.good] == ["005930", "000660"]
    assert answer.good[0].acml_tr_pbmn == 1221686345500
    assert answer.good[0].inter2_sdpr == 78200
    assert [(row.inter2_prpr, row.acml_vol) for row in answer.indices] == [
        (2724.62, 561107)
    ]
    assert set(body["output"][0]) == set(MultiQuoteRow.model_fields)


@pytest.mark.parametrize(("name", "rows"), [("-1", 30), ("-2", 2)])
def test_the_recorded_rankings(samples: Path, name: str, rows: int) -> None:
    body = read(samples, f"FHPST01710000{name}")

    answer = parse_volume_rank(body["output"])

    assert (len(answer.good), answer.bad) == (rows, ())
    assert set(body["output"][0]) == set(VolumeRankRow.model_fields)


def test_a_recorded_ranking_row_is_in_won(samples: Path) -> None:
    first = parse_volume_rank(read(samples, "FHPST01710000-1")["output"]).good[0]
    assert (first.mksc_shrn_iscd, first.acml_tr_pbmn) == ("005930", 584861890300)
    assert (first.prdy_vrss, first.vol_inrt) == (-300, 72.63)


@pytest.mark.parametrize("name", ["FHPUP02100000-1", "FHPUP02100000-2"])
def test_the_recorded_index(samples: Path, name: str) -> None:
    output = read(samples, name)["output"]
    index = IndexPrice.model_validate(output)
    assert index.acml_tr_pbmn == int(output["acml_tr_pbmn"])
    assert set(output) == set(IndexPrice.model_fields)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("FHKST03010100-1", date(2022, 5, 9), 237914727500),
        ("FHKST03010100-2", date(2024, 5, 10), 1351235284800),
    ],
)
def test_the_recorded_bars(samples: Path, name: str, day: date, value: int) -> None:
    body = read(samples, name)

    bars = parse_daily_bars(body["output1"], body["output2"])

    assert bars.bad == ()
    assert [(row.stck_bsop_date, row.acml_tr_pbmn) for row in bars.good] == [
        (day, value)
    ]
    assert bars.head is not None
    assert bars.head.itewhol_loan_rmnd_ratem_name


@pytest.mark.parametrize(("name", "rows"), [("-1", 24), ("-2", 3)])
def test_the_recorded_holidays(samples: Path, name: str, rows: int) -> None:
    days = parse_holidays(read(samples, f"CTCA0903R{name}")["output"])
    assert (len(days.good), days.bad) == (rows, ())


def test_the_last_weekday_of_2022_was_no_session(samples: Path) -> None:
    days = parse_holidays(read(samples, "CTCA0903R-1")["output"]).good
    assert {row.bass_dt: row.opnd_yn for row in days}[date(2022, 12, 30)] == "N"


def test_the_recorded_market_time(samples: Path) -> None:
    clock = MarketTime.model_validate(read(samples, "HHMCM000002C0-1")["output1"])
    assert (clock.today, clock.time) == (date(2024, 9, 11), "083523")


def test_the_recorded_kospi_master(samples: Path) -> None:
    zipped = (samples / "masters" / "kospi_code_sample.mst.zip").read_bytes()
    file = unzip_master(zipped)

    records = parse_master(file.data, KOSPI)

    assert file.dated == date(2026, 5, 4)
    assert [record["mksc_shrn_iscd"] for record in records] == [
        *("000020", "000040", "000050")
    ]
    assert {name: records[0][name] for name in EXPECTED_000020} == EXPECTED_000020
    assert records[1]["bsop_prfi"] == "-00000029"


EXPECTED_000020 = {
    "stnd_iscd": "KR7000020008",
    "hts_kor_isnm": "동화약품",
    "scrt_grp_cls_code": "ST",
    "bstp_larg_div_code": "0027",
    "etp_prod_cls_code": "",
    "krx_bio_yn": "Y",
    "stck_sdpr": "000006060",
    "mrkt_alrm_cls_code": "00",
    "marg_rate": "100",
    "prdy_vol": "000000050336",
    "stck_lstn_date": "19760324",
    "lstn_stcn": "000000000027931",
    "cpfn": "000000000027931470000",
    "prst_cls_code": "0",
    "kospi_issu_yn": "Y",
    "roe": "000002.31",
    "base_date": "20251231",
    "prdy_avls_scal": "000001692",
    "stln_able_yn": "N",
}


def test_the_recorded_kosdaq_master(samples: Path) -> None:
    zipped = (samples / "masters" / "kosdaq_code_sample.mst.zip").read_bytes()

    records = parse_master(unzip_master(zipped).data, KOSDAQ)

    first = records[0]
    assert [record.is_whole for record in records] == [True] * 3
    assert (first["hts_kor_isnm"], first["ksq150_nmix_yn"]) == ("삼천당제약", "Y")
    assert (first["stck_sdpr"], first["insn_pbnt_yn"]) == ("000415500", "Y")
    assert (first["lstn_stcn"], first["stln_able_yn"]) == ("000000000023457", "N")


def test_the_recorded_masters_as_listings(samples: Path) -> None:
    folder = samples / "masters"
    kospi, kosdaq = (
        parse_master(
            unzip_master((folder / f"{name}.mst.zip").read_bytes()).data, layout
        )
        for name, layout in (
            ("kospi_code_sample", KOSPI),
            ("kosdaq_code_sample", KOSDAQ),
        )
    )

    listings = to_listings(kospi, kosdaq, frozenset({"000250"}))

    assert len(listings) == 6
    row = listings[listings.row_of["000250"]]
    assert (row.market, row.kind, row.on_nxt) == (Market.KOSDAQ, Kind.STOCK, True)
    assert (row.base_price, row.previous_volume) == (415500, 162528)
    assert row.flags == Flag.UNFAITHFUL_DISCLOSURE
