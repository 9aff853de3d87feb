from datetime import date

import pytest

from adapters.kis.master_layouts import KOSDAQ, KOSPI
from adapters.kis.masters import (
    MAX_BYTES,
    codes_of,
    parse_master,
    to_listings,
    unzip_master,
)
from domain.errors import MarketDataMalformedError
from domain.listing import NO_FLAGS, Flag, Kind, Listing, Listings, Market
from tests.adapters.kis.master_lines import master_line, zipped


def listings(kospi: bytes = b"", kosdaq: bytes = b"") -> Listings:
    return to_listings(
        parse_master(kospi, KOSPI), parse_master(kosdaq, KOSDAQ), frozenset()
    )


def only(**fields: str) -> Listing:
    (item,) = listings(master_line("000010", KOSPI, **fields))
    return item


def test_the_layouts_are_as_wide_as_the_records() -> None:
    assert (KOSPI.width, len(KOSPI.slices)) == (288, 73)
    assert (KOSDAQ.width, len(KOSDAQ.slices)) == (282, 67)


@pytest.mark.parametrize(
    ("field", "kospi", "kosdaq"),
    [
        ("stck_sdpr", 102, 97),
        ("trht_yn", 121, 116),
        ("prdy_vol", 142, 137),
        ("lstn_stcn", 174, 169),
        ("prst_cls_code", 219, 214),
        ("stln_able_yn", 287, 281),
    ],
)
def test_fields_lie_where_the_reference_says(
    field: str, kospi: int, kosdaq: int
) -> None:
    assert KOSPI.slices[field].start == kospi
    assert KOSDAQ.slices[field].start == kosdaq


def test_fields_are_sliced_in_bytes_before_decoding() -> None:
    (record,) = parse_master(
        master_line("0004V0", hts_kor_isnm="가나다라마바사"), KOSPI
    )
    assert record["hts_kor_isnm"] == "가나다라마바사"
    assert (record["mksc_shrn_iscd"], record["prdy_vol"]) == ("0004V0", "000000001234")


def test_line_ends_and_blank_lines_do_not_matter() -> None:
    line = master_line("000010")
    data = line + b"\r\n" + line + b"\n\n" + line
    assert [record.is_whole for record in parse_master(data, KOSPI)] == [True] * 3


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        *((group, Kind.STOCK) for group in ("ST", "DR", "FS", "RT", "IF", "SC", "MF")),
        *((group, Kind.ETF) for group in ("EF", "FE")),
        ("EN", Kind.ETN),
    ],
)
def test_the_group_code_says_the_kind(group: str, kind: Kind) -> None:
    assert only(scrt_grp_cls_code=group).kind is kind


@pytest.mark.parametrize("group", ["BC", "SW", "SR", "EW"])
def test_funds_warrants_and_rights_are_out(group: str) -> None:
    assert len(listings(master_line("000010", scrt_grp_cls_code=group))) == 0


@pytest.mark.parametrize(
    ("fields", "flag"),
    [
        ({}, NO_FLAGS),
        ({"trht_yn": "Y"}, Flag.HALTED),
        ({"sltr_yn": "Y"}, Flag.DELISTING),
        ({"mang_issu_yn": "Y"}, Flag.ADMINISTRATIVE),
        ({"insn_pbnt_yn": "Y"}, Flag.UNFAITHFUL_DISCLOSURE),
        ({"etpr_undt_objt_co_yn": "Y"}, Flag.SPAC),
        ({"mrkt_alrm_cls_code": "01"}, Flag.CAUTION),
        ({"mrkt_alrm_cls_code": "02"}, Flag.WARNING),
        ({"mrkt_alrm_cls_code": "03"}, Flag.RISK),
        ({"short_over_cls_code": "1"}, NO_FLAGS),
        ({"short_over_cls_code": "2"}, Flag.OVERHEATED),
        ({"short_over_cls_code": "3"}, Flag.OVERHEATED),
        ({"prst_cls_code": "1"}, Flag.PREFERRED),
        ({"prst_cls_code": "2"}, Flag.PREFERRED),
        ({"scrt_grp_cls_code": "RT"}, Flag.REIT),
        ({"trht_yn": "Y", "mang_issu_yn": "Y"}, Flag.HALTED | Flag.ADMINISTRATIVE),
    ],
    ids=str,
)
def test_flags_of_the_morning(fields: dict[str, str], flag: Flag) -> None:
    assert only(**fields).flags == flag


def test_attention_is_of_kosdaq() -> None:
    line = master_line("000020", KOSDAQ, invt_alrm_yn="Y")
    (item,) = listings(kosdaq=line)
    assert (item.market, item.flags) == (Market.KOSDAQ, Flag.ATTENTION)


def test_a_blank_base_price_or_volume_is_none() -> None:
    item = only(stck_sdpr="", prdy_vol="")
    assert (item.base_price, item.previous_volume) == (None, None)


def test_nextrade_lists_what_its_masters_hold() -> None:
    records = parse_master(master_line("000010") + b"\n" + master_line("00002K"), KOSPI)
    found = to_listings(records, (), codes_of(records[1:]))
    assert [item.on_nxt for item in found] == [False, True]


def test_bad_records_are_skipped_and_named() -> None:
    lines = [
        master_line("000010"),
        master_line("000020")[:100],
        master_line("000030", scrt_grp_cls_code="ZZ"),
        master_line("5930"),
        master_line("000040", stck_sdpr="00001a000"),
        master_line("000050")[:21] + b"\xff" * 40 + master_line("000050")[61:],
    ]
    bad: dict[str, str] = {}

    found = to_listings(
        parse_master(b"\n".join(lines), KOSPI),
        (),
        frozenset(),
        on_bad=lambda code, why: bad.update({code: why}),
    )

    assert [item.ticker for item in found] == ["000010"]
    assert list(bad) == ["000020", "000030", "5930", "000040", "000050"]
    assert "100 bytes" in bad["000020"]


def test_a_zip_says_its_day() -> None:
    file = unzip_master(zipped(b"abc", day=(2026, 5, 4)))
    assert (file.data, file.dated) == (b"abc\n", date(2026, 5, 4))


@pytest.mark.parametrize(
    "broken", [b"", b"<html>", zipped(b"abc")[:-30], zipped(bytes(MAX_BYTES + 1))]
)
def test_broken_and_endless_zips_are_refused(broken: bytes) -> None:
    with pytest.raises(MarketDataMalformedError, match="압축"):
        unzip_master(broken)
