"""Where work that nobody waits for says what went wrong."""

from typing import Protocol


class Journal(Protocol):
    """A log; a structlog logger is one as it is."""

    def warning(self, event: str, **facts: object) -> object:
        """Something failed, and the work goes on."""
        ...
