"""Serving one client over standard input and output."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server import MCPServer


async def serve_stdio(
    server: MCPServer[Any], *, close: Callable[[], Awaitable[None]]
) -> None:
    """Serves until the client closes the stream or a signal comes.

    A blocked read of standard input cannot be cancelled: after a signal, state is
    written through ``close`` and the process ends at once.
    """
    loop = asyncio.get_running_loop()
    asked_to_end = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, asked_to_end.set)
    serving = asyncio.create_task(server.run_stdio_async())
    ending = asyncio.create_task(asked_to_end.wait())
    await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
    await close()
    if serving.done():
        ending.cancel()
        await serving
        return
    sys.stderr.flush()
    os._exit(0)
