"""The answer and the text of get_investor_ranking."""

import pytest

from adapters.mcp_server.investors.output import InvestorOutput
from adapters.mcp_server.investors.present import DETAILS
from application.live_flows import MarketTotals
from domain.listing import Won
from tests.adapters.mcp_server.answers import as_of, flow, invested, investors, slotted
from tests.adapters.mcp_server.served import lines, structured
from tests.adapters.mcp_server.told import INVESTORS
from tests.builders import BEFORE, SESSION

WHY = "2026-08-20의 종목별 값은 장 마감 뒤(15:40)부터 나옵니다."


async def test_a_row_says_who_bought_and_sold_what() -> None:
    """10,000,000 ÷ 7 is 1,428,571.43; 7,000,000 of 70,000,000 is a tenth."""
    found = await structured(INVESTORS, investors())
    InvestorOutput.model_validate(found)
    assert found["ranking"][0] == {
        "rank": 1,
        "stock_code": "005930",
        "stock_name": "삼성전자",
        "market_type": "KOSPI",
        "buy_amount": 3_000_000,
        "sell_amount": 10_000_000,
        "net_amount": -7_000_000,
        "buy_volume": 3,
        "sell_volume": 7,
        "net_volume": -4,
        "average_buy_price": 1_000_000.0,
        "average_sell_price": 1_428_571.43,
        "impact_ratio": 10.0,
        "trading_value": 70_000_000,
        "current_price": 1_010,
        "change_rate": 1.0,
    }


async def test_nobody_bought_at_no_price() -> None:
    row = invested(flow=flow(0, 10_000_000, 0, 8))
    (found,) = (await structured(INVESTORS, investors(rows=(row,))))["ranking"]
    assert found["average_buy_price"] is None
    assert found["average_sell_price"] == 1_250_000.0


async def test_an_average_rounds_half_up() -> None:
    """1 ÷ 8 is 0.125."""
    row = invested(flow=flow(1, 0, 8, 0))
    (found,) = (await structured(INVESTORS, investors(rows=(row,))))["ranking"]
    assert found["average_buy_price"] == 0.13


async def test_buying_less_selling_is_net_in_every_row_and_in_the_total() -> None:
    found = await structured(INVESTORS, investors())
    for row in found["ranking"]:
        assert row["buy_amount"] - row["sell_amount"] == row["net_amount"]
    assert found["summary"] == {
        "total_buy_amount": 5_000_000_000,
        "total_sell_amount": 8_000_000_000,
        "total_net_amount": -3_000_000_000,
        "market_impact": 7.5,
        "totals_session": "2026-08-20",
        "totals_are_live": False,
    }


async def test_a_slot_has_nets_alone() -> None:
    found = await structured(INVESTORS, slotted())
    assert found["slot"] == "14:30"
    first, second = found["ranking"]
    assert (first["net_amount"], first["net_volume"]) == (-7_000_000, -4)
    for name in ("buy_amount", "sell_volume", "average_buy_price"):
        assert first[name] is None
    assert (second["net_amount"], second["impact_ratio"]) == (None, None)
    assert set(found["summary"].values()) == {None}


async def test_without_a_slot_it_is_null() -> None:
    assert (await structured(INVESTORS, investors()))["slot"] is None


async def test_concise_leaves_volumes_and_averages_null() -> None:
    found = await structured(INVESTORS, investors(), response_format="concise")
    first = found["ranking"][0]
    assert {first[name] for name in DETAILS} == {None}
    assert (first["buy_amount"], first["impact_ratio"]) == (3_000_000, 10.0)


async def test_the_table() -> None:
    shown = await lines(INVESTORS, investors())
    assert shown == [
        "2026-08-20 10:30:00 기준 · KRX+NXT · 확정",
        "외국인 순매수 상위 (코스피+코스닥 STOCK, 전체 2종목 중 2종목)",
        "순위 | 종목(코드) | 현재가 | 등락률 | 순매수 | 매수 | 매도 | 거래대금 대비",
        "1 | 삼성전자(005930) | 1,010 | +1.00% | -700만 | 300만 | 1,000만 | 10.00%",
        "2 | SK하이닉스(000660) | 1,010 | +1.00% | -700만 | 300만 | 1,000만 | 10.00%",
        "시장 합계(2026-08-20) 매수 50억 · 매도 80억 · 순매수 -30억 (거래대금의 7.50%)",
    ]


async def test_an_earlier_session_leads_with_why_it_answers() -> None:
    found = investors(
        is_earlier=True, as_of=as_of(session=BEFORE, notes=(WHY, "백만원 단위입니다."))
    )
    shown = await lines(INVESTORS, found)
    assert shown[0] == "2026-08-20 10:30:00 기준 · 2026-08-19 거래일 · KRX+NXT · 잠정"
    assert shown[1] == f"※ {WHY}"
    assert shown[2].startswith("외국인 순매수 상위")
    assert [line for line in shown if WHY in line] == [shown[1]], "said once"
    assert shown[-1] == "※ 백만원 단위입니다."
    assert (await structured(INVESTORS, found))["meta"]["notes"][0] == WHY


async def test_a_slot_leads_with_its_note_and_names_its_time() -> None:
    shown = await lines(INVESTORS, slotted())
    assert shown[1] == "※ 장중 값은 14:30 가집계입니다."
    assert shown[2].startswith("외국인 순매수 상위 14:30 가집계 (")
    assert shown[3] == "순위 | 종목(코드) | 현재가 | 등락률 | 순매수 | 거래대금 대비"
    assert shown[5].endswith(" | - | -")
    assert not any(line.startswith("시장 합계") for line in shown)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"side": "bottom"}, "외국인 순매도 상위"),
        ({"investor_type": "INSTITUTION", "trade_type": "BUY"}, "기관 매수 상위"),
        (
            {"investor_type": "INDIVIDUAL", "trade_type": "SELL", "side": "bottom"},
            "개인 매도 하위",
        ),
        ({"investor_type": "PROGRAM"}, "프로그램 순매수 상위"),
    ],
    ids=["net selling", "buying", "least selling", "program"],
)
async def test_the_title_says_who_did_what(given: dict[str, str], title: str) -> None:
    shown = await lines(INVESTORS, investors(), **given)
    assert shown[1].startswith(f"{title} (")


@pytest.mark.parametrize(
    ("trade_type", "columns"),
    [
        ("NET", "순위 | 종목(코드) | 등락률 | 순매수 | 거래대금 대비"),
        ("BUY", "순위 | 종목(코드) | 등락률 | 순매수 | 매수 | 매도 | 거래대금 대비"),
    ],
)
async def test_concise_keeps_what_is_ranked_by(trade_type: str, columns: str) -> None:
    given = {"trade_type": trade_type, "response_format": "concise"}
    assert (await lines(INVESTORS, investors(), **given))[2] == columns


async def test_live_totals_say_that_they_are_live() -> None:
    totals = MarketTotals(
        flow=flow(5_000_000_000, 5_000_000_000, 1, 1),
        trading_value=Won(0),
        session=SESSION,
        is_live=True,
    )
    shown = await lines(INVESTORS, investors(totals=totals, impact=None))
    assert shown[-1] == (
        "시장 합계(2026-08-20 실시간) 매수 50억 · 매도 50억 · 순매수 0원"
    )
