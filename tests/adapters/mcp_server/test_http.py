"""Serving over HTTP: who is let in, what is trimmed, and how it ends."""

import asyncio
import errno
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from mcp import Client

from adapters.mcp_server.http import (
    PortRefusedError,
    Scope,
    TrimmedHeaders,
    UnsafeHostError,
    _refused,
    is_loopback,
    listening,
    refuse_unsafe,
    url_of,
)
from bootstrap.product import VERSION
from tests.adapters.mcp_server.served import ERAS, HEALTH, RANKING, Era
from tests.adapters.mcp_server.served_process import Served, served_http, started
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

DISCOVER = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = "application/json, text/event-stream"


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    market = SimulatedMarket(stocks=120, etf=10, etn=5, nxt=30)
    with running_emulator(market=market, clock=EmulatorClock()) as running:
        yield running


@pytest.fixture(scope="module")
def served(
    emulator: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served_http(emulator, tmp_path_factory.mktemp("data")) as process:
        yield process


async def posted(served: Served, **headers: str) -> int:
    """The status of an opening request with these headers."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{served.url}/mcp", json=DISCOVER, headers={"Accept": ACCEPT, **headers}
        ) as response,
    ):
        return response.status


@pytest.mark.slow
async def test_health_answers_without_the_broker(
    served: Served, emulator: RunningEmulator
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{served.url}/health") as response,
    ):
        assert response.status == 200
        assert await response.json() == {"status": "ok", "version": VERSION}


@pytest.mark.parametrize("era", ERAS)
async def test_a_question_is_answered_over_http(served: Served, era: Era) -> None:
    async with Client(f"{served.url}/mcp", mode=era) as client:
        answer = await client.call_tool(RANKING, {"venue": "KRX", "count": 3})
    assert answer.structured_content is not None
    assert [row["rank"] for row in answer.structured_content["ranking"]] == [1, 2, 3]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_this_machine_is_let_in(served: Served, host: str) -> None:
    assert await posted(served, Host=f"{host}:{served.port}") == 200
    assert await posted(served, Host=host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"]
)
async def test_another_host_name_is_misdirected(served: Served, host: str) -> None:
    assert await posted(served, Host=host) == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost.evil.example:443", "null"]
)
async def test_another_origin_is_forbidden(served: Served, origin: str) -> None:
    assert await posted(served, Origin=origin) == 403


async def test_a_page_of_this_machine_may_ask(served: Served) -> None:
    assert await posted(served, Origin="http://localhost:5173") == 200


async def test_blanks_around_header_values_do_no_harm(served: Served) -> None:
    """Mcp-Name with a trailing blank: a mismatch to some parsers."""
    body = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {
                "name": HEALTH,
                "arguments": {},
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": {},
                },
            },
        }
    )
    status, _, answer = await raw(
        served,
        f"Host: 127.0.0.1:{served.port}",
        f"Accept: {ACCEPT}",
        "Content-Type: application/json",
        "MCP-Protocol-Version: 2026-07-28",
        "Mcp-Method: tools/call \t",
        f"Mcp-Name:   {HEALTH}  ",
        body=body,
    )
    assert status == 200
    assert b'"isError":true' not in answer
    assert b"uptime_seconds" in answer


async def raw(served: Served, *headers: str, body: str) -> tuple[int, bytes, bytes]:
    """One request written byte by byte; status, head and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    sent = body.encode()
    lines = ["POST /mcp HTTP/1.1", *headers, "Connection: close"]
    head = "\r\n".join([*lines, f"Content-Length: {len(sent)}", "", ""])
    writer.write(head.encode() + sent)
    received = await asyncio.wait_for(reader.read(), timeout=10)
    writer.close()
    await writer.wait_closed()
    top, _, rest = received.partition(b"\r\n\r\n")
    return int(top.split()[1]), top, rest


async def test_headers_are_trimmed_and_nothing_else_is_touched() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        seen.append(scope)

    trimmed = TrimmedHeaders(app)
    http = {"type": "http", "headers": [(b"mcp-name", b" x \t"), (b"a", b"b c")]}
    await trimmed(http, None, None)
    await trimmed({"type": "lifespan"}, None, None)
    assert seen == [
        {"type": "http", "headers": [(b"mcp-name", b"x"), (b"a", b"b c")]},
        {"type": "lifespan"},
    ]
    assert http["headers"][0] == (b"mcp-name", b" x \t")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_loopback_is_served_without_tokens(host: str) -> None:
    assert is_loopback(host)
    refuse_unsafe(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.0.2", "8.8.8.8", "example.com", ""],  # noqa: S104
)
def test_a_host_that_others_can_reach_is_refused(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(UnsafeHostError, match="프록시") as caught:
        refuse_unsafe(host)
    assert str(caught.value).startswith(f"HTTP_HOST={host}: ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_any_free_port_is_told_and_is_reached_at_once(host: str) -> None:
    with listening(host, 0) as listeners:
        ports = {listener.getsockname()[1] for listener in listeners}
        (port,) = ports
        assert port > 0
        assert url_of(host, listeners) == f"http://{host}:{port}/mcp"
        socket.create_connection(("127.0.0.1", port), timeout=1).close()


def test_a_taken_port_is_refused_in_one_line() -> None:
    with listening("127.0.0.1", 0) as listeners:
        port = listeners[0].getsockname()[1]
        with (
            pytest.raises(PortRefusedError, match="--port로 다른 포트를") as caught,
            listening("127.0.0.1", port),
        ):
            pass
    assert str(caught.value).startswith(f"HTTP_PORT={port}: 이미 쓰는 포트입니다.")


def test_a_port_left_behind_is_free_again() -> None:
    with listening("127.0.0.1", 0) as listeners:
        port = listeners[0].getsockname()[1]
    with listening("127.0.0.1", port) as again:
        assert again[0].getsockname()[1] == port


def test_an_address_of_no_interface_is_refused_by_name() -> None:
    """What a machine without IPv6 says of ::1; Linux owns 127/8, so told by hand."""
    refused = _refused("::1", 8000, OSError(errno.EADDRNOTAVAIL, "not available"))
    assert str(refused).startswith("HTTP_HOST=::1: 이 주소를 열 수 없습니다(not avail")


@pytest.mark.slow
def test_a_start_on_a_taken_port_says_nothing_but_that(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    with listening("127.0.0.1", 0) as listeners:
        port = str(listeners[0].getsockname()[1])
        process = started(emulator, tmp_path, "serve", "--http", "--port", port)
        out, errors = process.communicate(timeout=20)
    (line,) = errors.decode().splitlines()
    assert (process.returncode, out) == (2, b"")
    assert line.startswith(f"HTTP_PORT={port}: 이미 쓰는 포트입니다.")


@pytest.mark.slow
@pytest.mark.parametrize("port", ["99999", "-1", "65536", "http"])
def test_a_port_that_cannot_be_is_a_usage_error(
    emulator: RunningEmulator, tmp_path: Path, port: str
) -> None:
    process = started(emulator, tmp_path, "serve", "--http", f"--port={port}")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "0에서 65535 사이의 정수여야 합니다." in errors.decode()


@pytest.mark.slow
async def test_port_0_announces_the_real_one(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    process = started(emulator, tmp_path, "serve", "--http", "--port", "0")
    try:
        url = await asyncio.to_thread(announced, process)
        async with Client(url) as client:
            assert (await client.list_tools()).tools
    finally:
        process.kill()
        process.communicate(timeout=5)


def announced(process: "subprocess.Popen[bytes]") -> str:
    """The address of the line that says it serves."""
    assert process.stderr is not None
    lines = (json.loads(line) for line in process.stderr)
    return next(str(line["url"]) for line in lines if line["event"] == "serving")


@pytest.mark.slow
async def test_sigterm_ends_it_within_five_seconds_with_a_request_in_flight(
    emulator: RunningEmulator, tmp_path: Path
) -> None:
    with served_http(emulator, tmp_path) as served:
        hang = emulator.faults.add(Kind.HANG)
        emulator.reset_log()
        asking = asyncio.create_task(asked_in_vain(served))
        await asyncio.to_thread(until_called, emulator)
        started = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(served.process.wait, 10)
        took = time.monotonic() - started
        emulator.faults.remove(hang)
        await asking
    assert took < 5
    assert code == 0, "closed by itself; a signal's own end would leave work undone"


def until_called(emulator: RunningEmulator) -> None:
    until = time.monotonic() + 10
    while not emulator.calls() and time.monotonic() < until:
        time.sleep(0.02)


async def asked_in_vain(served: Served) -> None:
    """A question whose answer may or may not come before the end."""
    question = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": RANKING,
            "arguments": {},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    }
    headers = {
        "Accept": ACCEPT,
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
        "Mcp-Name": RANKING,
    }
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{served.url}/mcp", json=question, headers=headers) as answer,
        ):
            await answer.read()
    except aiohttp.ClientError:
        return
