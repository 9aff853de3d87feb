"""What a client is told when there is no answer: one line, and never a stack."""

import asyncio
import logging

import pytest
from mcp import Client, MCPError
from mcp.types import INVALID_PARAMS
from typing_extensions import override

from adapters.mcp_server.errors import explained, refusal, unknown_tool
from application.rank_by_trading_value import (
    RankByTradingValue,
    RankingQuery,
    TradingValueRanking,
)
from domain.errors import (
    MarketDataMalformedError,
    MarketDataRefusedError,
    MarketDataUnavailableError,
    VolumeRankingError,
)
from tests.adapters.mcp_server.served import (
    ERAS,
    HEALTH,
    RANKING,
    TOOLS,
    Era,
    Scopes,
    ask,
    client_of,
    refused,
    server_over,
    text_of,
)
from tests.application.scene import BROKEN, Scene


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("get_volume_rankings", " 혹시 get_volume_ranking, get_volume_change_ranking?"),
        ("healthcheck", " 혹시 health_check?"),
        ("zzz", ""),
    ],
)
async def test_an_unknown_tool_is_a_protocol_error_with_near_matches(
    era: Era, name: str, meant: str
) -> None:
    async with client_of(Scene(), era) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool(name, {})
    assert caught.value.code == INVALID_PARAMS == -32602
    assert caught.value.message == (
        f'"{name}": 없는 도구입니다.{meant} 있는 도구: {", ".join(TOOLS)}'
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, "도구 이름(name)이 없습니다. 있는 도구: a, b"),
        ("", "도구 이름(name)이 없습니다. 있는 도구: a, b"),
        (5, "5: 없는 도구입니다. 있는 도구: a, b"),
        ("두\n줄", r'"두\n줄": 없는 도구입니다. 있는 도구: a, b'),
    ],
    ids=["absent", "empty", "a number", "two lines"],
)
def test_a_tool_without_a_name_is_told_in_korean_too(name: object, said: str) -> None:
    assert unknown_tool(name, ["a", "b"]) == said


async def test_a_huge_tool_name_is_shortened() -> None:
    async with client_of(Scene()) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("x" * 10_000, {})
    assert len(caught.value.message) < 400


@pytest.mark.parametrize("era", ERAS)
async def test_a_failed_broker_is_one_line_with_the_time_to_try_again(era: Era) -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = BROKEN
    said = await refused(scene, era=era, offset=1)
    assert said == "증권사가 답하지 않습니다. (retry_after=7초)"


async def test_a_refused_key_is_told_as_it_is() -> None:
    scene = Scene()
    scene.quotes.fails["sweep"] = MarketDataRefusedError(
        "KIS_APP_KEY를 확인해 주세요.", code="EGW00103"
    )
    assert await refused(scene, offset=1) == "KIS_APP_KEY를 확인해 주세요."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MarketDataUnavailableError("끊겼습니다."), "끊겼습니다."),
        (
            MarketDataUnavailableError("끊겼습니다.", retry_after=0.2),
            "끊겼습니다. (retry_after=1초)",
        ),
        (
            MarketDataUnavailableError("곧 엽니다.", retry_after=1800.4),
            "곧 엽니다. (retry_after=1800초)",
        ),
        (MarketDataMalformedError("이상한\n 응답", field="x"), "이상한 응답"),
    ],
    ids=["unknown", "at least a second", "whole seconds", "one line"],
)
def test_an_error_says_when_to_try_again(error: VolumeRankingError, said: str) -> None:
    result = explained(error)
    assert (result.is_error, text_of(result)) == (True, said)


def test_a_refusal_is_one_line_without_structure() -> None:
    result = refusal("첫 줄\n\t둘째  줄")
    assert text_of(result) == "첫 줄 둘째 줄"
    assert result.structured_content is None


class Fragile(RankByTradingValue):
    """Crashes on any question of named stocks."""

    @override
    async def __call__(self, query: RankingQuery) -> TradingValueRanking:
        if query.stocks:
            raise RuntimeError("appsecret=hush")
        return await super().__call__(query)


def fragile() -> Scene:
    scene = Scene()
    scene.rank = Fragile(
        quotes=scene.quotes,
        view=scene.rank.view,
        profiles=scene.profiles,
        movement=scene.rank.movement,
    )
    return scene


@pytest.mark.parametrize("era", ERAS)
async def test_a_crash_is_hidden_from_the_client(
    era: Era, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        result = await ask(fragile(), era=era, stocks=["005930"])
    assert result.is_error
    assert text_of(result) == f"Error executing tool {RANKING}"
    assert "hush" in caplog.text


async def test_the_next_question_after_a_crash_is_answered() -> None:
    async with client_of(fragile()) as client:
        crashed = await client.call_tool(RANKING, {"stocks": ["005930"]})
        answered = await client.call_tool(RANKING, {})
    assert (crashed.is_error, bool(answered.is_error)) == (True, False)


@pytest.mark.parametrize("era", ERAS)
async def test_every_call_runs_in_a_scope_of_its_own(era: Era) -> None:
    scopes = Scopes()
    async with Client(server_over(Scene(), scopes), mode=era) as client:
        await client.list_tools()
        await client.call_tool(HEALTH, {})
        await client.call_tool(RANKING, {"count": 0})
        with pytest.raises(MCPError):
            await client.call_tool("y" * 100, {})
    assert scopes.entered == [HEALTH, RANKING, "y" * 80]


async def test_arguments_that_are_no_object_are_a_protocol_error() -> None:
    async with client_of(Scene()) as client:
        with pytest.raises((MCPError, ValueError)):
            await client.call_tool(RANKING, ["count"])  # type: ignore[arg-type]


async def test_many_clients_are_served_at_once() -> None:
    scene = Scene()
    results = await asyncio.gather(*(ask(scene) for _ in range(10)))
    assert {result.is_error for result in results} <= {False, None}
    assert scene.sweeps == {"KRX": 1, "NXT": 1}
