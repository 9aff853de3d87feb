from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from typing_extensions import override

from adapters.kis.facts.asking import Asking, Continued
from adapters.kis.facts.fact import Answer, Verdict
from adapters.kis.facts.unasked_facts import UNASKED_FACTS
from adapters.kis.transport import KisRequest
from adapters.kis.unsure_facts import FACTS, ask_fact
from application.ports.calendar import TradingCalendar
from domain.errors import MarketDataUnavailableError
from domain.listing import Venue
from domain.session import KST, TradingSession
from tests.adapters.kis.fakes import HandClock, ScriptedTransport, failed, good
from tests.adapters.kis.wired import wired
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator


class EmulatedCalendar(TradingCalendar):
    """The emulator's own days."""

    days = TradingDays()

    @override
    def session_on(self, day: date) -> TradingSession | None:
        return TradingSession(day) if self.days.is_session(day) else None

    @override
    def latest(self, at: datetime, venue: Venue) -> TradingSession:
        return TradingSession(self.days.latest(at.date()))

    @override
    def previous(self, day: date) -> TradingSession:
        return TradingSession(self.days.previous(day))

    @override
    def next(self, day: date) -> TradingSession:
        return TradingSession(self.days.next(day))


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=200, etf=40, etn=20, nxt=50)


@pytest.fixture
def emulator(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


@asynccontextmanager
async def asking_of(emulator: RunningEmulator, folder: Path) -> AsyncIterator[Asking]:
    async with wired(emulator.base_url, folder, emulator.clock) as wire:
        yield Asking(
            wire.transport,
            continued=wire.transport,
            clock=emulator.clock,
            calendar=EmulatedCalendar(),
        )


async def answer_to(words: str, emulator: RunningEmulator, folder: Path) -> Answer:
    """The answer to the one fact whose sentence holds these words."""
    (fact,) = (fact for fact in FACTS if words in fact.sentence)
    async with asking_of(emulator, folder) as asking:
        return await ask_fact(fact, asking)


async def test_every_fact_gets_an_answer_by_day(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    async with asking_of(emulator, tmp_path) as asking:
        answers = [await ask_fact(fact, asking) for fact in FACTS]

    assert len(answers) == len(FACTS)
    assert Verdict.UNANSWERED not in {answer.verdict for answer in answers}
    assert all(answer.said for answer in answers)


def test_no_fact_is_named_twice() -> None:
    sentences = [fact.sentence for fact in FACTS]
    sentences += [unasked.sentence for unasked in UNASKED_FACTS]

    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("없는 종목코드", "inter_shrn_iscd='999990' inter2_prpr='0'"),
        ("상장폐지", "inter_shrn_iscd='117930' inter2_prpr='0'"),
        ("업종지수", "U: HTTP 200 rt_cd=0 MCA00000 구분명='업종'"),
        ("넥스트레이드에 없는", "이 종목 1줄"),
        ("시장 구분이 틀리면", "HTTP 200 rt_cd=2 OPSQ2001"),
        ("시장 필터", "1001: HTTP 200 rt_cd=0 MCA00000 30줄 중 그 시장 30줄"),
        ("제외 자리", "0000001100: MCA00000 30줄(ETF·ETN 0"),
        ("다음 쪽", "첫 쪽과 같은 종목 30"),
        ("오늘의 일봉", "stck_bsop_date='20261120'"),
        ("빈 목록", "0줄"),
        ("EN은 ETN", "'EN': 20"),
        ("zip 안의 시각", "nxt_kosdaq_code: 11-20 07:30"),
        ("지난 거래일의 분봉", "stck_cntg_hour='090500'"),
        ("ETN의 현재가", "eps='' bps=''"),
        ("업종 일자별지수", "20261119부터 100줄"),
        ("업종 구분별", "마스터에만 있는 업종 0개"),
        ("업종코드 파일", "'0009': '제약'"),
        ("뉴스 제목은", "그 종목코드를 단 줄"),
    ],
)
async def test_what_the_broker_does_as_assumed_is_said_to_agree(
    words: str, said: str, emulator: RunningEmulator, tmp_path: Path
) -> None:
    answer = await answer_to(words, emulator, tmp_path)

    assert answer.verdict is Verdict.AGREES
    assert said in answer.said


async def test_a_final_newline_differs_from_the_recorded_sample(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    answer = await answer_to("줄바꿈", emulator, tmp_path)

    assert answer.verdict is Verdict.DIFFERS
    assert "kospi_code: b'N\\n'" in answer.said


@pytest.mark.parametrize("words", ["소문자", "같은 종목을 두 번"])
async def test_where_nothing_was_assumed_the_answer_is_only_noted(
    words: str, emulator: RunningEmulator, tmp_path: Path
) -> None:
    answer = await answer_to(words, emulator, tmp_path)

    assert answer.verdict is Verdict.LEARNED


@pytest.mark.parametrize("words", ["KRX 시간외", "개장 전 순위"])
async def test_what_shows_at_other_hours_is_undecided_and_says_when(
    words: str, emulator: RunningEmulator, tmp_path: Path
) -> None:
    answer = await answer_to(words, emulator, tmp_path)

    assert answer.verdict is Verdict.UNDECIDED
    assert "다시 실행하면" in answer.said


@pytest.mark.parametrize("words", ["개장 전 순위", "오늘의 일봉"])
async def test_before_the_open_the_morning_is_judged(
    words: str, emulator: RunningEmulator, tmp_path: Path
) -> None:
    emulator.clock.set(datetime(2026, 11, 20, 8, 0, tzinfo=KST))

    answer = await answer_to(words, emulator, tmp_path)

    assert answer.verdict is Verdict.AGREES


async def test_a_ranking_without_rows_before_the_open_is_reported_as_reset(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    emulator.clock.set(datetime(2026, 11, 20, 8, 50, tzinfo=KST))

    ranking = await answer_to("개장 전 순위", emulator, tmp_path)
    unknown = await answer_to("없는 종목코드", emulator, tmp_path)

    assert ranking.verdict is Verdict.DIFFERS
    assert "비어" in ranking.said
    assert unknown.verdict is Verdict.AGREES  # asked beside yesterday's heaviest


async def test_a_market_filter_without_effect_differs(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    stock = next(x.code for x in emulator.truth.listings() if x.market == "KOSDAQ")
    emulator.faults.add(
        Kind.SET_FIELDS, tr_id="FHPST01710000", fields={"mksc_shrn_iscd": stock}
    )

    answer = await answer_to("시장 필터", emulator, tmp_path)

    assert answer.verdict is Verdict.DIFFERS
    assert "0001: HTTP 200 rt_cd=0 MCA00000 30줄 중 그 시장 0줄" in answer.said


async def test_a_fact_that_fails_does_not_stop_the_next(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    emulator.faults.add(Kind.SERVER_ERROR, path="/kospi_code.mst.zip", status=503)

    unknown = await answer_to("없는 종목코드", emulator, tmp_path)
    division = await answer_to("시장 구분이 틀리면", emulator, tmp_path)

    assert unknown.verdict is Verdict.UNANSWERED
    assert division.verdict is Verdict.AGREES


async def test_masters_that_failed_are_not_tried_again(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    emulator.faults.add(Kind.HTML, path="/kospi_code.mst.zip", count=1)
    async with asking_of(emulator, tmp_path) as asking:
        answers = [await ask_fact(fact, asking) for fact in FACTS]

    unanswered = [x.said for x in answers if x.verdict is Verdict.UNANSWERED]
    assert set(unanswered[1:]) == {"마스터 파일을 받지 못했습니다."}
    assert len(unanswered) < len(answers)


async def test_a_refusal_for_speed_is_tried_again() -> None:
    transport = ScriptedTransport([failed("EGW00201"), good(output=[])])
    asking = Asking(
        transport,
        continued=transport,
        clock=HandClock(),
        calendar=EmulatedCalendar(),
    )

    answer = await asking.ranking()

    assert (answer.code, len(transport.requests)) == ("MCA00000", 2)


async def test_silence_is_no_answer() -> None:
    transport = ScriptedTransport([MarketDataUnavailableError("연결할 수 없습니다.")])
    asking = Asking(
        transport,
        continued=transport,
        clock=HandClock(),
        calendar=EmulatedCalendar(),
    )

    answer = await ask_fact(FACTS[0], asking)

    assert answer == Answer(Verdict.UNANSWERED, "연결할 수 없습니다.")


async def test_the_next_page_is_asked_for_in_a_header() -> None:
    transport = ScriptedTransport([good(output=[])])
    request = KisRequest(path="/x", tr_id="X", headers={"appkey": "k"})

    await Continued(transport).exchange(request)

    assert transport.requests[0].headers == {"appkey": "k", "tr_cont": "N"}
