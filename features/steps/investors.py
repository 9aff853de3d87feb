"""When and then: who buys and who sells."""

import asyncio
from datetime import time
from itertools import pairwise

import pytest
from pytest_bdd import parsers, then, when

from application.rank_by_investor import InvestorQuery, InvestorRanking
from application.use_cases import UseCases
from domain.errors import MarketDataUnavailableError
from domain.investors import Investor
from features.steps.questions import Answered

INVESTORS = {
    "외국인": Investor.FOREIGN,
    "기관": Investor.INSTITUTION,
    "프로그램": Investor.PROGRAM,
}


@pytest.fixture
def flows() -> list[InvestorRanking]:
    """The answers that came."""
    return []


@when(
    parsers.parse("{investor} 순매수 상위 {count:d}종목을 조회하면"),
    target_fixture="answer",
)
def by_investor(
    investor: str,
    count: int,
    flows: list[InvestorRanking],
    runner: asyncio.Runner,
    use_cases: UseCases,
) -> Answered:
    query = InvestorQuery(investor=INVESTORS[investor], count=count)
    try:
        flows.append(runner.run(use_cases.rank_by_investor(query)))
    except MarketDataUnavailableError as error:
        return Answered(refusal=str(error))
    return Answered()


@then(parsers.parse("{count:d}종목이 순매수가 큰 차례로 나온다"))
def in_order_of_net(count: int, flows: list[InvestorRanking]) -> None:
    (ranking,) = flows
    nets = [row.net_amount or 0 for row in ranking.rows]
    assert len(nets) == count
    assert all(first >= second > 0 for first, second in pairwise(nets)), nets


@then(parsers.parse("{slot} 입력분까지의 가집계이고 매수와 매도는 비어 있다"))
def is_of_slot(slot: str, flows: list[InvestorRanking]) -> None:
    (ranking,) = flows
    assert ranking.slot == time.fromisoformat(slot)
    assert {row.flow for row in ranking.rows} == {None}


@then("순매수는 매수에서 매도를 뺀 값")
def is_bought_less_sold(flows: list[InvestorRanking]) -> None:
    (ranking,) = flows
    for row in ranking.rows:
        assert row.flow is not None, row.quote.listing.name
        assert row.flow.buy_amount - row.flow.sell_amount == row.net_amount
