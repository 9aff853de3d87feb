"""A local server in Slack's place: it remembers what came, and answers as told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PATH = "/services/T000/B000/hush-hush"
HANG = 0


@dataclass
class Webhook:
    """``answers``: a status each, with headers; HANG never answers; then 200."""

    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    came: list[Any] = field(default_factory=list)
    url: str = ""
    _ends: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, status: int, text: str = "", **headers: str) -> None:
        self.answers.append((status, headers, text))

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(await request.json())
        status, headers, text = self.answers.pop(0) if self.answers else (200, {}, "ok")
        if status == HANG:
            await self._ends.wait()
            status = 200
        return web.Response(status=status, headers=headers, text=text)

    def end(self) -> None:
        self._ends.set()


@asynccontextmanager
async def running_webhook() -> AsyncIterator[Webhook]:
    hook = Webhook()
    app = web.Application()
    app.router.add_post(PATH, hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    hook.url = f"http://127.0.0.1:{port}{PATH}"
    try:
        yield hook
    finally:
        hook.end()
        await runner.cleanup()
