"""How many calls to the source somebody waited for, counted where they are made."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Calls that were answered, or given up, before whoever counts them went on."""

    calls: int = 0


_tally: ContextVar[Tally | None] = ContextVar("source_calls", default=None)


def present_tally() -> Tally | None:
    """The one that counts here; None where nobody does."""
    return _tally.get()


def note_call() -> None:
    """One call to the source has ended."""
    tally = _tally.get()
    if tally is not None:
        tally.calls += 1


@contextlib.contextmanager
def counted() -> Iterator[Tally]:
    """Counts the calls that end inside, in tasks begun inside too."""
    tally = Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)
