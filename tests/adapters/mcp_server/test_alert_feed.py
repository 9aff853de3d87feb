"""The alerts' resource: real clients of both eras hear of it, wherever they are."""

import asyncio
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp.server import MCPServer
from typing_extensions import override

from adapters.mcp_server.alert_feed import URI
from adapters.mcp_server.server import build_server
from domain.alerting import AlertBook
from domain.unusual_volume import Level
from tests.adapters.mcp_server.hearing import (
    feed_over,
    hearing,
    read,
    server_with,
    subscribe,
    unsubscribe,
    watcher,
)
from tests.adapters.mcp_server.served import ERAS, VERSION, Era, Scopes, use_cases
from tests.alerts_scene import (
    SIMULATED,
    Kept,
    alerted,
    book,
    finds,
    new_frame,
    rows,
    until,
)
from tests.application.scene import Scene


async def refused(server: MCPServer[Any], era: Era) -> str:
    """The errors with which a subscription ends; the client wraps them in groups."""
    told = ""
    try:
        async with hearing(server, era):
            pass
    except* MCPError as errors:
        told = repr(errors)
    return told


@pytest.mark.parametrize("era", ERAS)
async def test_the_resource_can_be_read_before_anything_was_told(era: Era) -> None:
    async with (
        feed_over(Kept()) as feed,
        Client(server_with(feed), mode=era) as client,
    ):
        (listed,) = (await client.list_resources()).resources
        state = await read(client)
        assert client.server_capabilities is not None
        assert client.server_capabilities.resources is not None
        assert client.server_capabilities.resources.subscribe is True

    assert str(listed.uri) == URI
    assert (state["session"], state["count"], state["stocks"]) == (None, 0, [])
    assert state["notes"]


async def test_the_resource_says_what_was_told() -> None:
    stock = alerted("005930", Level.EXTREME, before=Level.STRONG, reasons=("unknown",))
    kept = Kept(book(stock, source=SIMULATED))
    async with feed_over(kept) as feed, Client(server_with(feed)) as client:
        state = await read(client)

    assert state == {
        "session": "2026-08-20",
        "as_of": "2026-08-20T10:30:00+09:00",
        "source": "recording:bundled",
        "simulated": True,
        "count": 1,
        "stocks": [
            {
                "stock_code": "005930",
                "stock_name": "종목005930",
                "market_type": "KOSPI",
                "level": "extreme",
                "level_before": "strong",
                "alerted_at": "2026-08-20T10:30:00+09:00",
                "trading_value": 1_221_700_000_000,
                "times_expected": 4.2,
                "price_change_rate": 3.46,
                "reasons": ["unknown"],
            }
        ],
        "notes": [],
    }


@pytest.mark.parametrize("era", ERAS)
async def test_a_subscribed_client_hears_of_each_new_alert_once(era: Era) -> None:
    kept = Kept()
    async with feed_over(kept, look_seconds=0.01) as feed:
        alerts = watcher(feed, kept)
        async with hearing(server_with(feed), era) as one:
            await alerts(new_frame("10:30"))
            await one.until(1)
            await alerts(new_frame("10:31"))  # nothing new: nothing is said
            alerts.find = finds(*rows("000001", level=Level.EXTREME), when="10:32")
            await alerts(new_frame("10:32"))
            await one.until(2)
            await asyncio.sleep(0.1)
            assert one.heard == [URI, URI]
            (stock,) = (await one.read())["stocks"]
            assert (stock["level_before"], stock["level"]) == ("strong", "extreme")
        await alerts.close()


async def test_who_unsubscribes_or_leaves_is_told_no_more() -> None:
    kept = Kept()
    async with feed_over(kept) as feed:
        alerts, server = watcher(feed, kept), server_with(feed)
        async with hearing(server, "legacy") as one:
            await unsubscribe(one.client)
            await alerts(new_frame())
            await until(lambda: alerts.tallies[0].sent == 1)
            assert one.heard == []
            await subscribe(one.client)
            assert feed.subscribed == 1
        for era in ERAS:
            async with hearing(server, era):
                assert feed.subscribed == 1
            await until(lambda: feed.subscribed == 0)
        await alerts.close()


async def test_subscribing_twice_is_subscribing_once() -> None:
    kept = Kept()
    async with feed_over(kept) as feed:
        alerts = watcher(feed, kept)
        async with hearing(server_with(feed), "legacy") as one:
            await subscribe(one.client)
            await alerts(new_frame())
            await one.until(1)
            await asyncio.sleep(0.05)
            assert one.heard == [URI]
        await alerts.close()


@pytest.mark.parametrize("era", ERAS)
async def test_one_too_many_is_refused_and_the_others_stay(era: Era) -> None:
    kept = Kept()
    async with feed_over(kept, subscribers=2) as feed:
        alerts, server = watcher(feed, kept), server_with(feed)
        async with hearing(server, era) as one, hearing(server, era) as other:
            assert "MCPError" in await refused(server, era)
            await alerts(new_frame())
            await one.until(1)
            await other.until(1)
        await alerts.close()


async def test_other_resources_cannot_be_subscribed_to() -> None:
    async with feed_over(Kept()) as feed:
        server = server_with(feed)
        async with Client(server, mode="legacy") as client:
            with pytest.raises(MCPError) as caught:
                await subscribe(client, "market://other")
        assert URI in caught.value.error.message
        async with (
            Client(server) as client,
            client.listen(
                resource_subscriptions=["market://other"], tools_list_changed=True
            ) as stream,
        ):
            assert not stream.honored.resource_subscriptions
            assert not stream.honored.tools_list_changed


async def test_nobody_looks_at_the_store_while_nobody_listens() -> None:
    class Counted(Kept):
        loads = 0

        @override
        async def load(self) -> AlertBook:
            self.loads += 1
            return await super().load()

    kept = Counted()
    async with feed_over(kept, look_seconds=0.001) as feed:
        async with hearing(server_with(feed), "auto"):
            await until(lambda: kept.loads > 5)
        await until(lambda: not feed.is_looking)
        loads = kept.loads
        await asyncio.sleep(0.05)
        assert kept.loads == loads


async def test_a_server_without_alerts_has_no_such_resource() -> None:
    server = build_server(use_cases(Scene()), version=VERSION, scope=Scopes())
    async with Client(server, mode="legacy") as client:
        assert (await client.list_resources()).resources == []
        with pytest.raises(MCPError):
            await subscribe(client)
