"""Serving over standard input and output: JSON-RPC alone, and a prompt end."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.mcp_server.served import HEALTH, RANKING
from tests.adapters.mcp_server.served_process import started
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import APP_SECRET, RunningEmulator, running_emulator

pytestmark = pytest.mark.slow

OPENING: tuple[dict[str, Any], ...] = (
    {
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"method": "notifications/initialized"},
)


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    market = SimulatedMarket(stocks=60, etf=6, etn=4, nxt=20)
    with running_emulator(market=market, clock=EmulatorClock()) as running:
        yield running


@contextmanager
def talking(
    emulator: RunningEmulator, folder: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """The bare command, as MCP clients start it; killed at the end."""
    process = started(emulator, folder)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=5)


def say(process: "subprocess.Popen[bytes]", *messages: dict[str, Any]) -> None:
    assert process.stdin is not None
    for message in messages:
        line = json.dumps({"jsonrpc": "2.0", **message})
        process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()


def heard(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert process.stdout is not None
    message = json.loads(process.stdout.readline())
    assert isinstance(message, dict)
    return message


def call(number: int, tool: str, **arguments: object) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"id": number, "method": "tools/call", "params": params}


def test_standard_output_carries_json_rpc_alone(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    """Staging logs everything, and the client leaves in the middle of nothing."""
    with talking(emulator, tmp_path) as process:
        say(process, *OPENING, call(2, RANKING, count=3), call(3, HEALTH))
        messages = [heard(process) for _ in range(3)]
        out, log = process.communicate(timeout=10)  # closes standard input
        assert process.returncode == 0
    answers = {message["id"]: message for message in messages}
    assert sorted(answers) == [1, 2, 3]
    assert len(answers[2]["result"]["structuredContent"]["ranking"]) == 3
    assert {message["jsonrpc"] for message in answers.values()} == {"2.0"}
    assert out == b""
    assert b"started" in log
    assert APP_SECRET.encode() not in log


def test_sigterm_ends_it_at_once_with_a_request_in_flight(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    hang = emulator.faults.add(Kind.HANG)
    try:
        with talking(emulator, tmp_path) as process:
            say(process, *OPENING)
            assert heard(process)["id"] == 1
            emulator.reset_log()
            say(process, call(2, RANKING))
            until_called(emulator)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=10)
            took = time.monotonic() - began
    finally:
        emulator.faults.remove(hang)
    assert took < 5
    assert code == 0


def test_sigterm_ends_an_idle_process(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    with talking(emulator, tmp_path) as process:
        say(process, *OPENING)
        assert heard(process)["id"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0


def until_called(emulator: RunningEmulator) -> None:
    until = time.monotonic() + 10
    while not emulator.calls() and time.monotonic() < until:
        time.sleep(0.02)
