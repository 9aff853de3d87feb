"""``market://unusual-volume``: what was told, and word of it to whoever subscribes."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import structlog
from mcp.server import MCPServer
from mcp.server.mcpserver.resources import FunctionResource
from mcp.server.subscriptions import InMemorySubscriptionBus, ResourceUpdated
from mcp.types import (
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    UnsubscribeRequestParams,
)
from typing_extensions import override

from adapters.mcp_server.alert_listeners import AlertListeners
from adapters.mcp_server.alert_state import alert_state
from adapters.mcp_server.alert_subscribers import AlertSubscribers
from application.ports.alerts import Alert, Channel, KeptAlerts

URI = "market://unusual-volume"

LOOK_SECONDS = 1.0
"""Between two looks at what other processes told, while anybody here listens."""

DESCRIPTION = """Stocks whose trading value became unusual in the running session \
(이상 거래량 알림), newest first. Each is listed once, and again when its level rises; \
subscribe to hear of it. JSON: won, percent, +09:00; provisional while the session runs.
simulated=true means invented figures."""

_log = structlog.get_logger(__name__)


class AlertFeed(Channel):
    """The resource, with both protocol eras' ways to hear that it changed.

    Up to 2025-11-25: ``resources/subscribe``, told over the session's own stream. From
    2026-07-28: ``subscriptions/listen``, whose answer is the stream.

    Args:
        kept: What was told, by any process of the folder or store.
        subscribers: At most, of each era.
        look_seconds: Between two looks at what others kept.
    """

    def __init__(
        self,
        kept: KeptAlerts,
        *,
        subscribers: int = 256,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self.bus = InMemorySubscriptionBus()
        self._kept = kept
        self._look_seconds = look_seconds
        self._listeners = AlertListeners(
            self.bus, uri=URI, most=subscribers, begins=self._listen
        )
        self._subscribers = AlertSubscribers(
            uri=URI, most=subscribers, begins=self._listen
        )
        self._mark: str | None = None
        self._looking: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @property
    @override
    def name(self) -> str:
        return "resource"

    @property
    def subscribed(self) -> int:
        """Clients that hear of it now."""
        return self._listeners.count + self._subscribers.count

    @property
    def is_looking(self) -> bool:
        """Whether it looks at what other processes told."""
        return self._looking is not None and not self._looking.done()

    @override
    async def send(self, alert: Alert) -> None:
        """What was told is kept by now; nobody may be listening."""
        await self._look()

    def serve(self, server: MCPServer[Any]) -> None:
        """Adds the resource to a server that publishes on `bus`."""
        server.add_resource(
            FunctionResource(
                uri=URI,
                name="unusual-volume",
                title="Unusual volume alerts (이상 거래량 알림)",
                description=DESCRIPTION,
                mime_type="application/json",
                fn=self._read,
            )
        )
        # The SDK has no public way to serve these: a private attribute of a pinned
        # minor version, held by a test.
        handle: Callable[..., None] = server._lowlevel_server.add_request_handler  # noqa: SLF001
        subscribers = self._subscribers
        handle("resources/subscribe", SubscribeRequestParams, subscribers.add)
        handle("resources/unsubscribe", UnsubscribeRequestParams, subscribers.remove)
        handle(
            "subscriptions/listen", SubscriptionsListenRequestParams, self._listeners
        )

    def end_streams(self) -> None:
        """Ends what listens, in its own way: an open stream would delay the end."""
        self._listeners.close()

    async def close(self) -> None:
        """Ends the streams, and looks no more."""
        self.end_streams()
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _read(self) -> str:
        return alert_state(await self._kept.load())

    async def _listen(self) -> None:
        """Somebody begins to: what is told from now on is news."""
        if not self.is_looking:
            self._looking = asyncio.create_task(self._keep_looking())
            self._mark = (await self._kept.load()).mark

    async def _keep_looking(self) -> None:
        """Other processes tell too; ends once nobody listens here."""
        while self.subscribed:
            await asyncio.sleep(self._look_seconds)
            await self._look()

    async def _look(self) -> None:
        """Says that the resource changed, once for each change."""
        async with self._turn:
            try:
                mark = (await self._kept.load()).mark
                if mark == self._mark:
                    return
                self._mark = mark
                await self.bus.publish(ResourceUpdated(uri=URI))
                await self._subscribers.tell()
            except Exception as error:  # nobody waits for this task to say so
                _log.warning("alerts.not_published", error=type(error).__name__)
