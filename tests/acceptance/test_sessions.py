"""Mornings, weekends, holidays and odd days: whose figures answer, and how marked."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.acceptance.expected import Expected
from tests.acceptance.served import ROOT, Answer, Served, environment, served
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.days import TradingDays
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

pytestmark = pytest.mark.slow

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
EXAM_DAY = date(2026, 11, 19)


def market(
    *,
    days: TradingDays | None = None,
    late_reset: dict[str, time] | None = None,
    shifts: dict[date, timedelta] | None = None,
) -> SimulatedMarket:
    """A small market of the same stocks, whatever its days are like."""
    return SimulatedMarket(
        stocks=150,
        etf=4,
        etn=4,
        nxt=40,
        days=days,
        late_reset=late_reset,
        shifts=shifts,
    )


@pytest.fixture(scope="module")
def plain() -> SimulatedMarket:
    return market()


@contextmanager
def serving(
    market: SimulatedMarket, day: date, clock: str, folder: Path
) -> Iterator[tuple[Served, RunningEmulator]]:
    """A product and a broker at one instant."""
    at = datetime.combine(day, time.fromisoformat(clock), KST)
    with (
        running_emulator(market=market, clock=EmulatorClock(at)) as broker,
        served(broker, folder, UPKEEP="false") as product,
    ):
        yield product, broker


@pytest.fixture(scope="module")
def friday(
    plain: SimulatedMarket, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Answer], int]:
    """What Friday evening left on disk, its answers, and the calls after the first."""
    folder = tmp_path_factory.mktemp("friday") / "data"
    with serving(plain, FRIDAY, "20:30", folder) as (product, broker):
        answers = [product.whole(count=100)]
        broker.reset_log()
        venues = ("ALL", "KRX", "NXT")
        answers += [product.ask(venue=venue, count=100) for venue in venues]
        calls = len(broker.calls())
    return folder, answers, calls


@pytest.fixture
def kept(friday: tuple[Path, list[Answer], int], tmp_path: Path) -> Path:
    """A copy of what Friday evening left."""
    return Path(shutil.copytree(friday[0], tmp_path / "kept"))


def rows_at(market: SimulatedMarket, day: date, clock: str) -> list[dict[str, object]]:
    at = datetime.combine(day, time.fromisoformat(clock), KST)
    return Expected(market, at).ranking()[:100]


def label(answer: Answer) -> tuple[str, bool, str]:
    meta = answer["meta"]
    return meta["session"], meta["is_final"], meta["phase"]


def test_after_the_final_figures_nothing_is_called(
    plain: SimulatedMarket, friday: tuple[Path, list[Answer], int]
) -> None:
    _, answers, calls = friday
    assert calls == 0
    assert {label(answer) for answer in answers} == {("2026-11-20", True, "final")}
    assert answers[1]["ranking"] == rows_at(plain, FRIDAY, "20:30")
    assert "확정" in answers[1].text.splitlines()[0]


def test_before_the_open_the_last_final_frame_kept_answers(
    plain: SimulatedMarket, kept: Path
) -> None:
    with serving(plain, MONDAY, "08:45", kept) as (product, broker):
        answer = product.ask(count=100)
        assert not broker.calls("FHKST11300006")
    assert label(answer) == ("2026-11-20", True, "regular")  # NXT's, since 08:00
    assert answer["ranking"] == rows_at(plain, FRIDAY, "20:30")
    assert "2026-11-20" in answer.text.splitlines()[0]


def test_before_the_open_without_a_frame_the_error_names_the_opening(
    plain: SimulatedMarket, tmp_path: Path
) -> None:
    with serving(plain, MONDAY, "08:45", tmp_path / "data") as (product, _):
        answer = product.ask()
    assert answer.is_error
    assert "09:00" in answer.text
    assert "retry_after" in answer.text
    assert "\n" not in answer.text


@pytest.mark.parametrize(
    ("day", "session"),
    [
        (date(2026, 11, 21), FRIDAY),
        (date(2026, 12, 25), date(2026, 12, 24)),
        (date(2026, 12, 31), date(2026, 12, 30)),
    ],
    ids=["a Saturday", "Christmas", "the year's last day"],
)
def test_a_day_without_trading_shows_the_last_sessions_final_figures(
    plain: SimulatedMarket, tmp_path: Path, day: date, session: date
) -> None:
    with serving(plain, day, "11:00", tmp_path / "data") as (product, _):
        answer = product.whole(count=100)
    assert label(answer) == (session.isoformat(), True, "holiday")
    assert not answer["meta"]["stale"]
    assert answer["ranking"] == rows_at(plain, session, "23:59")


@pytest.mark.parametrize("warmth", ["cold", "warm"])
def test_an_unlisted_holiday_shows_the_last_session_and_says_so(
    plain: SimulatedMarket, kept: Path, tmp_path: Path, warmth: str
) -> None:
    closed = market(days=TradingDays(unlisted_holidays=[MONDAY]))
    folder = kept if warmth == "warm" else tmp_path / "cold"
    with serving(closed, MONDAY, "11:00", folder) as (product, _):
        answers = [product.ask(count=100), product.whole(count=100)]
    for answer in answers:
        assert answer["meta"]["session"] == "2026-11-20"
        truth = rows_at(plain, FRIDAY, "20:30")
        assert answer["ranking"] == truth[: len(answer["ranking"])]
        assert any("2026-11-23" in note for note in answer["meta"]["notes"])
    assert len(answers[1]["ranking"]) == 100


def test_on_the_exam_day_the_market_opens_at_ten(tmp_path: Path) -> None:
    late = market(shifts={EXAM_DAY: timedelta(hours=1)})
    with serving(late, EXAM_DAY, "09:30", tmp_path / "early") as (product, _):
        before = product.ask(venue="KRX")
    with serving(late, EXAM_DAY, "15:45", tmp_path / "late") as (product, _):
        after = product.whole(venue="KRX", count=100)
    assert before.is_error
    assert "10:00" in before.text
    assert label(after) == ("2026-11-19", False, "regular")
    at = datetime.combine(EXAM_DAY, time(15, 45), KST)
    assert after["ranking"] == Expected(late, at).ranking(venue="KRX")[:100]


def test_while_one_market_is_reset_late_the_kept_session_answers_marked(
    plain: SimulatedMarket, kept: Path
) -> None:
    late = market(late_reset={"KOSDAQ": time(9, 20)})
    with serving(late, MONDAY, "09:10", kept) as (product, _):
        answer = product.ask(count=100)
    assert answer.seconds < 10
    assert answer["meta"]["stale"]
    assert answer["meta"]["session"] == "2026-11-20"
    assert answer["ranking"] == rows_at(plain, FRIDAY, "20:30")


def test_a_late_reset_is_told_and_over_the_answer_is_todays(tmp_path: Path) -> None:
    late = market(late_reset={"KOSDAQ": time(9, 20)})
    with serving(late, MONDAY, "09:10", tmp_path / "data") as (product, broker):
        early = product.ask(venue="KRX")
        broker.clock.set(datetime.combine(MONDAY, time(9, 25), KST))
        answer = product.whole(venue="KRX", count=100)
    assert early.is_error
    assert early.seconds < 10
    assert "\n" not in early.text
    assert label(answer) == ("2026-11-23", False, "regular")
    at = datetime.combine(MONDAY, time(9, 25), KST)
    assert answer["ranking"] == Expected(late, at).ranking(venue="KRX")[:100]


def test_the_clock_starts_where_it_is_told_and_runs_on(
    plain: SimulatedMarket, tmp_path: Path
) -> None:
    at = datetime(2026, 11, 20, 13, 0, tzinfo=KST)
    with (
        running_emulator(market=plain, clock=EmulatorClock(at)) as broker,
        served(broker, tmp_path / "data", CLOCK_AT="2026-11-20T13:00") as product,
    ):
        first, second = product.whole(), product.ask(kinds=["ETF"])
    instants = [datetime.fromisoformat(x["timestamp"]) for x in (first, second)]
    assert at < instants[0] < instants[1] < at + timedelta(seconds=30)
    assert first["timestamp"].endswith("+09:00")


def test_production_refuses_a_moved_clock(tmp_path: Path) -> None:
    with running_emulator(market=market()) as broker:
        variables = environment(broker, tmp_path / "data", APP_ENV="production")
        ended = subprocess.run(
            [sys.executable, "-m", "bootstrap.cli", "serve"],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            timeout=20,
            check=False,
        )
    assert ended.returncode == 2
    assert b"CLOCK_AT" in ended.stderr
    assert not ended.stdout
