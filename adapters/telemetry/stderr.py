"""The one place where logs go: standard error."""

import logging
import sys

from typing_extensions import override


class StderrHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to whatever is standard error at that moment, never to standard output.

    A record that cannot be written is named by its error only: the library's own
    report would show the arguments before redaction.
    """

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        kind = sys.exc_info()[0]
        name = kind.__name__ if kind else "unknown"
        try:
            sys.stderr.write(f"a log record of {record.name} was lost: {name}\n")
        except (OSError, ValueError, AttributeError):
            return  # standard error is gone; there is nowhere left to say so
