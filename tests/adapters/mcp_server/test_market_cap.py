"""The answer and the text of get_market_cap_ranking."""

from dataclasses import replace

import pytest

from adapters.mcp_server.market_cap.output import MarketCapOutput
from adapters.mcp_server.market_cap.present import DETAILS
from tests.adapters.mcp_server.answers import caps
from tests.adapters.mcp_server.served import lines, structured
from tests.adapters.mcp_server.told import CAPS


async def test_a_row_says_how_large_a_company_is() -> None:
    found = await structured(CAPS, caps())
    MarketCapOutput.model_validate(found)
    assert found["ranking"][0] == {
        "rank": 1,
        "stock_code": "005930",
        "stock_name": "삼성전자",
        "market_type": "KOSPI",
        "market_cap": 1_010_000,
        "market_cap_rank_change": 2,
        "current_price": 1_010,
        "change_rate": 1.0,
        "trading_value": 900_000,
        "trading_value_rank": 1,
        "weight_in_market": 75.0,
        "foreign_ratio": 50.0,
        "per": 12.35,
        "pbr": None,
    }


async def test_the_summary_says_who_was_counted() -> None:
    """10.005 rounds half up."""
    assert (await structured(CAPS, caps()))["summary"] == {
        "total_market_cap": 1_510_000,
        "top10_concentration": 100.0,
        "average_per": 10.01,
        "average_pbr": None,
        "per_counted": 1,
        "loss_making": 1,
        "pbr_counted": 0,
        "negative_book": 0,
    }


async def test_concise_leaves_details_null() -> None:
    found = await structured(CAPS, caps(), response_format="concise")
    assert {found["ranking"][0][name] for name in DETAILS} == {None}
    assert found["ranking"][0]["weight_in_market"] == 75.0


async def test_a_weight_that_is_no_number_is_null() -> None:
    (first, _) = caps().rows
    found = await structured(CAPS, caps(rows=[replace(first, weight=float("nan"))]))
    assert found["ranking"][0]["weight_in_market"] is None


async def test_the_table() -> None:
    shown = await lines(CAPS, caps())
    assert shown == [
        "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정",
        "시가총액 순위 (코스피+코스닥 STOCK, 전체 2종목 중 2종목)",
        "순위 | 변동 | 종목(코드) | 현재가 | 등락률 | 시가총액 | 비중 | "
        "거래대금순위 | 외국인 | PER | PBR",
        "1 | ▲2 | 삼성전자(005930) | 1,010 | +1.00% | 101만 | 75.00% | 1 | 50.00% | "
        "12.35 | -",
        "2 | ? | SK하이닉스(000660) | 1,010 | +1.00% | 50만 | 25.00% | 7 | - | - | -",
        "시가총액 합계 151만 · 상위 10종목 100.00%",
        "평균 PER 10.01 (1종목, 적자 1종목 제외) · "
        "평균 PBR - (0종목, 자본잠식 0종목 제외)",
    ]


@pytest.mark.parametrize(("change", "shown"), [(-3, "▼3"), (0, "-"), (12, "▲12")])
async def test_places_lost_and_gained_have_their_signs(change: int, shown: str) -> None:
    (first, _) = caps().rows
    found = caps(rows=[replace(first, rank_change=change)])
    assert (await lines(CAPS, found))[3].startswith(f"1 | {shown} | ")


async def test_without_an_earlier_rank_there_is_no_column_of_moves() -> None:
    rows = [replace(row, rank_change=None) for row in caps().rows]
    shown = await lines(CAPS, caps(rows=rows), response_format="concise")
    assert shown[2] == "순위 | 종목(코드) | 등락률 | 시가총액 | 비중"
