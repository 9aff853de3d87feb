"""Tries a call again when that may help, within a few seconds."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina
import stamina.instrumentation
import structlog

from adapters.kis.errors import KisTransientError

ATTEMPTS = 4
PATIENCE = 6.0
"""Seconds that failed calls may take together, without queueing at the limiter."""

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


async def retried(name: str, call: Callable[[], Awaitable[_T]]) -> _T:
    """The first answer in four tries; any error that is not transient ends it.

    Args:
        name: What the log calls it.
        call: One whole try: exchange, envelope and payload.

    Raises:
        MarketDataError: The last try's.
    """
    spent = 0.0

    def worth_another(error: Exception) -> bool:
        nonlocal spent
        if not isinstance(error, KisTransientError):
            return False
        spent += error.waited
        return spent < PATIENCE

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
            return await call()
    raise AssertionError("stamina neither returned nor raised")
