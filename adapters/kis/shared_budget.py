"""A budget that many processes share, and each one's own while they cannot."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from typing_extensions import override

from adapters.kis.budget import Budget, BudgetState, LocalBudget, SharedBy
from adapters.kis.pace import Pace, PaceState
from adapters.kis.transport import Priority

RETRY_SECONDS = 1.0
"""Between two looks at a ledger that was lost, or that counts who looks."""

SETTLE_SECONDS = 3.0
"""After a ledger is found: some processes may not have found it yet."""

_log = structlog.get_logger(__name__)


class LedgerLostError(Exception):
    """The ledger cannot be asked; the text is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a ledger answers.

    Attributes:
        wait: 0 when the call may go at once; else seconds until the next ask.
        share: The rate at present, of the configured one.
        sharers: Among how many the rate is divided when the ledger is lost.
    """

    wait: float
    share: float
    sharers: int


class Ledger(Protocol):
    """Where the budget is kept for all."""

    @property
    def counts(self) -> bool:
        """Whether it counts who shares it, so that idle ones are to be seen there."""
        ...

    async def ask(self, priority: Priority | None, refusals: int) -> Entry:
        """Notes refusals, then takes a grant; None takes none.

        Raises:
            LedgerLostError: It did not answer.
        """
        ...


class SharedBudget(Budget):
    """Goes by a ledger; while that is lost, by its part of the rate.

    Args:
        ledger: What is shared.
        rate: Calls a second, of all together.
        shared_by: What the ledger is.
        sharers: Among how many the rate is divided, as long as the ledger has not said.
        monotonic: A clock that only runs forward, in seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        rate: float,
        *,
        shared_by: SharedBy,
        sharers: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if rate <= 0:
            raise ValueError(f"rate {rate}: must be above 0")
        self._ledger = ledger
        self._configured = rate
        self._shared_by = shared_by
        self._sharers = sharers
        self._monotonic = monotonic
        self._share = 1.0
        self._untold = 0
        self._alone: LocalBudget | None = None
        self._alone_until: float | None = None  # set once the ledger is found again
        self._keeper: asyncio.Task[None] | None = None

    @property
    @override
    def state(self) -> BudgetState:
        lost = self._lost_to()
        return BudgetState(
            rate=lost.state.rate if lost else self._configured * self._share,
            configured_rate=self._configured,
            shared_by="fallback" if lost else self._shared_by,
        )

    @override
    async def take(self, priority: Priority) -> float:
        self._keep()
        self._settle()
        if lost := self._lost_to():
            return await lost.take(priority)
        settling = self._alone
        if settling is not None and (wait := settling.wait()) > 0:
            return wait
        try:
            wait = await self._ask(priority)
        except LedgerLostError as error:
            return await self._lose(error).take(priority)
        if wait == 0 and settling is not None:
            settling.grant()
        return wait

    @override
    def refused(self) -> bool:
        if self._alone is not None:
            self._alone.refused()
        if self._lost_to() is None:
            self._untold += 1
        return self._untold > 0

    @override
    async def share(self) -> None:
        if self._untold:
            try:
                await self._ask(None)
            except LedgerLostError as error:
                self._lose(error)

    @override
    async def close(self) -> None:
        if self._keeper is not None and not self._keeper.done():
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    async def _ask(self, priority: Priority | None) -> float:
        told, self._untold = self._untold, 0
        try:
            entry = await self._ledger.ask(priority, told)
        except BaseException:
            self._untold += told
            raise
        self._sharers = max(1, entry.sharers)
        if entry.share != self._share:
            _log.info(
                "kis.budget_changed",
                rate=round(self._configured * entry.share, 2),
                was=round(self._configured * self._share, 2),
            )
            self._share = entry.share
        return entry.wait

    def _lost_to(self) -> LocalBudget | None:
        """The own budget, while the ledger is lost."""
        return self._alone if self._alone_until is None else None

    def _settle(self) -> None:
        """Drops the own budget once all others have dropped theirs."""
        until = self._alone_until
        if until is not None and self._monotonic() >= until:
            self._alone = self._alone_until = None

    def _lose(self, error: LedgerLostError) -> LocalBudget:
        """Goes on alone, at its part, as if the last second had been full."""
        self._alone_until = None
        if self._alone is None:
            rate, now = self._configured / self._sharers, self._monotonic()
            pace = Pace(rate, PaceState(share=self._share, stepped=now))
            pace.assume_spent(now, spread=True)
            self._alone = LocalBudget(rate, monotonic=self._monotonic, pace=pace)
            for _ in range(self._untold):
                self._alone.refused()
            _log.warning(
                "kis.budget_lost",
                shared_by=self._shared_by,
                error=str(error),
                rate=round(rate, 2),
            )
        self._untold = 0
        self._keep()
        return self._alone

    def _find(self) -> None:
        """Goes by the ledger again; by its own too, until all others have found it."""
        if self._lost_to():
            self._alone_until = self._monotonic() + SETTLE_SECONDS
            _log.info("kis.budget_found", shared_by=self._shared_by)

    def _keep(self) -> None:
        """Sees to it that somebody looks at the ledger while no call does."""
        if self._is_to_look() and (self._keeper is None or self._keeper.done()):
            self._keeper = asyncio.create_task(self._look_again_and_again())

    def _is_to_look(self) -> bool:
        return self._ledger.counts or self._lost_to() is not None

    async def _look_again_and_again(self) -> None:
        while self._is_to_look():
            await asyncio.sleep(RETRY_SECONDS)
            try:
                await self._ask(None)
            except LedgerLostError as error:
                self._lose(error)
            else:
                self._find()
