"""A server of alerts, and clients of both eras who want to hear of them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from mcp import Client
from mcp.client.subscriptions import Subscription
from mcp.server import MCPServer
from mcp.shared.exceptions import MCPDeprecationWarning
from mcp.types import ResourceUpdatedNotification, TextResourceContents

from adapters.mcp_server.alert_feed import URI, AlertFeed
from adapters.mcp_server.server import build_server
from application.alert_unusual_volume import AlertUnusualVolume
from application.ports.alerts import KeptAlerts
from tests.adapters.mcp_server.served import VERSION, Era, Scopes, use_cases
from tests.alerts_scene import FakeChannel, alerts_over, finds, rows
from tests.application.scene import Scene


@dataclass
class Hearing:
    """A subscribed client, and every resource it was told of.

    Attributes:
        ended: The server has ended the stream in good order.
    """

    client: Client
    heard: list[str] = field(default_factory=list)
    ended: bool = False

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.heard) < count:  # noqa: ASYNC110 - filled by callbacks
                await asyncio.sleep(0.005)

    async def read(self) -> Any:
        return await read(self.client)


async def read(client: Client) -> Any:
    """What the resource says."""
    answer = await client.read_resource(URI)
    (content,) = answer.contents
    assert isinstance(content, TextResourceContents)
    assert content.mime_type == "application/json"
    return json.loads(content.text)


@asynccontextmanager
async def hearing(server: Any, era: Era) -> AsyncIterator[Hearing]:
    """Subscribed, in its era's way, for as long as the block lasts."""
    if era == "legacy":
        async with _subscribed(server) as one:
            yield one
    else:
        async with _listening(server) as one:
            yield one


@asynccontextmanager
async def _subscribed(server: Any) -> AsyncIterator[Hearing]:
    heard: list[str] = []

    async def take(message: Any) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            heard.append(str(message.params.uri))

    async with Client(server, mode="legacy", message_handler=take) as client:
        await subscribe(client)
        yield Hearing(client, heard)


async def subscribe(client: Client, uri: str = URI) -> None:
    with pytest.warns(MCPDeprecationWarning):
        await client.subscribe_resource(uri)


async def unsubscribe(client: Client, uri: str = URI) -> None:
    with pytest.warns(MCPDeprecationWarning):
        await client.unsubscribe_resource(uri)


@asynccontextmanager
async def _listening(server: Any) -> AsyncIterator[Hearing]:
    async with Client(server) as client:
        one = Hearing(client)
        async with client.listen(resource_subscriptions=[URI]) as stream:
            assert stream.honored.resource_subscriptions == [URI]
            taking = asyncio.create_task(_take(stream, one))
            try:
                yield one
            finally:
                taking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await taking


async def _take(stream: Subscription, one: Hearing) -> None:
    async for event in stream:
        one.heard.append(getattr(event, "uri", ""))
    one.ended = True


def server_with(feed: AlertFeed) -> MCPServer[Any]:
    return build_server(
        use_cases(Scene()), version=VERSION, scope=Scopes(), alerts=feed
    )


@asynccontextmanager
async def feed_over(kept: KeptAlerts, **options: Any) -> AsyncIterator[AlertFeed]:
    feed = AlertFeed(kept, **options)
    try:
        yield feed
    finally:
        await feed.close()


def watcher(feed: AlertFeed | None, kept: KeptAlerts) -> AlertUnusualVolume:
    """The product's use case, finding what it is told to."""
    alerts = alerts_over(finds(*rows("000001")), feed or FakeChannel())
    alerts.kept = kept
    return alerts
