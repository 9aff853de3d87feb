"""A server that remembers, over use cases that count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from mcp import Client
from mcp.server import MCPServer
from mcp.types import CallToolResult, Request
from typing_extensions import override

from adapters.cache.building import Bounds, memory_cache
from adapters.mcp_server.remembered import Remembered
from adapters.mcp_server.server import build_server
from application.market_view import MarketView
from application.ports.cache import Cache, Lifetime
from application.standing import Standing
from tests.adapters.mcp_server.served import (
    TOLD,
    VERSION,
    Era,
    Scopes,
    use_cases,
)
from tests.adapters.mcp_server.told import CAPS, Told, told
from tests.application.scene import ALL, Scene

LIFETIME = Lifetime(
    fresh=timedelta(seconds=60),
    servable=timedelta(seconds=300),
    kept=timedelta(seconds=300),
)


@dataclass
class Grown:
    """What an answer rests on beside its frame."""

    version: int = 0


@dataclass
class Gated(Told):
    """A use case that answers when its gate is opened."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def __call__(self, query: Any) -> Any:
        self.asked.append(query)
        await self.gate.wait()
        return self.answer


class Memory:
    """A server that remembers, over use cases that count, and all that tests move."""

    def __init__(self, **others: Told) -> None:
        self.scene = Scene()
        self.parts = {**told(), **others}
        self.grown = Grown()
        self.cache = memory_cache(self.scene.clock, Bounds())
        self.there = True
        market = self.scene.market
        self.remembered = Remembered(
            self._now,
            Standing(
                view=MarketView(current=market, past=self.scene.past),
                grows={CAPS: [self.grown]},
            ),
            now=self.scene.clock.now,
            lifetime=LIFETIME,
        )

    def _now(self) -> Cache | None:
        return self.cache if self.there else None

    def server(self, *, remembers: bool = True) -> MCPServer[Any]:
        return build_server(
            use_cases(self.scene, self.parts),
            version=VERSION,
            scope=Scopes(),
            remembered=self.remembered if remembers else None,
        )

    @asynccontextmanager
    async def client(self, era: Era = "auto") -> AsyncIterator[Client]:
        """A client, once the market is swept; all is closed at the end."""
        await self.scene.market.seen(ALL)
        try:
            async with Client(self.server(), mode=era) as client:
                yield client
        finally:
            await self.cache.close()
            await self.scene.market.close()

    def asked(self, tool: str = CAPS) -> int:
        """How often the use case was."""
        return len(self.parts[TOLD[tool]].asked)


def wire(result: CallToolResult) -> dict[str, Any]:
    """The result as it went over the wire."""
    return result.model_dump(by_alias=True, exclude_unset=True)


def aged(result: CallToolResult, seconds: float) -> dict[str, Any]:
    """The same result, of another age."""
    whole: dict[str, Any] = orjson.loads(orjson.dumps(wire(result)))
    whole["structuredContent"]["meta"]["age_seconds"] = seconds
    return whole


async def raw(client: Client, params: dict[str, Any]) -> CallToolResult:
    """A call as no client of the SDK would make it."""
    request = Request[Any, Any](method="tools/call", params=params)
    return await client.session.send_request(request, CallToolResult)
