"""Then: which stocks came, in which order, with which sums."""

from itertools import pairwise

from pytest_bdd import parsers, then

from application.rank_by_trading_value import RankingQuery
from domain.listing import Market, Venue
from domain.screening import Universe
from features.steps.korean_units import won
from features.steps.questions import Answered, Asker


def names(answer: Answered) -> list[str]:
    return [row.quote.listing.name for row in answer.rows]


def sum_of(ask: Asker, universe: Universe) -> int:
    total = ask(RankingQuery(universe=universe, count=1)).totals.total
    assert total is not None
    return total


@then(parsers.parse("{count:d}종목이 거래대금이 큰 차례로 나온다"))
def in_order_of_value(count: int, answer: Answered) -> None:
    values = [row.quote.trading_value for row in answer.rows]
    assert len(values) == count
    assert all(first >= second for first, second in pairwise(values)), values


@then(parsers.parse("{count:d}종목이 거래량이 큰 차례로 나온다"))
def in_order_of_volume(count: int, answer: Answered) -> None:
    volumes = [row.quote.volume for row in answer.rows]
    assert len(volumes) == count
    assert all(first >= second for first, second in pairwise(volumes)), volumes


@then(parsers.parse("순위는 {first:d}위부터 {last:d}위까지 빠짐없이 매겨진다"))
def ranks_are_dense(first: int, last: int, answer: Answered) -> None:
    assert [row.rank for row in answer.rows] == list(range(first, last + 1))


@then(parsers.parse('"{before}"의 바로 다음은 "{after}"'), target_fixture="pair")
def follows(before: str, after: str, answer: Answered) -> tuple[int, int]:
    place = names(answer).index(before)
    assert names(answer)[place + 1] == after
    return place, place + 1


@then("두 종목의 거래대금은 같다")
def are_tied(answer: Answered, pair: tuple[int, int]) -> None:
    first, second = (answer.rows[place].quote for place in pair)
    assert first.trading_value == second.trading_value
    assert first.listing.ticker < second.listing.ticker


@then("모든 종목의 거래대금은 두 거래소 거래대금의 합과 같다")
def venues_add_up(answer: Answered) -> None:
    for row in answer.rows:
        krx, nxt = row.quote.krx_trading_value, row.quote.nxt_trading_value
        assert krx is not None, row.quote.listing.name
        assert nxt is not None, row.quote.listing.name
        assert krx + nxt == row.quote.trading_value, row.quote.listing.name


@then("합계는 두 거래소 합계보다 작다")
def less_than_both(answer: Answered, ask: Asker) -> None:
    total = answer.known.totals.total
    assert total is not None
    assert 0 < total < sum_of(ask, Universe())


@then("합계는 한국거래소 합계와 넥스트레이드 합계를 더한 값")
def is_sum_of_venues(answer: Answered, ask: Asker) -> None:
    krx = sum_of(ask, Universe(venue=Venue.KRX))
    assert answer.known.totals.total == krx + sum_of(ask, Universe(venue=Venue.NXT))


@then("합계는 코스피 합계와 코스닥 합계를 더한 값")
def is_sum_of_markets(answer: Answered, ask: Asker) -> None:
    kospi = sum_of(ask, Universe(market=Market.KOSPI))
    kosdaq = sum_of(ask, Universe(market=Market.KOSDAQ))
    assert answer.known.totals.total == kospi + kosdaq


@then("합계는 거르기 전과 같다")
def same_sum_as_unscreened(answer: Answered, ask: Asker) -> None:
    assert answer.known.totals.total == sum_of(ask, Universe())


@then(parsers.parse("{count:d}종목이 한 번씩 나온다"))
def each_once(count: int, answer: Answered) -> None:
    codes = [row.quote.listing.ticker for row in answer.pages]
    assert len(codes) == count
    assert len(set(codes)) == count


@then(parsers.parse('첫 종목은 "{name}"'))
def first_is(name: str, answer: Answered) -> None:
    assert names(answer)[0] == name


@then("모든 종목은 코스닥 종목이다")
def all_on_kosdaq(answer: Answered) -> None:
    assert answer.rows
    assert {row.quote.listing.market for row in answer.rows} == {Market.KOSDAQ}


@then(parsers.parse('"{name}" 없이 나온다'))
def is_absent(name: str, answer: Answered, ask: Asker) -> None:
    everyone = ask(RankingQuery(count=20)).rows
    assert name in [row.quote.listing.name for row in everyone], "원래 없던 종목이다"
    assert name not in names(answer)


@then("남은 종목의 앞뒤는 빼기 전과 같다")
def keeps_order(answer: Answered, ask: Asker) -> None:
    before = [row.quote.listing.name for row in ask(RankingQuery(count=100)).rows]
    assert names(answer) == [name for name in before if name in names(answer)]


@then(parsers.parse("모든 종목의 현재가는 {low}원 이상이다"))
def priced_at_least(low: str, answer: Answered) -> None:
    assert answer.rows
    assert min(row.quote.price for row in answer.rows) >= won(low)


@then(parsers.parse('"{name}"의 전체 순위는 {rank:d}위'))
def stands_at(name: str, rank: int, answer: Answered) -> None:
    assert [(row.quote.listing.name, row.rank) for row in answer.rows] == [(name, rank)]


@then(parsers.re('답 대신 "(?P<words>.+)"이?라는 안내가 나온다'))
def is_refused(words: str, answer: Answered) -> None:
    assert answer.ranking is None, "답이 나왔다"
    assert words in answer.refusal
