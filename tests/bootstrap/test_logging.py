import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina
import stamina.instrumentation
import structlog

from adapters.telemetry.request_ids import request
from bootstrap.logging import configure_logging

ROOT = Path(__file__).parents[2]
KEY = "PSdummyappkey0123456789"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Everything global that setting up logging changes, put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = stamina.instrumentation.get_on_retry_hooks()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    stamina.instrumentation.set_on_retry_hooks(hooks)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The JSON lines on standard error; standard output stays empty."""
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def fail(local: str) -> None:
    raise ValueError(f"no {len(local)}")


def test_a_line_says_when_where_how_bad_and_for_which_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")

    with request(tool="rank", request_id="r1"):
        structlog.get_logger("adapters.kis").info("한글 %s", "답", calls=3)

    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "한글 답",
        "calls": 3,
        "logger": "adapters.kis",
        "level": "info",
        "request_id": "r1",
        "tool": "rank",
    }


def test_a_librarys_record_bears_the_request_id_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")

    with request(tool="rank", request_id="r1"):
        logging.getLogger("some.library").info("took %d", 3, extra={"host": "h"})

    (line,) = lines(capsys)
    assert line["event"] == "took 3"
    assert line["host"] == "h"
    assert line["request_id"] == "r1"


@pytest.mark.parametrize("line_format", ["json", "console"])
def test_no_secret_passes_by_name_shape_or_value(
    line_format: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", line_format, [KEY])
    ours, library = structlog.get_logger("a"), logging.getLogger("b")

    ours.info(f"key {KEY}", appsecret="leak-1", nested={"access_token": "leak-2"})
    library.info("Bearer leak-3 %s", KEY, extra={"authorization": "leak-4"})
    with request(tool=KEY):
        try:
            fail(KEY)
        except ValueError:
            ours.exception("appkey=leak-5")
            library.exception("account 12345678-01")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert KEY not in captured.err
    assert "leak-" not in captured.err
    assert "12345678-01" not in captured.err
    assert captured.err.count("no 23") >= 2  # the exception itself is there


def test_an_exception_shows_its_frames_without_their_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")

    try:
        fail("a local variable")
    except ValueError:
        structlog.get_logger("a").exception("failed")

    (line,) = lines(capsys)
    (error,) = line["exception"]
    assert (error["exc_type"], error["exc_value"]) == ("ValueError", "no 16")
    assert error["frames"][-1]["name"] == "fail"
    assert "a local variable" not in json.dumps(line)


def test_the_level_holds_for_both_kinds_of_logger(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("WARNING", "json")

    structlog.get_logger("a").info("no")
    logging.getLogger("b").info("no")
    structlog.get_logger("a").warning("yes")

    assert [line["event"] for line in lines(capsys)] == ["yes"]


def test_setting_up_twice_writes_each_line_once_and_knows_the_new_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json", ["first-secret"])
    logger = structlog.get_logger("a")
    logger.info("before")
    configure_logging("INFO", "json", [KEY])

    logger.info(KEY)

    assert [line["event"] for line in lines(capsys)] == ["before", "[가림]"]
    assert len(logging.getLogger().handlers) == 1


@pytest.mark.parametrize(
    "name", ["mcp.server.lowlevel.server", "aiohttp.access", "uvicorn.access"]
)
def test_chatty_libraries_say_warnings_only(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("DEBUG", "json")

    logging.getLogger(name).info("every request")
    logging.getLogger(name).warning("trouble", extra={"color_message": "again"})

    (line,) = lines(capsys)
    assert line["event"] == "trouble"
    assert "color_message" not in line


def test_chatty_libraries_are_not_louder_than_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("ERROR", "json")

    logging.getLogger("mcp.server").warning("trouble")

    assert lines(capsys) == []


async def test_a_retry_is_logged_without_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")
    tries: list[str] = []

    @stamina.retry(on=OSError, attempts=2, wait_initial=0, wait_jitter=0)
    async def call(token: str) -> None:
        tries.append(token)
        await asyncio.sleep(0)
        if len(tries) < 2:
            raise OSError(f"cannot send {token}")

    await call("in-the-clear")

    (line,) = lines(capsys)
    assert line["name"].endswith("call")
    assert (line["retry_num"], line["wait_for"], line["error"]) == (1, 0.0, "OSError")
    assert "in-the-clear" not in json.dumps(line)


def test_a_fresh_process_logs_everything_to_standard_error() -> None:
    code = (
        "from bootstrap.logging import configure_logging\n"
        "configure_logging('INFO', 'console')\n"
        "import warnings; warnings.warn('appkey=in-the-clear')\n"
        "import logging, structlog, mcp.server.mcpserver as sdk\n"
        "sdk.MCPServer('x', version='1')\n"
        "structlog.get_logger('a').info('ours')\n"
        "logging.getLogger('b').info('theirs')\n"
        "assert len(logging.getLogger().handlers) == 1\n"
    )

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "ours" in done.stderr
    assert "theirs" in done.stderr
    assert "UserWarning: appkey=[가림]" in done.stderr
    assert "py.warnings" in done.stderr
