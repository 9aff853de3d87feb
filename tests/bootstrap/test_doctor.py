import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina.instrumentation
import structlog

from adapters.clock.system import SystemClock
from adapters.kis.facts.unasked_facts import UNASKED_FACTS
from adapters.kis.unsure_facts import FACTS
from bootstrap.cli import main
from bootstrap.doctor import broker as broker_checks
from bootstrap.doctor.report import Finding, Mark, Report, failed, fine, wrong
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import (
    APP_KEY,
    APP_SECRET,
    VIRTUAL_APP_KEY,
    VIRTUAL_APP_SECRET,
    RunningEmulator,
    running_emulator,
)
from tests.redis_server import running_redis

Doctor = Callable[..., int]


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return SimulatedMarket(stocks=200, etf=40, etn=20, nxt=50)


@pytest.fixture
def emulator(market: SimulatedMarket) -> Iterator[RunningEmulator]:
    with running_emulator(
        market=market, clock=EmulatorClock(), rate_limit=500
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def logging_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything global that a command's set-up of logging changes, put back."""
    configure = structlog.configure

    def uncached(**settings: Any) -> None:  # a cached logger would outlive this test
        configure(**{**settings, "cache_logger_on_first_use": False})

    monkeypatch.setattr(structlog, "configure", uncached)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = stamina.instrumentation.get_on_retry_hooks()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    stamina.instrumentation.set_on_retry_hooks(hooks)


@pytest.fixture
def doctor(
    emulator: RunningEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Doctor:
    """Runs the command as a rehearsal on the emulator, with settings changed."""
    monkeypatch.chdir(tmp_path)  # no .env of the checkout's
    settings = {
        "APP_ENV": "development",
        "KIS_APP_KEY": APP_KEY,
        "KIS_APP_SECRET": APP_SECRET,
        "KIS_BASE_URL": emulator.base_url,
        "KIS_MASTER_URL": emulator.base_url,
        "DATA_DIR": str(tmp_path / "data"),
        "CLOCK_AT": emulator.clock.now().isoformat(),
    }

    def run(*options: str, **changes: str) -> int:
        for name, value in {**settings, **changes}.items():
            monkeypatch.setenv(name, value)
        return main(["doctor", *options])

    return run


def line(output: str, name: str) -> str:
    """The one line of a check, from its mark on."""
    (found,) = (x for x in output.splitlines() if x[1:].startswith(f" {name}: "))
    return found


def marks(output: str) -> set[str]:
    return {x[0] for x in output.splitlines() if x[:2] in {"✔ ", "! ", "✘ "}}


def test_a_healthy_environment_has_nothing_to_mend(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor() == 0

    said = capsys.readouterr().out
    assert marks(said) == {"✔"}
    assert said.splitlines()[-1] == "고칠 것이 없습니다."
    assert "36자, KIS_APP_SECRET 180자" in line(said, "앱키")
    assert "새로 받았습니다, 11-21 10:30까지" in line(said, "접근토큰")
    assert "STOCK 200" in line(said, "종목 마스터")
    assert "ETF 40, ETN 20" in line(said, "종목 마스터")
    assert "NXT 50), 2026-11-20 파일" in line(said, "종목 마스터")
    assert "지금 정규장, 다음 거래일 2026-11-23" in line(said, "거래일")
    assert "초당 15건" in line(said, "호출 한도")


def test_a_second_doctor_shares_the_token_of_the_first(
    doctor: Doctor, emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor()
    doctor()

    assert "파일의 것을 함께" in capsys.readouterr().out
    assert emulator.token_asks == 1


def test_a_missing_key_is_named(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(KIS_APP_KEY="") == 1

    said = capsys.readouterr().err
    assert "KIS_APP_KEY: 비어 있습니다." in said
    assert "KIS_APP_SECRET: " not in said


def test_a_virtual_account_is_refused_in_its_own_words(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(KIS_ACCOUNT_TYPE="virtual") == 1
    assert "모의투자(virtual)에는 순위 조회 API가 없습니다" in capsys.readouterr().err


def test_a_virtual_key_is_told_as_one(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = {"KIS_APP_KEY": VIRTUAL_APP_KEY, "KIS_APP_SECRET": VIRTUAL_APP_SECRET}

    assert doctor("--live", **keys) == 1

    said = capsys.readouterr().out
    assert line(said, "접근토큰").startswith(
        "✘ 접근토큰: 실전투자 서버에 모의투자 앱키를 썼습니다 (EGW02004)"
        " → 모의투자 앱키로는 순위를 조회할 수 없으니 실전투자 앱키를"
    )
    assert line(said, "종목 마스터")[0] == "✔"  # one failure stops no other check
    assert "고칠 것 1개." in said.splitlines()[-1]


def test_a_wrong_secret_is_told_as_one(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(KIS_APP_SECRET="z" * 180) == 1

    said = line(capsys.readouterr().out, "접근토큰")
    assert "✘ 접근토큰: 앱시크릿이 유효하지 않습니다 (EGW00105)" in said
    assert "→ KIS_APP_SECRET 값이 KIS_APP_KEY와 짝이" in said


def test_a_key_of_an_unusual_length_is_worth_a_look(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor(KIS_APP_KEY=APP_KEY[:30])

    said = capsys.readouterr().out
    assert line(said, "앱키").startswith("! 앱키: KIS_APP_KEY 30자")


def test_a_token_asked_for_within_the_minute_says_to_wait(
    doctor: Doctor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(broker_checks, "TOKEN_SECONDS", 0.5)
    doctor()

    assert doctor(DATA_DIR=str(tmp_path / "elsewhere")) == 1

    said = capsys.readouterr().out.splitlines()
    (token,) = (x for x in said if x.startswith("✘ 접근토큰"))
    assert "발급은 1분에 한 번" in token
    assert "초 뒤 다시 시도해 주세요." in token


def test_an_unreachable_host_is_one_thing_to_mend_not_five(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"

        assert doctor("--live", KIS_BASE_URL=base) == 1

    said = capsys.readouterr().out
    assert f"✘ 증권사 서버: {base}: 연결할 수 없습니다 → " in said
    assert "KIS_BASE_URL" in line(said, "증권사 서버")
    assert "고칠 것 1개." in said.splitlines()[-1]
    assert "[1]" not in said


def test_a_folder_that_cannot_be_written_is_wrong(
    doctor: Doctor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")

    assert doctor(DATA_DIR=str(file / "data")) == 1

    said = line(capsys.readouterr().out, "DATA_DIR")
    assert said.startswith(f"✘ DATA_DIR: {file / 'data'}에 쓸 수 없습니다")
    assert "→ DATA_DIR을" in said


def test_a_redis_is_looked_at_where_one_is_set(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_redis() as (url, server):
        assert doctor(REDIS_URL=url) == 0
        assert line(capsys.readouterr().out, "Redis").startswith("✔ Redis: 127.0.0.1")
        server.stop()
        assert doctor(REDIS_URL=url) == 1
    assert "→ Redis가 켜져 있는지" in line(capsys.readouterr().out, "Redis")


def test_nothing_is_left_of_the_try_to_write(doctor: Doctor, tmp_path: Path) -> None:
    doctor()

    assert not [x for x in (tmp_path / "data").iterdir() if "doctor" in x.name]


def test_a_clock_thirty_seconds_off_is_wrong(
    doctor: Doctor, emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = emulator.clock.now().isoformat()
    emulator.clock.advance(timedelta(seconds=30))

    assert doctor(CLOCK_AT=ours) == 1

    said = line(capsys.readouterr().out, "시계")
    assert said.startswith("✘ 시계: 증권사 시각 11-20 10:30:30, 차이 -30.")
    assert "→ CLOCK_AT을 지우거나" in said


def test_production_goes_by_the_machines_own_clock(
    doctor: Doctor, emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.clock.set(SystemClock().now() - timedelta(minutes=1))
    emulator.clock.run()

    assert doctor(APP_ENV="production", CLOCK_AT="") == 1
    assert "→ 컴퓨터의 시각을" in line(capsys.readouterr().out, "시계")


def test_quotes_that_fail_are_wrong_and_leave_the_facts_unasked(
    doctor: Doctor, emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.faults.add(Kind.SERVER_ERROR, tr_id="FHKST11300006", code="EGW02004")

    assert doctor("--live") == 1

    said = capsys.readouterr().out
    assert "모의투자 앱키를 썼습니다" in line(said, "시세")
    assert line(said, "--live")[0] == "!"


@pytest.mark.slow
def test_live_prints_every_fact_once(
    doctor: Doctor, emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor("--live") == 0

    said = capsys.readouterr().out
    for fact in FACTS:
        assert said.count(f"] {fact.sentence}\n") == 1
    for unasked in UNASKED_FACTS:
        assert said.count(f"- {unasked.sentence}: 묻지 않음({unasked.reason})") == 1
    assert said.count("    판정: ") == len(FACTS)
    assert emulator.max_in_any_second() <= 15


@pytest.mark.parametrize(
    "options", [(), pytest.param(("--live",), marks=pytest.mark.slow)]
)
def test_no_secret_is_printed(
    options: tuple[str, ...],
    doctor: Doctor,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    doctor(*options, LOG_LEVEL="DEBUG")

    said = "".join(capsys.readouterr())
    (token,) = (tmp_path / "data").glob("kis-token-*.json")
    assert APP_KEY not in said
    assert APP_KEY[-8:] not in said
    assert APP_SECRET[:24] not in said
    assert token.read_text().split('"access_token":"')[1][:40] not in said


def test_a_replay_is_healthy_as_it_comes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["doctor"]) == 0

    said = capsys.readouterr().out
    assert "recording:bundled, 시뮬레이션" in line(said, "녹화본")
    assert "2026-11-20 09:05, 10:30" in line(said, "녹화본")
    assert "2,750종목" in line(said, "질문")


def test_live_on_a_replay_says_what_it_needs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIS_APP_KEY", APP_KEY)

    assert main(["doctor", "--live"]) == 0

    said = capsys.readouterr().out
    assert "APP_ENV=production" in line(said, "--live")
    assert line(said, "설정").startswith("! 설정: KIS_APP_KEY: 실행 환경이 replay")
    assert "고칠 것이 없습니다. 살펴볼 것 2개." in said


def test_a_file_that_is_no_recording_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "day.kisrec").write_bytes(b"not a recording")
    monkeypatch.setenv("REPLAY_RECORDING", "day.kisrec")

    assert main(["doctor"]) == 1
    assert line(capsys.readouterr().out, "녹화본")[0] == "✘"


def test_an_instant_before_the_recording_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPLAY_AT", "08:00")

    assert main(["doctor"]) == 1
    assert "녹화된 시점에서 골라" in line(capsys.readouterr().out, "질문")


async def test_a_check_has_a_time_limit_and_a_crash_is_a_finding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = Report((), seconds=10)

    async def hang() -> Finding:
        await asyncio.sleep(60)
        return fine("")

    async def crash() -> Finding:
        raise KeyError("secret-in-a-key")

    await report.check("느림", hang, seconds=0.01)
    await report.check("고장", crash, seconds=1)

    said = capsys.readouterr().out
    assert report.close() == 1
    assert "✘ 느림: 0초 안에 답이 없습니다" in said
    assert "✘ 고장: 예상하지 못한 오류(KeyError)" in said
    assert "secret-in-a-key" not in said


def test_an_error_of_ours_is_split_into_what_was_found_and_what_to_do() -> None:
    refused = MarketDataRefusedError("틀렸습니다. 고치세요. (X1)", code="X1")

    assert failed(refused) == wrong("틀렸습니다 (X1)", "고치세요.")
    assert failed(MarketDataUnavailableError("끊겼습니다")).mark is Mark.WRONG
