"""How a log record becomes one line: context, time, exception, redaction, text."""

import logging
from collections.abc import Sequence
from typing import Literal

import structlog
from structlog.processors import ExceptionRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

from adapters.telemetry.redaction import Redactor

LineFormat = Literal["json", "console"]


def context(line_format: LineFormat) -> Sequence[Processor]:
    """What every record goes through first, ours and the libraries' alike."""
    return (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        TimeStamper(fmt="iso", utc=True),
        _exceptions(line_format),
    )


def formatter(
    line_format: LineFormat, redactor: Redactor, *, colors: bool
) -> logging.Formatter:
    """Renders a record; redaction comes last, so that nothing is added after it."""

    def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
        event.pop("color_message", None)  # uvicorn's, the event once more
        return redactor.mapping(event)

    return ProcessorFormatter(
        foreign_pre_chain=[*context(line_format), ExtraAdder()],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            redact,
            _renderer(line_format, colors=colors),
        ],
    )


def _exceptions(line_format: LineFormat) -> Processor:
    """Tracebacks without local variables: those hold keys and tokens."""
    if line_format == "console":
        return format_exc_info
    return ExceptionRenderer(ExceptionDictTransformer(show_locals=False, max_frames=20))


def _renderer(line_format: LineFormat, *, colors: bool) -> Processor:
    if line_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=colors, exception_formatter=structlog.dev.plain_traceback
    )
