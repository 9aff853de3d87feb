"""A few lines of broker over HTTP, for what the wire layer is tested on alone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

GOOD = {
    "output": [],
    "rt_cd": "0",
    "msg_cd": "MCA00000",
    "msg1": "정상처리 되었습니다.",
}


@dataclass
class TinyBroker:
    """Issues token-1, token-2, ...; answers GET with what ``answer`` returns.

    Attributes:
        answer: The handler of every GET.
        issue: The handler of token asks; by default a new token each time.
        asked: Bodies of the token asks.
        requests: Every GET.
    """

    answer: Handler
    issue: Handler | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    url: str = ""

    async def on_token(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        if self.issue is not None:
            return await self.issue(request)
        return web.json_response(
            {
                "access_token": f"token-{len(self.asked)}",
                "token_type": "Bearer",
                "expires_in": 86400,
                "access_token_token_expired": "2026-11-21 10:30:00",
            }
        )

    async def on_get(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answer(request)


async def answer_good(request: web.Request) -> web.StreamResponse:
    return web.json_response(GOOD)


@asynccontextmanager
async def tiny_broker(
    answer: Handler = answer_good, issue: Handler | None = None
) -> AsyncIterator[TinyBroker]:
    broker = TinyBroker(answer, issue)
    app = web.Application()
    app.router.add_post("/oauth2/tokenP", broker.on_token)
    app.router.add_get("/{path:.*}", broker.on_get)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    broker.url = f"http://{host}:{port}"
    try:
        yield broker
    finally:
        await runner.cleanup()
