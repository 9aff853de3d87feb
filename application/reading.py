"""Many calls of one kind: several at once, answers in batches, failures again later."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Hashable,
    Iterator,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from domain.errors import MarketDataError, MarketDataRefusedError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How many calls are made at once, and when one gives up.

    Attributes:
        rate: Calls a second that the source lets through; it spaces them itself.
        share: How much of the rate is used, a fraction.
        batch: Answers given together, at most.
        patience: Seconds that an answer waits for others.
        rounds: How often a stock that fails is asked.
        outage: Failures in a row that may mean that nothing is answered at all.
    """

    rate: float = 15.0
    share: float = 1.0
    batch: int = 50
    patience: float = 3.0
    rounds: int = 3
    outage: int = 20

    @property
    def at_once(self) -> int:
        """Calls under way: two seconds' worth, so that the source never waits."""
        return max(1, round(2 * self.rate * self.share))

    def spacing(self, calls: int) -> float:
        """Seconds that so many calls have to take; 0 at the full rate."""
        return 0.0 if self.share >= 1 else calls / (self.rate * self.share)


@dataclass(slots=True, kw_only=True)
class Reader(Generic[K, V]):
    """Asks for each of many, in their order.

    A refusal ends it at once. Whatever fails otherwise is asked again when all others
    are through. Before anything is given up, one that has answered before is asked
    again: where not even that answers, the source is down and nothing is given up.

    Attributes:
        ask: One call.
        proven: One that is known to be answered; None where there is none yet.
        failed: What was given up, and why; complete when `batches` has ended.
        ended: How many of the keys were asked, repeats left out.
        calls: Calls made, repeats included.
    """

    ask: Callable[[K], Awaitable[V]]
    manner: Manner
    proven: K | None = None
    failed: dict[K, MarketDataError] = field(default_factory=dict)
    ended: int = 0
    calls: int = 0
    _in_a_row: int = 0

    async def batches(
        self, keys: Sequence[K]
    ) -> AsyncGenerator[list[tuple[K, V]], None]:
        """Answers as they come; to be closed (`aclosing`) by whoever leaves early.

        Raises:
            MarketDataRefusedError: At once, what was read before it being given first.
            MarketDataError: Nothing is answered any more; likewise.
        """
        left = list(keys)
        for turn in range(self.manner.rounds):
            self.failed.clear()
            async with aclosing(self._round(left, first=turn == 0)) as batches:
                async for batch in batches:
                    yield batch
            left = [key for key in left if key in self.failed]
            if not left:
                return
        down = await self._outage(self.failed[left[-1]])
        if down is not None:
            raise down

    async def _round(
        self, keys: list[K], *, first: bool
    ) -> AsyncGenerator[list[tuple[K, V]], None]:
        """Each of the keys once."""
        now = asyncio.get_running_loop().time
        batch: list[tuple[K, V]] = []
        begun, heard = now(), 0
        async with aclosing(self._landings(keys)) as landings:
            async for landing in landings:
                end = await self._hear(landing, batch) if landing else None
                heard += landing is not None
                self.ended += first and landing is not None
                late = landing is None or now() - begun >= self.manner.patience
                if batch and (end or late or len(batch) >= self.manner.batch):
                    yield batch
                    batch = []
                    if not end:
                        await self._space(heard, now() - begun)
                    begun, heard = now(), 0
                if end:
                    raise end
        if batch:
            yield batch

    async def _landings(
        self, keys: list[K]
    ) -> AsyncGenerator[tuple[K, V | Exception] | None, None]:
        """Each key with its answer, as they come; None where none comes for long."""
        # A full queue holds the calls back while what was read is being kept.
        landed: asyncio.Queue[tuple[K, V | Exception]] = asyncio.Queue(
            self.manner.at_once
        )
        left = iter(keys)
        workers = [
            asyncio.create_task(self._work(left, landed))
            for _ in range(min(self.manner.at_once, len(keys)))
        ]
        try:
            for _ in keys:
                while True:
                    try:
                        async with asyncio.timeout(self.manner.patience):
                            landing = await landed.get()
                        break
                    except TimeoutError:
                        yield None
                yield landing
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(
        self, keys: Iterator[K], landed: "asyncio.Queue[tuple[K, V | Exception]]"
    ) -> None:
        for key in keys:
            self.calls += 1
            answer: V | Exception
            try:
                answer = await self.ask(key)
            except Exception as error:
                answer = error
            await landed.put((key, answer))

    async def _hear(
        self, landing: tuple[K, V | Exception], batch: list[tuple[K, V]]
    ) -> Exception | None:
        """Takes an answer in; the error that ends everything, where it is one."""
        key, answer = landing
        if not isinstance(answer, Exception):
            batch.append((key, answer))
            self.proven, self._in_a_row = key, 0
            return None
        is_refusal = isinstance(answer, MarketDataRefusedError)
        if is_refusal or not isinstance(answer, MarketDataError):
            return answer
        self.failed[key] = answer
        self._in_a_row += 1
        if self._in_a_row < self.manner.outage:
            return None
        self._in_a_row = 0
        return await self._outage(answer)

    async def _outage(self, error: MarketDataError) -> MarketDataError | None:
        """The error to end with, where not even a proven one is answered."""
        if self.proven is None:
            return error
        self.calls += 1
        try:
            await self.ask(self.proven)
        except MarketDataError as still:
            return still
        return None

    async def _space(self, calls: int, seconds: float) -> None:
        rest = self.manner.spacing(calls) - seconds
        if rest > 0:
            await asyncio.sleep(rest)
