"""The alerts' resource over real streams: HTTP, stdio, and from another process."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from mcp.client.stdio import StdioServerParameters
from mcp.server import MCPServer
from typing_extensions import override

from adapters.alerts.kept_file import AlertFile
from adapters.mcp_server.alert_feed import URI
from adapters.mcp_server.http import build_app, listening, url_of
from tests.adapters.mcp_server.hearing import (
    feed_over,
    hearing,
    server_with,
    watcher,
)
from tests.adapters.mcp_server.served import ERAS, VERSION, Era
from tests.adapters.mcp_server.served_process import (
    ROOT,
    Served,
    _await_ready,
    free_port,
)
from tests.alerts_scene import (
    Kept,
    new_frame,
    until,
)

MODULE = "tests.adapters.mcp_server.alert_process"


class _Quiet(uvicorn.Server):
    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def over_http(server: MCPServer[Any]) -> AsyncIterator[str]:
    with listening("127.0.0.1", 0) as listeners:
        config = uvicorn.Config(
            build_app(server, version=VERSION),
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        http = _Quiet(config)
        serving = asyncio.create_task(http.serve(sockets=listeners))
        await until(lambda: http.started)
        try:
            yield url_of("127.0.0.1", listeners)
        finally:
            http.should_exit = True
            await serving


@contextmanager
def http_process(file: Path) -> Iterator[Served]:
    """Another process of the folder, serving HTTP."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", MODULE, str(file), str(port)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
    )
    try:
        served = Served(process, port)
        _await_ready(served)
        yield served
    finally:
        process.kill()
        process.communicate(timeout=5)


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_over_http_hears_of_a_new_alert(era: Era) -> None:
    kept = Kept()
    async with feed_over(kept) as feed, over_http(server_with(feed)) as url:
        alerts = watcher(feed, kept)
        async with hearing(url, era) as one:
            await alerts(new_frame())
            await one.until(1)
            assert (await one.read())["stocks"][0]["stock_code"] == "000001"
        await alerts.close()


@pytest.mark.slow
@pytest.mark.parametrize("era", ERAS)
async def test_a_client_over_stdio_hears_what_another_process_told(
    era: Era, tmp_path: Path
) -> None:
    file = tmp_path / "alerts.json"
    alerts = watcher(None, AlertFile(file))
    process = StdioServerParameters(
        command=sys.executable,
        args=["-m", MODULE, str(file)],
        cwd=ROOT,
        env=dict(os.environ),
    )
    async with hearing(process, era) as one:
        await alerts(new_frame())
        await one.until(1)
        assert (await one.read())["count"] == 1
    await alerts.close()


@pytest.mark.slow
async def test_clients_of_another_http_process_hear_it_and_sigterm_ends_it_at_once(
    tmp_path: Path,
) -> None:
    file = tmp_path / "alerts.json"
    alerts = watcher(None, AlertFile(file))
    with http_process(file) as served:
        async with contextlib.AsyncExitStack() as stack:
            ones = [
                await stack.enter_async_context(hearing(f"{served.url}/mcp", era))
                for era in ERAS
            ]
            await alerts(new_frame())
            for one in ones:
                await one.until(1)
            began = time.monotonic()
            served.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(served.process.wait, 10)
            assert time.monotonic() - began < 5
            await until(lambda: ones[ERAS.index("auto")].ended)
    await alerts.close()


@pytest.mark.slow
def test_a_client_that_leaves_ends_a_stdio_process_with_an_open_stream(
    tmp_path: Path,
) -> None:
    listen = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "subscriptions/listen",
        "params": {
            "notifications": {"resourceSubscriptions": [URI]},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    }
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", MODULE, str(tmp_path / "alerts.json")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(listen).encode() + b"\n")
        process.stdin.flush()
        acknowledged = json.loads(process.stdout.readline())
        assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
        process.communicate(timeout=5)  # closes standard input
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait(timeout=5)
