"""When: what is asked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from pytest_bdd import parsers, when

from application.rank_by_trading_value import (
    RankedStock,
    RankingQuery,
    TradingValueRanking,
)
from application.use_cases import UseCases
from domain.errors import InvalidRequestError
from domain.listing import Flag, Kind, Market, Venue, Won
from domain.ranking import Measure
from domain.screening import Screen, Universe
from features.steps.korean_units import won

VENUES = {"한국거래소": Venue.KRX, "넥스트레이드": Venue.NXT}


@dataclass
class Answered:
    """What came of the question."""

    ranking: TradingValueRanking | None = None
    refusal: str = ""
    pages: list[RankedStock] = field(default_factory=list)

    @property
    def rows(self) -> tuple[RankedStock, ...]:
        assert self.ranking is not None, f"답이 아니라 안내가 나왔다: {self.refusal}"
        return self.ranking.rows

    @property
    def known(self) -> TradingValueRanking:
        assert self.ranking is not None, f"답이 아니라 안내가 나왔다: {self.refusal}"
        return self.ranking


Asker = Callable[[RankingQuery], TradingValueRanking]


@pytest.fixture
def ask(runner: asyncio.Runner, use_cases: UseCases) -> Asker:
    """Asks the use case and waits."""
    return lambda query: runner.run(use_cases.rank_by_trading_value(query))


def asked(ask: Asker, make: Callable[[], RankingQuery]) -> Answered:
    """The answer, or the guidance given instead."""
    try:
        return Answered(ranking=ask(make()))
    except InvalidRequestError as error:
        return Answered(refusal=str(error))


@when(parsers.parse("거래대금 상위 {count:d}종목을 조회하면"), target_fixture="answer")
def by_value(count: int, ask: Asker) -> Answered:
    return asked(ask, lambda: RankingQuery(count=count))


@when(parsers.parse("거래량 상위 {count:d}종목을 조회하면"), target_fixture="answer")
def by_volume(count: int, ask: Asker) -> Answered:
    return asked(ask, lambda: RankingQuery(count=count, by=Measure.VOLUME))


@when(
    parsers.parse("{venue}에서 거래대금 상위 {count:d}종목을 조회하면"),
    target_fixture="answer",
)
def at_venue(venue: str, count: int, ask: Asker) -> Answered:
    universe = Universe(venue=VENUES[venue])
    return asked(ask, lambda: RankingQuery(universe=universe, count=count))


@when(
    parsers.parse("코스닥 거래대금 상위 {count:d}종목을 조회하면"),
    target_fixture="answer",
)
def on_kosdaq(count: int, ask: Asker) -> Answered:
    universe = Universe(market=Market.KOSDAQ)
    return asked(ask, lambda: RankingQuery(universe=universe, count=count))


@when(
    parsers.parse("ETF 거래대금 상위 {count:d}종목을 조회하면"), target_fixture="answer"
)
def of_etfs(count: int, ask: Asker) -> Answered:
    universe = Universe(kinds=frozenset({Kind.ETF}))
    return asked(ask, lambda: RankingQuery(universe=universe, count=count))


@when(
    parsers.parse("우선주를 빼고 거래대금 상위 {count:d}종목을 조회하면"),
    target_fixture="answer",
)
def without_preferred(count: int, ask: Asker) -> Answered:
    screen = Screen(exclude=Flag.PREFERRED)
    return asked(ask, lambda: RankingQuery(screen=screen, count=count))


@when(
    parsers.parse("주가 {low}원 이상으로 거래대금 상위 {count:d}종목을 조회하면"),
    target_fixture="answer",
)
def priced_from(low: str, count: int, ask: Asker) -> Answered:
    screen = Screen(min_price=Won(won(low)))
    return asked(ask, lambda: RankingQuery(screen=screen, count=count))


@when(
    parsers.parse("주가 {low}원 이상 {high}원 이하로 거래대금 순위를 조회하면"),
    target_fixture="answer",
)
def priced_between(low: str, high: str, ask: Asker) -> Answered:
    return asked(
        ask,
        lambda: RankingQuery(
            screen=Screen(min_price=Won(won(low)), max_price=Won(won(high)))
        ),
    )


@when(parsers.parse('"{name}"의 순위를 조회하면'), target_fixture="answer")
def of_stock(name: str, ask: Asker) -> Answered:
    return asked(ask, lambda: RankingQuery(stocks=(name,)))


@when(
    parsers.parse("거래대금 순위를 {count:d}종목씩 끝까지 읽으면"),
    target_fixture="answer",
)
def read_to_the_end(count: int, ask: Asker) -> Answered:
    query = RankingQuery(count=count)
    page = ask(query)
    rows = list(page.rows)
    while page.next_offset is not None:
        page = ask(replace(query, offset=page.next_offset))
        rows += page.rows
    return Answered(ranking=page, pages=rows)
