"""Serves MCP over HTTP and, on SIGUSR1, fills the past at the full rate beside it.

``python -m tests.benchmarks.filling_server PORT SESSIONS``, for ``tests.benchmarks.
backfill``. At each stage of the fill, and at its end, one JSON line tells by how many
seconds the event loop was late at most since the line before it.
"""

import asyncio
import gc
import json
import signal
import sys

from adapters.mcp_server.http import listening, serve_http
from adapters.mcp_server.server import build_server
from application.fill_history import FillHistory
from application.progress import Progress
from bootstrap.environments import running
from bootstrap.logging import configure_logging
from bootstrap.product import VERSION
from bootstrap.serve import request_scope
from bootstrap.settings import LiveSettings, load_settings

TICK = 0.005


class Stalls:
    """How late the event loop was, by what was being done."""

    def __init__(self) -> None:
        self._doing = "idle"
        self._worst = 0.0

    async def watch(self) -> None:
        """Until it is cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            due = now() + TICK
            await asyncio.sleep(TICK)
            self._worst = max(self._worst, now() - due)

    def enter(self, doing: str) -> None:
        """Tells of what ends now, where something does."""
        if doing == self._doing:
            return
        said = {"ended": self._doing, "stall": self._worst, "begun": doing}
        print(json.dumps(said), flush=True)
        self._doing, self._worst = doing, 0.0


async def fill(history: FillHistory, sessions: int, stalls: Stalls) -> None:
    """As ``backfill`` does, without waiting for anybody."""

    def watch(step: Progress) -> None:
        stalls.enter(f"{step.venue.value} {step.stage.value}")

    await history(sessions, progress=watch)
    stalls.enter("done")


async def serve(settings: LiveSettings, port: int, sessions: int) -> None:
    """Until SIGTERM."""
    stalls, loop = Stalls(), asyncio.get_running_loop()
    filling: list[asyncio.Task[None]] = []
    with listening("127.0.0.1", port) as listeners:
        async with running(settings) as product:
            history = product.fill_history
            assert history is not None
            loop.add_signal_handler(
                signal.SIGUSR1,
                lambda: filling.append(
                    asyncio.ensure_future(fill(history, sessions, stalls))
                ),
            )
            server = build_server(
                product.use_cases,
                version=VERSION,
                scope=request_scope,
                unusual_threshold=settings.unusual_volume_threshold,
            )
            gc.freeze()
            gc.enable()
            watching = asyncio.ensure_future(stalls.watch())

            async def close() -> None:
                for task in (watching, *filling):
                    task.cancel()
                await asyncio.gather(watching, *filling, return_exceptions=True)
                await product.close()

            await serve_http(server, listeners=listeners, version=VERSION, close=close)


def main() -> None:
    """Serves."""
    settings = load_settings()
    assert isinstance(settings, LiveSettings)
    configure_logging("ERROR", "console", settings.secrets)
    asyncio.run(serve(settings, int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
