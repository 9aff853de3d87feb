"""What libraries may say: warnings, and retries without their arguments."""

import logging

import stamina.instrumentation
import structlog

_CHATTY = (
    "aiohttp.access",
    "alembic",
    "asyncio",
    "filelock",
    "httpcore",
    "httpx",
    "mcp",
    "sse_starlette",
    "uvicorn.access",
)
_OWN_HANDLERS = ("mcp", "uvicorn", "uvicorn.access", "uvicorn.error")

_log = structlog.get_logger(__name__)


def quiet(level: int) -> None:
    """Lets chatty libraries say warnings only, and no less than ``level``."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def silence_retried_arguments() -> None:
    """Replaces stamina's own hook, which logs every argument, tokens too."""
    stamina.instrumentation.set_on_retry_hooks([_log_retry])


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    _log.info(
        "retry",
        name=details.name,
        retry_num=details.retry_num,
        wait_for=round(details.wait_for, 3),
        error=type(details.caused_by).__name__,
    )
