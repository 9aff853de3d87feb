"""Evidence gathered for shown rows: what is asked, how often, and what is said."""

import asyncio
from datetime import date

from application.gather_evidence import Gathered
from domain.causes import UNKNOWN, Cause
from domain.investors import Flow
from domain.listing import Shares, Won
from tests.application.evidence_scene import (
    IMPATIENT,
    PATIENT,
    EvidenceScene,
    halted,
    now_of,
    told,
)
from tests.application.scene import settled
from tests.builders import BEFORE, at, row

A, B, C = "000010", "000020", "000030"
QUIET = {A: row(1_000_000), B: row(1_000_000), C: row(1_000_000)}
MOVED = row(1_000_000, price=1_100, base=1_000, high=1_100, low=1_000)


def causes(gathered: Gathered, at_row: int = 0) -> list[Cause]:
    return [reason.cause for reason in gathered.reasons[at_row]]


async def test_titles_since_the_close_before_are_a_reason() -> None:
    scene = EvidenceScene()
    scene.asked.titles = {A: [told(f"종목{A}, 신제품 공개")]}

    gathered = await scene.gather(now_of(QUIET), [0, 1], PATIENT)

    assert causes(gathered, 0) == [Cause.NEWS_COVERAGE]
    assert gathered.reasons[1] == (UNKNOWN,)
    assert scene.asked.windows[0] == (at("15:30", BEFORE), at("10:30"))


async def test_a_title_after_the_frame_explains_nothing() -> None:
    scene = EvidenceScene()
    scene.asked.titles = {A: [told(f"종목{A}, 신제품 공개", "10:32")]}

    gathered = await scene.gather(now_of(QUIET, clock="10:31"), [0], PATIENT)

    assert gathered.reasons[0] == (UNKNOWN,)


async def test_what_comes_late_is_said_and_is_there_the_next_time() -> None:
    scene = EvidenceScene()
    scene.asked.titles = {A: [told(f"종목{A}, 신제품 공개")]}
    scene.asked.gate = asyncio.Event()

    late = await scene.gather(now_of(QUIET), [0], IMPATIENT)
    before = scene.gather.version
    scene.asked.gate.set()
    await settled()
    later = await scene.gather(now_of(QUIET), [0], PATIENT)

    assert late.reasons[0] == (UNKNOWN,)
    assert late.incomplete == {0}
    assert "제때 받지 못해(뉴스·공시 1종목, 수급 1종목)" in late.notes[0]
    assert scene.gather.version > before
    assert causes(later) == [Cause.NEWS_COVERAGE]
    assert not later.incomplete
    assert scene.asked.calls.count(("headlines", A)) == 1


async def test_equal_questions_at_once_are_asked_once() -> None:
    scene = EvidenceScene()
    shown = now_of(QUIET)

    await asyncio.gather(*(scene.gather(shown, [0, 1], PATIENT) for _ in range(5)))

    assert sorted(scene.asked.calls) == sorted(
        (method, code) for method in ("headlines", "entered_nets") for code in (A, B)
    )


async def test_calls_of_one_question_are_bounded_and_the_first_rows_come_first() -> (
    None
):
    scene = EvidenceScene(most_calls=7)  # three calls a row that did not move

    first = await scene.gather(now_of(QUIET), [2, 0, 1], PATIENT)
    asked_first = {code for _, code in scene.asked.calls}
    second = await scene.gather(now_of(QUIET), [2, 0, 1], PATIENT)

    assert asked_first == {A, C}
    assert first.incomplete == {1}
    assert not second.incomplete


async def test_a_source_that_fails_is_told_and_harms_no_other() -> None:
    scene = EvidenceScene()
    scene.asked.failing = {"headlines"}
    scene.asked.halts = {A: [halted("10:12")]}

    gathered = await scene.gather(now_of({**QUIET, A: MOVED}), [0], PATIENT)

    assert causes(gathered) == [Cause.VOLATILITY_INTERRUPTION]
    assert "뉴스·공시 1종목" in gathered.notes[0]


async def test_only_a_price_that_moved_is_asked_of_for_interruptions() -> None:
    scene = EvidenceScene()

    await scene.gather(now_of({**QUIET, A: MOVED}), [0, 1], PATIENT)

    assert [x for x in scene.asked.calls if x[0] == "interruptions"] == [
        ("interruptions", A)
    ]


async def test_nets_and_programs_of_today_are_held_against_the_trading_value() -> None:
    scene = EvidenceScene()
    scene.asked.nets = {A: 150}  # at 1,000 won 15 % of 1,000,000
    scene.investors.programs = {
        B: Flow(
            buy_amount=Won(300_000),
            sell_amount=Won(100_000),
            buy_volume=Shares(300),
            sell_volume=Shares(100),
        )
    }

    gathered = await scene.gather(now_of(QUIET), [0, 1], PATIENT)

    (foreign,), (program,) = gathered.reasons[0], gathered.reasons[1]
    assert (foreign.cause, foreign.confidence) == (Cause.FOREIGN_BUYING, 0.55)
    assert foreign.evidence[0].at == at("09:30")
    assert (program.cause, program.confidence) == (Cause.PROGRAM_TRADING, 0.6)


async def test_a_past_session_without_kept_flows_says_so_and_asks_none() -> None:
    scene = EvidenceScene()

    past = now_of(QUIET, session=BEFORE, clock="20:10")
    gathered = await scene.gather(past, [0], PATIENT)

    assert "투자자별 매매가 보관되어 있지 않아" in " ".join(gathered.notes)
    assert {method for method, _ in scene.asked.calls} == {"headlines"}
    assert scene.asked.windows == [
        (at("15:30", date(2026, 8, 18)), at("15:30", BEFORE))
    ]


async def test_without_a_past_that_is_said() -> None:
    gathered = await EvidenceScene().gather(now_of(QUIET), [0], PATIENT)

    assert "지난 거래일 시세가 보관되어 있지 않아" in " ".join(gathered.notes)


async def test_no_rows_cost_nothing() -> None:
    scene = EvidenceScene()

    assert await scene.gather(now_of(QUIET), [], PATIENT) == Gathered(reasons={})
    assert not scene.asked.calls


async def test_a_market_that_surges_is_a_reason_of_all_its_stocks() -> None:
    scene = EvidenceScene()
    codes = ["005930", "000660"]
    for day in scene.sessions_before(12):
        scene.archived(dict.fromkeys(codes, 1_000), day=day)
    shown = now_of(dict.fromkeys(codes, row(5_000)))
    market = shown.listings[0].market

    gathered = await scene.gather(shown, [0, 1], PATIENT, market_factors={market: 2.5})

    assert causes(gathered, 0) == causes(gathered, 1) == [Cause.MARKET_MOVE]
    assert "2.5배" in gathered.reasons[0][0].evidence[0].text


async def test_a_year_that_was_not_read_is_said() -> None:
    gathered = await EvidenceScene().gather(now_of(QUIET), [0, 1], PATIENT)

    assert "2종목은 52주 최고·최저가를 아직 읽지 못해" in " ".join(gathered.notes)
