"""Every index of the emulated exchange: codes, names, and the file that lists them."""

from dataclasses import dataclass

INDEX_MASTER = "idxcode"


@dataclass(frozen=True, slots=True)
class IndexCode:
    """One index, as the broker groups it.

    Attributes:
        market: K KOSPI, Q KOSDAQ, K2 KOSPI200 and its kin.
        group: all, size, industry, top (so many of the largest), style or silent:
            style trades what the whole market trades, silent ones show no trading.
    """

    code: str
    name: str
    market: str
    group: str


_KOSPI = (
    *(("0005", "음식료·담배"), ("0006", "섬유·의류"), ("0007", "종이·목재")),
    *(("0008", "화학"), ("0009", "제약"), ("0010", "비금속"), ("0011", "금속")),
    *(("0012", "기계·장비"), ("0013", "전기·전자"), ("0014", "의료·정밀기기")),
    *(("0015", "운송장비·부품"), ("0016", "유통"), ("0017", "전기·가스")),
    *(("0018", "건설"), ("0019", "운송·창고"), ("0020", "통신"), ("0021", "금융")),
    *(("0024", "증권"), ("0025", "보험"), ("0026", "일반서비스"), ("0027", "제조")),
    *(("0028", "부동산"), ("0029", "IT 서비스"), ("0030", "오락·문화")),
)
_KOSDAQ = (
    *(("1006", "일반서비스"), ("1009", "제조"), ("1010", "건설"), ("1011", "유통")),
    *(("1013", "운송·창고"), ("1014", "금융"), ("1015", "오락·문화")),
    *(("1019", "음식료·담배"), ("1020", "섬유·의류"), ("1021", "종이·목재")),
    *(("1023", "화학"), ("1024", "제약"), ("1025", "비금속"), ("1026", "금속")),
    *(("1027", "기계·장비"), ("1028", "전기·전자"), ("1029", "의료·정밀기기")),
    *(("1030", "운송장비·부품"), ("1032", "통신"), ("1033", "IT 서비스")),
)
_SIZES = ("대형주", "중형주", "소형주")

CODES: tuple[IndexCode, ...] = (
    IndexCode("0001", "종합", "K", "all"),
    *(IndexCode(f"000{n}", name, "K", "size") for n, name in enumerate(_SIZES, 2)),
    IndexCode("0163", "코스피 고배당 50", "K", "style"),
    *(IndexCode(code, name, "K", "industry") for code, name in _KOSPI),
    IndexCode("0164", "코스피 배당성장 50", "K", "style"),
    IndexCode("0195", "코스피 TR", "K", "silent"),
    IndexCode("0244", "코스피 레버리지", "K", "silent"),
    IndexCode("1001", "KOSDAQ", "Q", "all"),
    *(
        IndexCode(f"100{n}", f"KOSDAQ {name}", "Q", "size")
        for n, name in enumerate(_SIZES, 2)
    ),
    *(IndexCode(code, name, "Q", "industry") for code, name in _KOSDAQ),
    IndexCode("1042", "코스닥 우량기업부", "Q", "style"),
    IndexCode("1043", "코스닥 벤처기업부", "Q", "venture"),
    IndexCode("1163", "코스닥 TR", "Q", "silent"),
    IndexCode("2001", "KOSPI200", "K2", "top"),
    IndexCode("2007", "KOSPI100", "K2", "top"),
    IndexCode("2008", "KOSPI50", "K2", "top"),
    IndexCode("2035", "코스피200 TR", "K2", "silent"),
)
CODE_OF = {index.code: index for index in CODES}


def index_master() -> bytes:
    """``idxcode.mst``: market digit, code, name in 40 bytes of CP949; LF."""
    lines = (
        (index.code[0] + index.code).encode()
        + index.name.encode("cp949").ljust(40)
        + b"\n"
        for index in CODES
    )
    return b"".join(lines)
