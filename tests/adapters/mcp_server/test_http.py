"""Serving over HTTP: who is let in, what is trimmed, and how it ends."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from mcp import Client

from adapters.mcp_server.http import (
    Scope,
    TrimmedHeaders,
    UnsafeHostError,
    is_loopback,
    refuse_unsafe,
)
from bootstrap.core import VERSION
from tests.adapters.mcp_server.served import ERAS, HEALTH, RANKING, Era
from tests.adapters.mcp_server.served_process import Served, served_http
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
