"""Tries a call again when that may help, within a few seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina
import stamina.instrumentation
import structlog

from adapters.kis.errors import KisOverLimitError, KisTransientError

ATTEMPTS = 4
PATIENCE = 4.5
"""Seconds of failed tries after which no other begins.

With the three that the last one may take, and the waits between, a question of eight
seconds hears of the failure before its deadline.
"""

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")


def silence_arguments() -> None:
    """Replaces stamina's own hooks, which log the arguments of what is retried."""
    stamina.instrumentation.set_on_retry_hooks([_log_retry])


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    error = details.caused_by
    _log.info(
        "kis.retry",
        call=details.name,
        attempt=details.retry_num,
        wait=round(details.wait_for, 3),
        error=type(error).__name__,
        code=getattr(error, "code", ""),
    )


def _always(error: KisTransientError) -> bool:  # noqa: ARG001 - any error
    return True


async def retried(
    name: str,
    call: Callable[[], Awaitable[_T]],
    *,
    goes_on: Callable[[KisTransientError], bool] = _always,
    is_awaited: bool = False,
) -> _T:
    """The first answer in four tries; any error that is not transient ends it.

    Args:
        name: What the log calls it.
        call: One whole try: exchange, envelope and payload.
        goes_on: Asked before another try.
        is_awaited: Somebody waits: all of a failed try's time counts, its queueing at
            the limiter too. Otherwise only what the broker kept us waiting in vain.

    Raises:
        MarketDataError: The last try's.
    """
    now = asyncio.get_running_loop().time
    spent, begun = 0.0, now()

    def worth_another(error: Exception) -> bool:
        nonlocal spent
        if not isinstance(error, KisTransientError):
            return False
        if is_awaited and not isinstance(error, KisOverLimitError):
            spent += max(error.waited, now() - begun)
        else:
            spent += error.waited
        return goes_on(error) and spent < PATIENCE

    attempts = stamina.retry_context(
        on=worth_another,
        attempts=ATTEMPTS,
        timeout=None,
        wait_initial=0.05,
        wait_max=0.4,
        wait_jitter=0.05,
    )
    async for attempt in attempts.with_name(name, (), {}):
        with attempt:
            begun = now()
            return await call()
    raise AssertionError("stamina neither returned nor raised")
