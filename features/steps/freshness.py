"""Then: what the answer says of itself."""

import asyncio

from pytest_bdd import parsers, then

from application.rank_by_trading_value import RankingQuery
from domain.provenance import Basis
from features.steps.questions import Answered
from features.steps.recordings import Opener


@then("답에 시뮬레이션 표시가 있다")
def says_simulated(answer: Answered) -> None:
    source = answer.known.as_of.source
    assert source.simulated
    assert source.name == "recording:bundled"


@then(parsers.parse("답은 {state} 값이다"))
def is_in_state(state: str, answer: Answered) -> None:
    assert answer.known.as_of.is_final is {"잠정": False, "확정": True}[state]


@then(parsers.parse("합계는 {early} 합계보다 크고 {late} 합계보다 작다"))
def lies_between(
    early: str,
    late: str,
    answer: Answered,
    open_recording: Opener,
    runner: asyncio.Runner,
) -> None:
    total = answer.known.totals.total
    before, after = (total_at(at, open_recording, runner) for at in (early, late))
    assert total is not None
    assert before < total < after


def total_at(at: str, open_recording: Opener, runner: asyncio.Runner) -> int:
    query = RankingQuery(count=1)
    answer = runner.run(open_recording(at).rank_by_trading_value(query))
    assert answer.totals.total is not None
    return answer.totals.total


@then("빠진 종목 없이 시장 전체를 본 답이다")
def covers_everything(answer: Answered) -> None:
    coverage = answer.known.as_of.coverage
    assert coverage is not None
    assert coverage.basis is Basis.FULL_MARKET
    assert coverage.missing == ()
    assert coverage.quoted == coverage.listed


@then("지난 거래일과 견준 순위는 비어 있다")
def has_no_movement(answer: Answered) -> None:
    assert any("rank_change" in note for note in answer.known.as_of.notes)


@then("비운 까닭이 적혀 있다")
def says_why(answer: Answered) -> None:
    notes = answer.known.as_of.notes
    reasons = [note for note in notes if "rank_change" in note]
    assert any("보관되어 있지 않아" in reason for reason in reasons), notes


@then("공식 합계는 비어 있다")
def has_no_official_totals(answer: Answered) -> None:
    totals = answer.known.totals
    assert totals.official_kospi is None
    assert totals.official_kosdaq is None
    assert any("공식 합계" in note for note in answer.known.as_of.notes)
