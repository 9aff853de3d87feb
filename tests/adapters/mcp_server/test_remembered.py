"""Answers given again: what is the same question, and while what stands."""

from collections.abc import Callable
from typing import Any

import pytest
from mcp import Client

from tests.adapters.mcp_server.remembering import Memory, aged, raw, wire
from tests.adapters.mcp_server.served import (
    ERAS,
    Era,
)
from tests.adapters.mcp_server.told import CAPS, INVESTORS
from tests.application.scene import ALL


@pytest.mark.parametrize("era", ERAS)
async def test_the_same_question_is_asked_once_and_only_its_age_grows(
    era: Era,
) -> None:
    memory = Memory()
    async with memory.client(era) as client:
        first = await client.call_tool(CAPS, {"market": "KOSPI"})
        memory.scene.clock.advance(12.5)
        second = await client.call_tool(CAPS, {"market": "KOSPI"})
    assert memory.asked() == 1
    assert wire(second) == aged(first, 12.5)
    assert memory.cache.stats()[0].hits == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"count": 20, "venue": "ALL", "kinds": ["STOCK"], "session": None}),
        ({"count": 7}, {"count": "7"}),
        ({"kinds": "ETF,STOCK"}, {"kinds": ["ETF", "STOCK"]}),
        ({"market": "KOSDAQ", "offset": 1}, {"offset": 1, "market": "KOSDAQ"}),
    ],
)
async def test_two_ways_to_say_it_are_the_same_question(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    memory = Memory()
    async with memory.client() as client:
        first = await client.call_tool(CAPS, one)
        second = await client.call_tool(CAPS, other)
    assert memory.asked() == 1
    assert wire(first) == wire(second)


async def test_no_arguments_at_all_are_the_plainest_question() -> None:
    memory = Memory()
    async with memory.client("legacy") as client:
        await raw(client, {"name": CAPS})
        await raw(client, {"name": CAPS, "arguments": None})
        await raw(client, {"name": CAPS, "arguments": {}})
    assert memory.asked() == 1


async def test_every_criterion_and_every_tool_is_a_question_of_its_own() -> None:
    memory = Memory()
    async with memory.client() as client:
        for offset in (0, 1, 0, 1):
            await client.call_tool(CAPS, {"offset": offset})
            await client.call_tool(INVESTORS, {"offset": offset})
    assert (memory.asked(CAPS), memory.asked(INVESTORS)) == (2, 2)


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen of the market a moment ago is looked at again."""
    monkeypatch.setattr("application.standing.LOOKED", 0.0)


def another_phase(memory: Memory) -> None:
    memory.scene.clock.set("15:25")


def more_known(memory: Memory) -> None:
    memory.grown.version += 1


def a_minute(memory: Memory) -> None:
    memory.scene.clock.advance(60)


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("change", [another_phase, more_known, a_minute])
async def test_an_answer_that_no_longer_stands_is_found_anew(
    change: Callable[[Memory], None],
) -> None:
    memory = Memory()
    async with memory.client() as client:
        await client.call_tool(CAPS, {})
        change(memory)
        await client.call_tool(CAPS, {})
        await client.call_tool(CAPS, {})
    assert memory.asked() == 2


@pytest.mark.usefixtures("looking")
async def test_on_a_new_frame_it_is_found_anew() -> None:
    memory = Memory()
    async with memory.client() as client:
        await client.call_tool(CAPS, {})
        memory.scene.clock.advance(1)
        await memory.scene.market.refresh(ALL)
        await client.call_tool(CAPS, {})
        await client.call_tool(CAPS, {})
    assert memory.asked() == 2


async def test_both_eras_get_their_own_form() -> None:
    memory = Memory()
    found: dict[str, list[dict[str, Any]]] = {}
    async with memory.client():
        for era in ERAS:
            async with (
                Client(memory.server(), mode=era) as client,
                Client(memory.server(remembers=False), mode=era) as plain,
            ):
                clients = (client, client, plain)
                found[era] = [wire(await x.call_tool(CAPS, {})) for x in clients]
    for answers in found.values():
        assert answers[0] == answers[1] == answers[2]
    assert found["auto"][0]["resultType"] == "complete"
    assert not {"resultType", "_meta"} & found["legacy"][0].keys()


async def test_what_is_kept_is_told_at_many_ages_and_stays_as_it_is() -> None:
    memory = Memory()
    ages = []
    async with memory.client() as client:
        first = await client.call_tool(CAPS, {})
        for _ in range(5):
            memory.scene.clock.advance(1)
            told_now = (await client.call_tool(CAPS, {})).structured_content
            assert told_now is not None
            ages.append(told_now["meta"]["age_seconds"])
            told_now["meta"].clear()
            told_now.clear()
    assert wire(first)["structuredContent"]["meta"]["age_seconds"] == 0
    assert (ages, memory.asked()) == ([1, 2, 3, 4, 5], 1)


async def test_clearing_the_answers_lets_them_be_found_anew() -> None:
    memory = Memory()
    async with memory.client() as client:
        await client.call_tool(CAPS, {})
        assert await memory.cache.forget("answer:") == 1
        await client.call_tool(CAPS, {})
    assert memory.asked() == 2
