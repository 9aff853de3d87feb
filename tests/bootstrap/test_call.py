"""Asking once: over a cold broker, without a key, into any pipe."""

import json
import os
import pty
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.cli import build_parser
from tests.adapters.mcp_server.served_process import variables
from tests.bootstrap.called import called, command, environment
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

RANKING = ("call", "get_volume_ranking")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def emulator() -> Iterator[RunningEmulator]:
    """One for each test: it issues a token a minute."""
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(market=market, clock=EmulatorClock()) as running:
        yield running


def read_all(terminal: int) -> str:
    """What a terminal showed, until its last writer left."""
    shown = b""
    try:
        while chunk := os.read(terminal, 4096):
            shown += chunk
    except OSError:  # how Linux says the same
        pass
    return shown.decode()


@pytest.mark.slow
def test_a_cold_call_waits_for_its_sweep_and_says_so_on_a_terminal(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    """At a call a second: the sweep takes longer than a server's client may wait."""
    ours, theirs = pty.openpty()
    settings = {**variables(emulator, tmp_path / "data"), "KIS_RATE_LIMIT": "1"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command(*RANKING, "--offset", "20", "--count", "5", "--json"),
        cwd=tmp_path,
        env=environment(**{**settings, "LOG_LEVEL": "ERROR"}),
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = read_all(ours)
        assert process.stdout is not None
        answer = json.loads(process.stdout.read())
    os.close(ours)
    assert process.returncode == 0, shown
    assert [row["rank"] for row in answer["ranking"]] == [21, 22, 23, 24, 25]
    assert answer["meta"]["coverage"]["basis"] == "full_market"
    assert "… 시세를 모으는 중 8초, 증권사 호출 " in shown, "longer than 8 s"
    assert shown.rstrip().endswith("\x1b[K"), "cleared at the end"


@pytest.mark.slow
def test_a_plain_cold_call_answers_for_the_whole_market(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    done = called(
        tmp_path, *RANKING, "--json", **variables(emulator, tmp_path / "data")
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["meta"]["coverage"]["basis"] == "full_market"
    assert "모으는 중" not in done.stderr, "no terminal, no progress"


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"APP_ENV": "production"},
        {"APP_ENV": "nonsense"},
        {"APP_ENV": "production", "KIS_ACCOUNT_TYPE": "virtual"},
    ],
)
def test_help_needs_no_settings(tmp_path: Path, settings: dict[str, str]) -> None:
    done = called(tmp_path, *RANKING, "--help", **settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("get_volume_ranking  ")
    assert "--market " in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get_volume_ranking", "--count"), "--count: 값이 필요합니다"),
        (("get_volume_ranking", "--stocks", "--count", "1"), "--stocks: 값이 필요"),
        (("get_volume_ranking", "--=5"), "'--=5': --이름 값 꼴로"),
        (("--count", "2", "get_volume_ranking"), "앞에 도구 이름을 적어 주세요"),
        (("get_ranking",), "get_ranking"),
    ],
)
def test_a_wrong_command_gets_one_line_and_exit_code_2(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = called(tmp_path, "call", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_names_may_be_typed_in_lower_case(tmp_path: Path) -> None:
    words = ("--market", "kospi", "--kinds", "etf,etn", "--count", "1", "--json")
    done = called(tmp_path, *RANKING, *words)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["market"], answer["kinds"]) == ("KOSPI", ["ETF", "ETN"])


@pytest.mark.slow
def test_the_helps_examples_of_asking_work_as_they_stand(tmp_path: Path) -> None:
    lines = (build_parser().epilog or "").splitlines()
    examples = [shlex.split(x)[1:] for x in lines if "volume-ranking call" in x]
    assert len(examples) == 2
    for words in examples:
        done = called(tmp_path, *words)
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("words", [RANKING, (*RANKING, "--help"), ("--help",)])
def test_a_reader_that_leaves_ends_it_quietly(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """As ``| head -1``: code 141 is what a shell counts for a closed pipe."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command(*words),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
    assert (process.returncode, complaints) == (141, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize("words", [RANKING, ("doctor",), ("--version",)])
def test_what_cannot_be_written_is_one_line(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command(*words),
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("쓰거나 읽지 못했습니다(No space left on device)")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("locale", [ASCII, {"PYTHONIOENCODING": "ascii"}])
@pytest.mark.parametrize("words", [RANKING, (*RANKING, "--count"), ("--help",)])
def test_a_locale_without_hangul_gets_question_marks(
    tmp_path: Path, words: tuple[str, ...], locale: dict[str, str]
) -> None:
    done = called(tmp_path, *words, **locale)
    assert done.returncode == (2 if "--count" in words else 0)
    assert "?" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
