"""Alerts, wired: what scans a frame, where it is told, and the resource of clients."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from adapters.alerts.kept_memory import AlertMemory
from adapters.alerts.log import LogChannel
from adapters.mcp_server.alert_feed import AlertFeed
from application.alert_delivery import Delivery
from application.alert_unusual_volume import (
    EXPLAIN_SECONDS,
    AlertUnusualVolume,
    Explain,
)
from application.find_unusual_volume import FindUnusualVolume
from application.gather_evidence import GatherEvidence
from application.market_view import MarketView
from application.ports.alerts import Channel, KeptAlerts
from application.ports.journal import Journal
from application.ports.market_data import Quotes
from bootstrap.settings import LiveSettings
from domain.causes import Cause
from domain.frame import MarketFrame
from domain.listing import Ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """What a process has of alerts.

    Attributes:
        feed: The resource that clients read and subscribe to.
        scan: The watcher's look at each new frame.
        close: Sends what is queued, as far as that is quick; ends the streams.
    """

    feed: AlertFeed
    scan: AlertUnusualVolume
    close: Callable[[], Awaitable[None]]


def alerting(  # noqa: PLR0913, PLR0917 - it joins what alerts need
    settings: LiveSettings,
    kept: KeptAlerts,
    http: aiohttp.ClientSession,
    quotes: Quotes,
    view: MarketView,
    journal: Journal,
    gather: GatherEvidence,
) -> Alerting:
    """Every channel that is set, each with a queue of its own.

    Args:
        settings: Where to: SLACK_WEBHOOK_URL, SMTP_*.
        kept: What was told, by any process.
        http: For Slack; its owner closes it.
        quotes: The environment's.
        view: The market that is scanned.
        journal: Where failures are told.
        gather: Looks for reasons.
    """
    feed = AlertFeed(kept)
    scan = AlertUnusualVolume(
        find=FindUnusualVolume(quotes=quotes, view=view),
        kept=kept,
        deliveries=[
            Delivery(channel=channel, journal=journal)
            for channel in _channels(settings, http, feed)
        ],
        journal=journal,
        threshold=settings.unusual_volume_threshold / 100,
        explain=_explaining(gather),
    )

    async def close() -> None:
        await scan.close()
        await feed.close()

    return Alerting(feed=feed, scan=scan, close=close)


def _explaining(gather: GatherEvidence) -> Explain:
    async def explain(
        frame: MarketFrame, tickers: Sequence[Ticker]
    ) -> dict[Ticker, list[str]]:
        """What evidence there is within a moment, by code."""
        row_of = frame.listings.row_of
        rows = {row_of[ticker]: ticker for ticker in tickers if ticker in row_of}
        found = await gather(frame, list(rows), timedelta(seconds=EXPLAIN_SECONDS))
        return {
            ticker: [
                reason.cause.value
                for reason in found.reasons[row]
                if reason.cause is not Cause.UNKNOWN
            ]
            for row, ticker in rows.items()
        }

    return explain


def silent_feed() -> AlertFeed:
    """The resource of an environment that scans nothing: it stays empty."""
    return AlertFeed(AlertMemory())


def _channels(
    settings: LiveSettings, http: aiohttp.ClientSession, feed: AlertFeed
) -> list[Channel]:
    channels: list[Channel] = [LogChannel(), feed]
    if settings.slack_webhook_url is not None:
        from adapters.alerts.slack import SlackChannel  # noqa: PLC0415

        channels.append(SlackChannel(http, settings.slack_webhook_url))
    if settings.mailbox is not None:
        from adapters.alerts.mail import EmailChannel  # noqa: PLC0415

        channels.append(EmailChannel(settings.mailbox))
    return channels
