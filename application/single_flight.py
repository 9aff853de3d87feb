"""One computation per key in a process, however many ask."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from application.source_calls import Tally, begin, share
from domain.errors import VolumeRankingError

T = TypeVar("T")


@dataclass(slots=True)
class SingleFlight:
    """Tasks by key; whoever asks while one runs gets that one.

    A flight that fails tells those who wait for it. One that crashes (with an error
    that is none of ours) is told to the event loop too: nobody may be waiting.

    Await a flight through `asyncio.shield` or `asyncio.wait`: a caller that is
    cancelled must not take the others' answer with it.
    """

    _tasks: dict[Hashable, asyncio.Task[Any]] = field(default_factory=dict)
    _tallies: dict[Hashable, Tally] = field(default_factory=dict)

    def start(
        self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]
    ) -> asyncio.Task[T]:
        """The running flight of the key, begun now if there is none."""
        running = self._tasks.get(key)
        if running is not None and not running.done():
            share(running, self._tallies[key])
            return running
        tally = Tally()
        task = begin(work(), tally)
        self._tasks[key], self._tallies[key] = task, tally
        share(task, tally)
        task.add_done_callback(lambda done: self._landed(key, done))
        return task

    def _landed(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key], self._tallies[key]
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, VolumeRankingError):
            said = {"message": f"flight {key!r} crashed", "exception": error}
            task.get_loop().call_exception_handler(said)

    async def close(self) -> None:
        """Cancels what still flies and waits for it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
