"""What is not remembered, and who waits for an answer that is on its way."""

import asyncio
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp.types import INVALID_PARAMS

from adapters.mcp_server.remembered import LONGEST_QUESTION
from domain.errors import MarketDataUnavailableError
from tests.adapters.mcp_server.remembering import Gated, Memory, raw, wire
from tests.adapters.mcp_server.served import (
    ERAS,
    RANKING,
    Era,
    text_of,
)
from tests.adapters.mcp_server.told import CAPS, Told, told
from tests.application.scene import settled


async def test_what_the_tool_refused_is_asked_again_the_next_time() -> None:
    fails = Told(MarketDataUnavailableError("증권사가 답하지 않습니다."))
    memory = Memory(rank_by_market_cap=fails)
    async with memory.client() as client:
        first = await client.call_tool(CAPS, {})
        fails.answer = told()["rank_by_market_cap"].answer
        second = await client.call_tool(CAPS, {})
        await client.call_tool(CAPS, {})
    assert (first.is_error, text_of(first)) == (True, "증권사가 답하지 않습니다.")
    assert (second.is_error, memory.asked()) == (False, 2)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    "arguments",
    [
        {"count": 0},
        {"counts": 3},
        {"min_price": 5, "max_price": 4},
        {"count": 10**30},
        {"stocks": ["\ud800"]},
    ],
)
async def test_wrong_arguments_are_refused_as_without_a_memory(
    era: Era, arguments: dict[str, Any]
) -> None:
    memory = Memory()
    async with memory.client(era) as client, Client(memory.server(), mode=era) as plain:
        refused = [await x.call_tool(RANKING, arguments) for x in (client, plain)]
        again = await client.call_tool(RANKING, arguments)
    assert refused[0].is_error
    assert wire(refused[0]) == wire(refused[1]) == wire(again)


@pytest.mark.parametrize(
    "params",
    [
        {"name": "get_market_cap_rankin", "arguments": {}},
        {"name": [CAPS], "arguments": {}},
        {"name": None},
        {"name": CAPS, "arguments": []},
        {"name": CAPS, "arguments": ""},
        {"name": CAPS, "arguments": 0},
    ],
)
async def test_what_is_no_call_is_refused_though_the_answer_is_known(
    params: dict[str, Any],
) -> None:
    memory = Memory()
    async with memory.client("legacy") as client:
        await client.call_tool(CAPS, {})
        with pytest.raises(MCPError) as caught:
            await raw(client, params)
    assert caught.value.code == INVALID_PARAMS
    assert memory.asked() == 1


async def test_a_question_of_thousands_of_characters_is_answered_and_not_kept() -> None:
    memory = Memory()
    stocks = ["0" * 100] * (LONGEST_QUESTION // 100)
    async with memory.client() as client:
        answers = [await client.call_tool(CAPS, {"stocks": stocks}) for _ in range(2)]
    assert not any(answer.is_error for answer in answers)
    assert memory.asked() == 2
    assert [tier.entries for tier in memory.cache.stats()] == [0, 0]


async def test_a_hundred_at_once_cost_one_answer() -> None:
    gated = Gated(told()["rank_by_market_cap"].answer)
    memory = Memory(rank_by_market_cap=gated)
    async with memory.client() as client:
        asking = [
            asyncio.create_task(client.call_tool(CAPS, {"count": 5}))
            for _ in range(100)
        ]
        await settled()
        gated.gate.set()
        answers = await asyncio.gather(*asking)
    assert memory.asked() == 1
    assert all(wire(answer) == wire(answers[0]) for answer in answers)
    assert memory.cache.counts["shared"] == 99


async def test_a_caller_that_leaves_ends_nobodys_answer() -> None:
    gated = Gated(told()["rank_by_market_cap"].answer)
    memory = Memory(rank_by_market_cap=gated)
    async with memory.client() as client:
        first = asyncio.create_task(client.call_tool(CAPS, {}))
        await settled()
        second = asyncio.create_task(client.call_tool(CAPS, {}))
        await settled()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await settled()
        gated.gate.set()
        assert not (await second).is_error
    assert first.cancelled()
    assert memory.asked() == 1


async def test_while_there_is_no_cache_yet_questions_are_answered_all_the_same() -> (
    None
):
    memory = Memory()
    memory.there = False
    async with memory.client() as client:
        for _ in range(2):
            assert not (await client.call_tool(CAPS, {})).is_error
        memory.there = True
        for _ in range(2):
            assert not (await client.call_tool(CAPS, {})).is_error
    assert memory.asked() == 3


async def test_while_nothing_stands_an_answer_serves_two_seconds() -> None:
    memory = Memory()
    memory.scene.quotes.gates["sweep"] = asyncio.Event()
    async with Client(memory.server()) as client:
        await client.call_tool(CAPS, {})
        memory.scene.clock.advance(1.9)
        await client.call_tool(CAPS, {})
        assert memory.asked() == 1
        memory.scene.clock.advance(0.1)
        await client.call_tool(CAPS, {})
        assert memory.asked() == 2
    await memory.cache.close()
    await memory.scene.market.close()
