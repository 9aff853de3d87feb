"""What the log says of each call: one line, under its request id."""

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

import pytest
from mcp import Client, MCPError
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from typing_extensions import override

from adapters.mcp_server.call_lines import CallLines
from adapters.mcp_server.server import build_server
from application.rank_by_trading_value import (
    RankByTradingValue,
    RankingQuery,
    TradingValueRanking,
)
from application.source_calls import note_call
from bootstrap.serve import request_scope
from tests.adapters.mcp_server.served import (
    ERAS,
    HEALTH,
    RANKING,
    VERSION,
    Era,
    use_cases,
)
from tests.application.scene import BROKEN, Scene

Line = MutableMapping[str, Any]


async def logged(
    scene: Scene, tool: str, arguments: dict[str, Any], era: Era = "auto"
) -> Line:
    """The one line of one call, refused or not."""
    server = build_server(use_cases(scene), version=VERSION, scope=request_scope)
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with Client(server, mode=era) as client:
            await client.list_tools()
            with contextlib.suppress(MCPError):
                await client.call_tool(tool, arguments)
    await scene.market.close()
    (line,) = [line for line in lines if line["event"] == "call"]
    assert line["log_level"] == "info"
    assert len(line["request_id"]) == 8
    assert 0 <= line["milliseconds"] < 10_000
    return line


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("tool", [RANKING, HEALTH])
async def test_a_call_that_is_answered_is_ok(tool: str, era: Era) -> None:
    line = await logged(Scene(), tool, {}, era)
    assert (line["tool"], line["outcome"]) == (tool, "ok")
    assert line["upstream"] == 0
    assert "error" not in line


@pytest.mark.parametrize("era", ERAS)
async def test_a_tool_that_fails_leaves_what_it_said(era: Era) -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = BROKEN
    line = await logged(scene, RANKING, {"offset": 1}, era)
    assert (line["tool"], line["outcome"]) == (RANKING, "error")
    assert line["error"] == "증권사가 답하지 않습니다. (retry_after=7초)"


@pytest.mark.parametrize("era", ERAS)
async def test_a_refused_argument_leaves_why(era: Era) -> None:
    line = await logged(Scene(), RANKING, {"count": 0}, era)
    assert (line["tool"], line["outcome"]) == (RANKING, "refused")
    assert line["error"] == "count=0: 1 이상 100 이하의 정수여야 합니다"


@pytest.mark.parametrize("era", ERAS)
async def test_an_unknown_tool_leaves_its_name(era: Era) -> None:
    line = await logged(Scene(), "y" * 100, {}, era)
    assert (line["tool"], line["outcome"]) == ("y" * 80, "refused")
    assert "없는 도구입니다." in line["error"]


class Crashing(RankByTradingValue):
    """Crashes on any question."""

    @override
    async def __call__(self, query: RankingQuery) -> TradingValueRanking:
        raise RuntimeError("appsecret=hush")


async def test_a_crash_is_an_error() -> None:
    scene = Scene()
    scene.rank = Crashing(
        quotes=scene.quotes,
        view=scene.rank.view,
        profiles=scene.profiles,
        movement=scene.rank.movement,
    )
    line = await logged(scene, RANKING, {})
    assert (line["outcome"], line["error"]) == (
        "error",
        f"Error executing tool {RANKING}",
    )


class Asked:
    """As much of a request's context as the middleware reads."""

    method = "tools/call"
    params: dict[str, Any] = {}  # noqa: RUF012


async def two_calls(_: object) -> dict[str, Any]:
    """One in this task, one in a task begun and awaited here."""
    note_call()
    await asyncio.create_task(asyncio.to_thread(note_call))
    return {}


async def test_what_a_call_waited_for_upstream_is_counted() -> None:
    with capture_logs() as lines:
        asked: Any = Asked()
        await CallLines()(asked, two_calls)
        note_call()  # nobody's
    assert [line["upstream"] for line in lines] == [2]


async def never(_: object) -> None:
    await asyncio.Event().wait()


async def test_a_call_that_is_cancelled_leaves_a_line_too() -> None:
    with capture_logs() as lines:
        asked: Any = Asked()
        call = asyncio.create_task(CallLines()(asked, never))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait([call])
    (line,) = lines
    assert (line["tool"], line["outcome"]) == ("", "error")
    assert line["error"] == "CancelledError"
