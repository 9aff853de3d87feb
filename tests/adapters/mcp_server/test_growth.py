"""The answer and the text of get_volume_change_ranking."""

from dataclasses import replace

import pytest

from adapters.mcp_server.growth.output import GrowthOutput
from domain.growth import TimeBasis
from tests.adapters.mcp_server.answers import growth
from tests.adapters.mcp_server.served import lines, structured
from tests.adapters.mcp_server.told import GROWTH


async def test_a_row_says_how_much_it_has_grown() -> None:
    """900,000 is three times 300,000, and 1,010 is one percent above 1,000."""
    found = await structured(GROWTH, growth())
    GrowthOutput.model_validate(found)
    assert found["ranking"][0] == {
        "rank": 1,
        "stock_code": "005930",
        "stock_name": "삼성전자",
        "market_type": "KOSPI",
        "current_price": 1_010,
        "trading_value": 900_000,
        "baseline_trading_value": 300_000,
        "trading_value_change_rate": 200.0,
        "price_change_rate": 1.0,
        "news_count": 12,
        "disclosure_count": 1,
    }


async def test_what_could_not_be_counted_is_null() -> None:
    second = (await structured(GROWTH, growth()))["ranking"][1]
    assert second["trading_value_change_rate"] == -33.33
    assert second["news_count"] is second["disclosure_count"] is None


async def test_concise_leaves_the_counts_null() -> None:
    found = await structured(GROWTH, growth(), response_format="concise")
    assert found["ranking"][0]["news_count"] is None
    assert found["ranking"][0]["disclosure_count"] is None


@pytest.mark.parametrize("basis", list(TimeBasis))
async def test_the_basis_that_was_applied_is_echoed(basis: TimeBasis) -> None:
    found = await structured(GROWTH, growth(basis=basis), basis="same_time")
    assert found["basis"] == basis.value


async def test_the_floors_are_echoed() -> None:
    found = await structured(GROWTH, growth(), min_baseline_trading_value=5)
    assert found["min_trading_value"] == 1_000_000_000
    assert found["min_baseline_trading_value"] == 5


async def test_who_could_not_be_compared_is_counted() -> None:
    found = await structured(GROWTH, growth(ranked=1_234, too_short_history=56))
    assert found["summary"] == {"ranked": 1_234, "too_short_history": 56}


async def test_the_table() -> None:
    shown = await lines(GROWTH, growth(next_offset=2, total=9))
    assert shown == [
        "2026-08-20 10:30:00 기준 · KRX+NXT · 잠정",
        "거래대금 증가율 순위, 직전 거래일의 같은 시각까지 대비 "
        "(코스피+코스닥 STOCK, 전체 9종목 중 2종목)",
        "순위 | 종목(코드) | 현재가 | 등락률 | 거래대금 | 기준 | 증가율 | 뉴스/공시",
        "1 | 삼성전자(005930) | 1,010 | +1.00% | 90만 | 30만 | +200.00% | 12/1",
        "2 | SK하이닉스(000660) | 900 | -10.00% | 70만 | 105만 | -33.33% | -",
        "다음 쪽: offset=2",
        "순위 2종목, 이력이 짧아 뺀 1종목 (조건: 거래대금 10억 이상)",
        "※ 뉴스·공시 수는 08-19 15:30 이후 것입니다.",
    ]


@pytest.mark.parametrize(
    ("period", "against"),
    [("1D", "직전 거래일의"), ("5D", "지난 5거래일 평균의"), ("20D", "지난 20거래일")],
)
async def test_the_title_says_against_what(period: str, against: str) -> None:
    found = growth(basis=TimeBasis.FULL_DAY)
    title = (await lines(GROWTH, found, period=period))[1]
    assert title.startswith(f"거래대금 증가율 순위, {against}")
    assert "하루 전체 대비" in title


async def test_floors_of_nothing_are_not_mentioned() -> None:
    shown = await lines(GROWTH, growth(), min_trading_value=0)
    assert "순위 2종목, 이력이 짧아 뺀 1종목" in shown


async def test_a_concise_table_has_fewer_columns() -> None:
    shown = await lines(GROWTH, growth(), response_format="concise")
    assert shown[2] == "순위 | 종목(코드) | 등락률 | 거래대금 | 기준 | 증가율"


async def test_a_great_growth_has_commas() -> None:
    (first, _) = growth().rows
    found = growth(rows=[replace(first, growth_rate=123.456)])
    assert "+12,345.60%" in (await lines(GROWTH, found))[3]


async def test_nothing_that_grew_is_said_so() -> None:
    found = growth(rows=[], total=0, ranked=0)
    assert "조건에 맞는 종목이 없습니다." in await lines(GROWTH, found)
