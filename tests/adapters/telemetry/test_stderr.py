import io
import logging
import sys

import pytest

from adapters.telemetry.stderr import StderrHandler


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("lib", logging.INFO, "f.py", 1, message, args, None)


def test_a_record_goes_to_what_is_standard_error_now(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = StderrHandler()
    later = io.StringIO()
    monkeypatch.setattr(sys, "stderr", later)

    handler.handle(record("hello"))

    assert later.getvalue() == "hello\n"
    assert capsys.readouterr().out == ""


def test_a_record_that_cannot_be_written_does_not_show_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    StderrHandler().handle(record("%d", "appkey-in-the-clear"))

    captured = capsys.readouterr()
    assert captured.err == "a log record of lib was lost: TypeError\n"
    assert captured.out == ""


def test_a_closed_standard_error_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)

    StderrHandler().handle(record("hello"))
