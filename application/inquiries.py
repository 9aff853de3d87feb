"""Calls that nobody waits for: wanted ones first, few at once, failing ones rest."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from application.ports.journal import Journal
from domain.errors import MarketDataError, MarketDataRefusedError
from domain.listing import Ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How inquiries are made.

    Attributes:
        at_once: Under way at a time.
        rest: Seconds after which a failed one is made again.
        outage: Failures in a row after which all of them rest.
    """

    at_once: int = 4
    rest: float = 600.0
    outage: int = 20


@dataclass(slots=True, kw_only=True)
class Inquiries:
    """A queue of stocks to ask about, worked off behind the callers.

    Attributes:
        ask: One inquiry, which also keeps its answer.
        is_due: Whether there is no answer yet.
        done: Called whenever the queue has been worked off.
    """

    ask: Callable[[Ticker], Awaitable[None]]
    is_due: Callable[[Ticker], bool]
    done: Callable[[], Awaitable[None]]
    journal: Journal
    habits: Habits = field(default_factory=Habits)
    _wanted: dict[Ticker, None] = field(default_factory=dict)
    _others: dict[Ticker, None] = field(default_factory=dict)
    _asked: set[Ticker] = field(default_factory=set)
    _resting: dict[Ticker, float] = field(default_factory=dict)
    _rests_until: float = 0.0
    _in_a_row: int = 0
    _workers: "set[asyncio.Task[None]]" = field(default_factory=set)

    def want(self, tickers: Iterable[Ticker]) -> None:
        """Asks about these before all others."""
        self._wanted |= dict.fromkeys(x for x in tickers if self.may_ask(x))
        self._start()

    async def work_off(self, tickers: Iterable[Ticker]) -> None:
        """Asks about these in this order, behind what is wanted; waits for the end."""
        self._others = dict.fromkeys(x for x in tickers if self.may_ask(x))
        try:
            self._start()
            while self._workers:
                await asyncio.wait(self._workers)
        finally:
            self._others = {}

    def may_ask(self, ticker: Ticker) -> bool:
        """Whether an answer is missing, and nothing speaks against asking now."""
        now = asyncio.get_running_loop().time()
        rests_until = max(self._rests_until, self._resting.get(ticker, 0.0))
        return now >= rests_until and ticker not in self._asked and self.is_due(ticker)

    async def close(self) -> None:
        """Drops the queue and ends what is under way."""
        self._wanted, self._others = {}, {}
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self.done()

    def _start(self) -> None:
        """As many workers as there is work for."""
        work = len(self._wanted) + len(self._others)
        busy = sum(not worker.done() for worker in self._workers)
        for _ in range(min(self.habits.at_once - busy, work)):
            worker = asyncio.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self) -> None:
        """Asks until nothing is left; a crash ends the queue, and is said."""
        try:
            while True:
                while (ticker := self._next()) is not None:
                    await self._ask_once(ticker)
                if self._asked:
                    return  # whoever asks now looks at the queue again
                await self.done()
                if not self._wanted and not self._others:
                    return
        except Exception as error:
            self._stop()
            kind = type(error).__name__
            self.journal.warning("inquiries.stopped", kind=kind, error=str(error))

    def _next(self) -> Ticker | None:
        for queue in (self._wanted, self._others):
            while queue:
                ticker = next(iter(queue))
                del queue[ticker]
                if self.may_ask(ticker):
                    return ticker
        return None

    async def _ask_once(self, ticker: Ticker) -> None:
        self._asked.add(ticker)
        try:
            await self.ask(ticker)
        except MarketDataRefusedError:
            raise
        except MarketDataError as error:
            self._resting[ticker] = self._later()
            self._in_a_row += 1
            if self._in_a_row >= self.habits.outage:
                self._in_a_row = 0
                raise
            self.journal.warning("inquiries.failed", code=ticker, error=str(error))
        else:
            self._in_a_row = 0
            self._resting.pop(ticker, None)
        finally:
            self._asked.discard(ticker)

    def _stop(self) -> None:
        self._wanted, self._others = {}, {}
        self._rests_until = self._later()

    def _later(self) -> float:
        return asyncio.get_running_loop().time() + self.habits.rest
