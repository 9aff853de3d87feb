"""Sets up logging: the first thing a process does, before anything can print."""

import logging
import sys
from collections.abc import Iterable

import structlog

from adapters.telemetry.libraries import quiet, silence_retried_arguments
from adapters.telemetry.lines import LineFormat, context, formatter
from adapters.telemetry.redaction import Redactor
from adapters.telemetry.stderr import StderrHandler


def configure_logging(
    level: str, line_format: LineFormat, secrets: Iterable[str] = ()
) -> None:
    """Sends every log line, ours and the libraries', redacted to standard error.

    Called again, it replaces what it set up before.

    Args:
        level: ``DEBUG`` to ``CRITICAL``.
        line_format: ``json``, or ``console`` for people.
        secrets: Values that no line may show.
    """
    number = logging.getLevelNamesMapping()[level]
    handler = StderrHandler()
    handler.setFormatter(
        formatter(line_format, Redactor(secrets), colors=_is_terminal())
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *context(line_format),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    quiet(number)
    silence_retried_arguments()


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
