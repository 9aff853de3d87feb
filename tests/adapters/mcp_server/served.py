"""A server over fakes, and one question to it through a real MCP session."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from mcp import Client
from mcp.server import MCPServer
from mcp.types import CallToolResult, TextContent

from adapters.mcp_server.server import build_server
from application.check_health import CheckHealth
from application.market_probe import CalendarProbe, FrameProbe
from application.use_cases import UseCases
from domain.provenance import Source
from tests.adapters.mcp_server.told import (
    CAPS,
    GROWTH,
    INVESTORS,
    SECTORS,
    UNUSUAL,
    Told,
    told,
)
from tests.application.scene import Scene

Era = Literal["auto", "legacy"]
ERAS: tuple[Era, ...] = ("auto", "legacy")
RANKING = "get_volume_ranking"
HEALTH = "health_check"
TOLD = {
    GROWTH: "rank_by_growth",
    INVESTORS: "rank_by_investor",
    SECTORS: "rank_sectors",
    CAPS: "rank_by_market_cap",
    UNUSUAL: "find_unusual_volume",
}
"""Tools over use cases that are told what to answer, and those use cases."""

USE_CASES = {RANKING: "rank_by_trading_value", **TOLD}
RANKINGS = (RANKING, *TOLD)
TOOLS = (*RANKINGS, HEALTH)
VERSION = "1.2.3"


@dataclass
class Scopes:
    """Remembers which tools were called inside a scope."""

    entered: list[str] = field(default_factory=list)
    open: int = 0

    @contextlib.contextmanager
    def __call__(self, tool: str) -> Iterator[None]:
        self.entered.append(tool)
        self.open += 1
        yield
        self.open -= 1


def check_health(scene: Scene) -> CheckHealth:
    return CheckHealth(
        probes=(FrameProbe(scene.market), CalendarProbe(scene.market)),
        timeliness=scene.timeliness,
        source=Source(name="kis"),
        version=VERSION,
        environment="test",
        settings={"data_dir": "/data", "kis_rate_limit": 15, "clock_at": None},
        started=scene.clock.now(),
    )


def use_cases(scene: Scene, others: Mapping[str, Told] | None = None) -> UseCases:
    """The scene's own, and others that are told what to answer."""
    parts: dict[str, Any] = {"rank_by_trading_value": scene.rank, **(others or told())}
    return UseCases(check_health=check_health(scene), **parts)


def server_over(
    scene: Scene,
    scopes: Scopes | None = None,
    others: Mapping[str, Told] | None = None,
) -> MCPServer[Any]:
    return build_server(
        use_cases(scene, others), version=VERSION, scope=scopes or Scopes()
    )


@asynccontextmanager
async def client_of(scene: Scene, era: Era = "auto") -> AsyncIterator[Client]:
    try:
        async with Client(server_over(scene), mode=era) as client:
            yield client
    finally:
        for gate in scene.quotes.gates.values():
            gate.set()
        await scene.market.close()


async def ask(
    scene: Scene, tool: str = RANKING, *, era: Era = "auto", **arguments: Any
) -> CallToolResult:
    """One question; the client holds the answer against the published schema."""
    async with client_of(scene, era) as client:
        return await client.call_tool(tool, dict(arguments))


async def told_answer(tool: str, found: object, **arguments: Any) -> CallToolResult:
    """One question to a tool whose use case answers so."""
    server = server_over(Scene(), others=told(**{USE_CASES[tool]: found}))
    async with Client(server) as client:
        return await client.call_tool(tool, dict(arguments))


async def structured(tool: str, found: object, **arguments: Any) -> Any:
    """The structured content of a good answer of a told use case."""
    result = await told_answer(tool, found, **arguments)
    assert not result.is_error, text_of(result)
    return result.structured_content


async def lines(tool: str, found: object, **arguments: Any) -> list[str]:
    """The text of a good answer of a told use case."""
    result = await told_answer(tool, found, **arguments)
    assert not result.is_error, text_of(result)
    return text_of(result).splitlines()


async def query(tool: str, **arguments: Any) -> Any:
    """What the use case was asked."""
    parts = told()
    async with Client(server_over(Scene(), others=parts)) as client:
        result = await client.call_tool(tool, dict(arguments))
    assert not result.is_error, text_of(result)
    (asked,) = parts[TOLD[tool]].asked
    return asked


async def answer(scene: Scene, tool: str = RANKING, **arguments: Any) -> Any:
    """The structured content of a good answer."""
    result = await ask(scene, tool, **arguments)
    assert not result.is_error, text_of(result)
    return result.structured_content


async def refused(scene: Scene, *, era: Era = "auto", **arguments: Any) -> str:
    """The one line of a refused question."""
    result = await ask(scene, era=era, **arguments)
    assert result.is_error
    assert result.structured_content is None
    return text_of(result)


def text_of(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text
