"""The answer and the text of get_sector_volume_ranking."""

import pytest

from adapters.mcp_server.sectors.output import SectorOutput
from adapters.mcp_server.sectors.present import DETAILS
from tests.adapters.mcp_server.answers import sectors
from tests.adapters.mcp_server.served import lines, structured
from tests.adapters.mcp_server.told import SECTORS


async def test_a_row_sums_its_stocks() -> None:
    found = await structured(SECTORS, sectors())
    SectorOutput.model_validate(found)
    assert found["ranking"][0] == {
        "rank": 1,
        "market_type": "KOSPI",
        "sector_code": "0013",
        "sector_name": "전기·전자",
        "trading_value": 1_600_000,
        "trading_volume": 1_600,
        "stock_count": 2,
        "average_change_rate": -4.5,
        "weighted_change_rate": -3.8,
        "index_change_rate": 1.23,
        "advancers": 1,
        "decliners": 1,
        "leading_stocks": [
            {"stock_code": "005930", "stock_name": "삼성전자", "contribution": 56.25},
            {"stock_code": "000660", "stock_name": "SK하이닉스", "contribution": 43.75},
        ],
        "foreign_net_buy": -123_400_000_000,
        "institution_net_buy": 50_000_000,
    }
    assert found["summary"] == {"total_trading_value": 1_600_000}


async def test_what_a_sector_does_not_have_is_null() -> None:
    second = (await structured(SECTORS, sectors()))["ranking"][1]
    for name in ("sector_name", "weighted_change_rate", "index_change_rate"):
        assert second[name] is None
    assert second["leading_stocks"][0]["contribution"] is None
    assert second["foreign_net_buy"] is None


async def test_concise_leaves_details_null() -> None:
    found = await structured(SECTORS, sectors(), response_format="concise")
    first = found["ranking"][0]
    assert {first[name] for name in DETAILS} == {None}
    assert first["weighted_change_rate"] == -3.8


async def test_its_own_criteria_are_echoed() -> None:
    found = await structured(SECTORS, sectors(), level="large", leaders=5)
    assert (found["level"], found["leaders"]) == ("large", 5)


async def test_the_table() -> None:
    shown = await lines(SECTORS, sectors())
    assert shown == [
        "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정",
        "업종별 거래대금, 세부 업종 (코스피+코스닥 STOCK, 전체 2업종 중 2업종)",
        "순위 | 업종(코드) | 시장 | 거래대금 | 등락률 | 지수 | 상승/하락 | 외국인 | "
        "기관 | 주도 종목",
        "1 | 전기·전자(0013) | KOSPI | 160만 | -3.80% | +1.23% | 1/1 | -1,234억 | "
        "5,000만 | 삼성전자 56.3%, SK하이닉스 43.8%",
        "2 | -(0000) | KOSDAQ | 0원 | - | - | 1/1 | - | - | 에코프로 -",
        "합계 160만",
        "※ 외국인·기관 순매수는 KRX 장중 집계입니다.",
    ]


@pytest.mark.parametrize(("rows", "named"), [(10, 2), (11, 1)])
async def test_many_rows_name_one_leader_each(rows: int, named: int) -> None:
    (first, _) = sectors().rows
    shown = await lines(SECTORS, sectors(rows=[first] * rows))
    assert shown[3].count("하이닉스") == named - 1


async def test_fewer_leaders_may_be_asked_for() -> None:
    shown = await lines(SECTORS, sectors(), leaders=1)
    assert shown[3].endswith("| 삼성전자 56.3%")


async def test_a_concise_table_has_fewer_columns() -> None:
    shown = await lines(SECTORS, sectors(), level="large", response_format="concise")
    assert shown[1].startswith("업종별 거래대금, 대분류 업종 (")
    assert shown[2] == "순위 | 업종(코드) | 시장 | 거래대금 | 등락률"


async def test_named_stocks_are_the_scope() -> None:
    (first, _) = sectors().rows
    shown = await lines(SECTORS, sectors(rows=[first]), stocks=["005930", "000660"])
    assert shown[1].endswith("(코스피+코스닥 STOCK, 지정한 2종목 중 1업종)")


async def test_a_page_after_the_last_row_counts_in_sectors() -> None:
    shown = await lines(SECTORS, sectors(rows=[], total=48), offset=60)
    assert shown[3] == (
        "offset=60: 마지막 업종을 지났습니다. 모두 48업종이니 "
        "offset을 47 이하로 물어 주세요."
    )
