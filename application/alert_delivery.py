"""One channel's alerts: a short queue, a worker of its own, and what became of them."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from application.ports.alerts import Alert, Channel, NotSentError
from application.ports.journal import Journal

QUEUED = 20
"""Alerts at most; a scan a minute with news in each fills it in twenty minutes."""

WAITS_SECONDS = (2.0, 10.0)
"""Before the second and the third try."""

LONGEST_WAIT_SECONDS = 60.0
"""However long the other side asks us to wait."""

TRY_SECONDS = 20.0
"""For one try, whatever the channel's own timeouts."""

LAST_SECONDS = 1.0
"""For what is still queued when the process ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of a channel's alerts since the process started.

    Attributes:
        queued: Waiting, or being sent.
        dropped: Given up for newer ones, the queue being full.
        error: Of the last alert, where it was not sent; else empty.
    """

    name: str
    sent: int
    failed: int
    dropped: int
    queued: int
    error: str


@dataclass(slots=True, kw_only=True)
class Delivery:
    """Hands alerts to one channel, in order, without making anybody wait.

    Attributes:
        most: Alerts that wait at once; then the oldest is dropped.
        waits: Seconds before each further try.
        try_seconds: For one try.
    """

    channel: Channel
    journal: Journal
    most: int = QUEUED
    waits: tuple[float, ...] = WAITS_SECONDS
    try_seconds: float = TRY_SECONDS
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _queue: deque[Alert] = field(default_factory=deque)
    _worker: "asyncio.Task[None] | None" = None
    _sent: int = 0
    _failed: int = 0
    _dropped: int = 0
    _sending: int = 0
    _error: str = ""

    @property
    def tally(self) -> Tally:
        """As it is now."""
        return Tally(
            name=self.channel.name,
            sent=self._sent,
            failed=self._failed,
            dropped=self._dropped,
            queued=len(self._queue) + self._sending,
            error=self._error,
        )

    def put(self, alert: Alert) -> None:
        """Returns at once; the alert goes out as soon as those before it have."""
        if len(self._queue) >= self.most:
            self._queue.popleft()
            self._dropped += 1
            self.journal.warning(
                "alert.dropped", channel=self.channel.name, dropped=self._dropped
            )
        self._queue.append(alert)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Gives what is queued a moment, and ends."""
        if self._worker is None:
            return
        await asyncio.wait({self._worker}, timeout=LAST_SECONDS)
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker

    async def _work(self) -> None:
        while self._queue:
            alert, self._sending = self._queue.popleft(), 1
            try:
                await self._deliver(alert)
            finally:
                self._sending = 0

    async def _deliver(self, alert: Alert) -> None:
        for tried, wait in enumerate((*self.waits, None), start=1):
            refused = await self._refusal(alert)
            if refused is None:
                self._sent += 1
                self._error = ""
                return
            self._error = str(refused)
            is_last = wait is None or refused.is_final
            self.journal.warning(
                "alert.not_sent",
                channel=self.channel.name,
                error=self._error,
                tried=tried,
                given_up=is_last,
            )
            if wait is None or refused.is_final:
                break
            asked = min(refused.retry_after or 0.0, LONGEST_WAIT_SECONDS)
            await self.sleep(max(wait, asked))
        self._failed += 1

    async def _refusal(self, alert: Alert) -> NotSentError | None:
        """None once the channel has taken it; a broken channel refuses for good."""
        try:
            async with asyncio.timeout(self.try_seconds):
                await self.channel.send(alert)
        except NotSentError as error:
            return error
        except TimeoutError:
            return NotSentError(f"{self.try_seconds:g}초 안에 보내지 못했습니다.")
        except Exception as error:  # whatever it is, the other channels go on
            return NotSentError(
                f"보내다가 오류가 났습니다({type(error).__name__}).", is_final=True
            )
        return None
