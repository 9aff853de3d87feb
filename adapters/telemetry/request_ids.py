"""A name for each request, on every line that is logged while it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from structlog.contextvars import bound_contextvars


@contextmanager
def request(*, tool: str, request_id: str | None = None) -> Iterator[str]:
    """Binds ``request_id`` and ``tool`` to what is logged inside, tasks included.

    Args:
        tool: What was asked.
        request_id: The caller's own name for it; None for a new one.

    Yields:
        The request's id.
    """
    name = request_id or uuid4().hex[:8]
    with bound_contextvars(request_id=name, tool=tool):
        yield name
