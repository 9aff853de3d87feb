"""``backfill``: what it prints, how it ends, and how it is stopped."""

import asyncio
import logging
import os
import pty
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.telemetry.stderr import StderrHandler
from application.progress import Progress, Stage
from bootstrap.backfill import run_backfill
from bootstrap.backfill_progress import shown
from bootstrap.backfill_text import line_text
from bootstrap.cli import main
from domain.errors import MarketDataRefusedError, MarketDataUnavailableError
from domain.listing import Venue
from tests.application.past_scene import Past
from tests.application.test_harvest_session import Close
from tests.bootstrap.called import called
from tests.builders import SESSION

BROKEN = MarketDataUnavailableError("증권사가 답하지 않습니다.")
GO_ON = "이어서 하려면 같은 명령을 다시"


async def test_it_prints_what_was_filled_and_what_it_took(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await run_backfill(Past().fill, 3) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "채운 거래일: KRX 3거래일(2026-08-18~2026-08-20), "
        "NXT 3거래일(2026-08-18~2026-08-20). 종목 5개"
    )
    # By hand in the test of the use case: 6, 6.000003 and 15.000006 of 12 million.
    assert lines[1] == (
        "공식 거래대금에 견준 비율: 중앙값 50.0%, 최저 50.0%(2026-08-18), 3거래일"
    )
    assert lines[2].startswith("증권사 호출 7건, 0초, 초당 ")


async def test_the_brokers_own_count_of_calls_is_shown_where_there_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    past = Past()
    await run_backfill(past.fill, 3, calls=lambda: 100 + len(past.bars.asked) * 2)
    assert "증권사 호출 14건" in capsys.readouterr().out


async def test_failed_codes_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    past = Past()
    past.bars.fails["000003"] = 99
    assert await run_backfill(past.fill, 3) == 0
    assert "읽지 못한 종목(KRX) 1개: 000003\n" in capsys.readouterr().out


async def test_nothing_to_fill_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    past = Past()
    await run_backfill(past.fill, 3)
    capsys.readouterr()
    await run_backfill(past.fill, 3)
    assert capsys.readouterr().out == (
        "최근 3거래일에 더 채울 것이 없습니다.\n증권사를 부르지 않았습니다. 0초\n"
    )


async def test_flows_follow_where_they_are_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    close = Close()
    close.clock.set("21:00")
    assert await run_backfill(Past().fill, 3, harvest=close.harvest) == 0
    printed = capsys.readouterr().out
    assert (
        f"투자자별(KRX, {SESSION} 확정): 3종목 가운데 3종목, 프로그램 3종목" in printed
    )
    assert "증권사 호출 15건" in printed, "seven for bars, eight for flows"


@pytest.mark.parametrize(
    "error", [BROKEN, MarketDataRefusedError("앱키가 틀립니다.", code="EGW00103")]
)
async def test_a_broker_that_fails_ends_it_with_what_to_do(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    past = Past()
    past.bars.error = error
    past.bars.fails.update(dict.fromkeys(past.quotes.listed.row_of, 99))
    assert await run_backfill(past.fill, 3) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(error) in printed.err
    assert GO_ON in printed.err


def stopping(past: Past, number: int) -> None:
    """Sends the signal to this process while the first call is under way."""
    hold = asyncio.Event()
    original = past.bars.daily_bars

    async def slow(*words: object) -> object:
        os.kill(os.getpid(), number)
        await hold.wait()
        return await original(*words)  # type: ignore[arg-type]

    past.bars.daily_bars = slow  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    past, before = Past(), asyncio.all_tasks()
    stopping(past, number)
    assert await run_backfill(past.fill, 3) == 128 + number
    assert GO_ON in capsys.readouterr().err
    assert asyncio.all_tasks() == before


async def test_without_a_terminal_a_line_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await run_backfill(Past().fill, 3)
    said = capsys.readouterr().err
    assert said == "KRX 2026-08-18~2026-08-20 일봉 읽는 중: 0/7건 (0%)\n"


def on_a_terminal(run: Callable[[], object]) -> str:
    """What is shown when standard error is a terminal."""
    ours, theirs = pty.openpty()
    before = sys.stderr
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        sys.stderr = terminal
        try:
            run()
        finally:
            sys.stderr = before
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # how Linux says that nobody writes any more
        pass
    os.close(ours)
    return shown.decode()


def test_on_a_terminal_a_bar_shows_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    shown = on_a_terminal(lambda: asyncio.run(run_backfill(Past().fill, 3)))
    assert "KRX 2026-08-18~2026-08-20 일봉 읽는 중" in shown
    assert "7/7" in shown
    assert "채운 거래일" in capsys.readouterr().out


def test_a_warning_stands_on_a_line_of_its_own_above_the_bar() -> None:
    step = Progress(done=1, total=4, stage=Stage.READING, venue=Venue.KRX)

    def warn() -> None:
        root, handler = logging.getLogger(), StderrHandler()
        root.addHandler(handler)
        try:
            with shown() as watch:
                watch(step)
                root.warning("a word")
                watch(step)
        finally:
            root.removeHandler(handler)

    said = on_a_terminal(warn)
    assert "\ra word\r\n" in said, "the bar was wiped, and the line begins anew"
    assert "1/4건" in said[said.index("a word") :]


def test_help_says_how_long_it_takes_and_that_it_may_be_stopped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["backfill", "--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert "15~20분" in printed
    assert "같은 명령을 다시 실행하면 이어서" in printed


def test_a_recording_has_nothing_to_fill(tmp_path: Path) -> None:
    done = called(tmp_path, "backfill", APP_ENV="replay")
    assert done.returncode == 2
    assert done.stderr.startswith("녹화본(APP_ENV=replay)에는 채울 보관소가 없습니다.")


@pytest.mark.parametrize("sessions", ["0", "-5", "2501", "열", "1.5"])
def test_a_number_of_sessions_out_of_bounds_is_refused(
    sessions: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["backfill", "--sessions", sessions])
    assert ended.value.code == 2
    assert "1에서 2500 사이의 정수여야 합니다." in capsys.readouterr().err


def test_a_line_tells_the_time_left_once_it_is_known() -> None:
    step = Progress(done=50, total=1_000, stage=Stage.READING, venue=Venue.KRX)
    assert line_text(step) == "KRX 일봉 읽는 중: 50/1,000건 (5%)"
    assert line_text(step, 90.0).endswith("(5%, 1분 30초 남음)")


def test_progress_without_calls_is_complete() -> None:
    step = Progress(done=0, total=0, stage=Stage.PUBLISHING, venue=Venue.NXT)
    assert line_text(step) == "NXT 보관하는 중: 0/0건 (100%)"
