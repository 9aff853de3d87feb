"""How many calls to the source somebody waited for, counted where they are made."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Tally:
    """Calls that were answered, or given up, before whoever counts them went on."""

    calls: int = 0
    _taken: "set[Tally]" = field(default_factory=set)

    def take(self, other: "Tally") -> None:
        """Another's too; once, however often it is taken."""
        if other not in self._taken:
            self._taken.add(other)
            self.calls += other.calls


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


def begin(work: Coroutine[Any, Any, T], tally: Tally) -> "asyncio.Task[T]":
    """A task that counts for itself; `share` tells those who wait for it."""
    context = copy_context()
    context.run(_tally.set, tally)
    return asyncio.create_task(work, context=context)


def share(task: "asyncio.Task[T]", tally: Tally) -> None:
    """What a task's calls come to counts here too, once it has ended.

    Whoever does not wait for it is gone by then, and counts no more.
    """
    mine = _tally.get()
    if mine is not None:
        task.add_done_callback(lambda _: mine.take(tally))
