"""The limiter over budgets that take their time, or fail."""

import asyncio
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from adapters.kis.budget import Budget, BudgetState
from adapters.kis.throttle import Limiter
from adapters.kis.transport import Priority

NOW, BEHIND = Priority.INTERACTIVE, Priority.BACKGROUND


@dataclass
class SlowBudget(Budget):
    """Grants one slot for each ``free()``; answers a turn of the loop later."""

    wait: float = 0.02
    answered: list[Priority] = field(default_factory=list)
    slots: int = 0
    told: int = 0
    untold: int = 0
    closed: bool = False
    failure: Exception | None = None

    @property
    @override
    def state(self) -> BudgetState:
        return BudgetState(rate=15.0, configured_rate=15.0, shared_by="folder")

    @override
    async def take(self, priority: Priority) -> float:
        await asyncio.sleep(0.001)
        self.answered.append(priority)
        if self.failure is not None:
            raise self.failure
        if self.slots == 0:
            return self.wait
        self.slots -= 1
        return 0.0

    @override
    def refused(self) -> bool:
        self.untold += 1
        return True

    @override
    async def share(self) -> None:
        self.told, self.untold = self.told + self.untold, 0

    @override
    async def close(self) -> None:
        self.closed = True


async def test_an_interactive_caller_is_asked_for_as_soon_as_it_comes() -> None:
    budget = SlowBudget(wait=600.0)
    limiter, order = Limiter(budget=budget), []

    async def call(name: str, priority: Priority) -> None:
        await limiter.acquire(priority)
        order.append(name)

    calls = [asyncio.create_task(call("sweep", BEHIND)) for _ in range(2)]
    async with asyncio.timeout(20):
        while len(budget.answered) < 2:  # noqa: ASYNC110 - one's try, and the queue's
            await asyncio.sleep(0.001)
        budget.slots = 3
        await asyncio.gather(*calls, call("question", NOW))
    assert budget.answered == [BEHIND, BEHIND, NOW, BEHIND, BEHIND]
    assert order == ["question", "sweep", "sweep"]
    assert limiter.stats.granted == 3


async def test_every_caller_of_a_crowd_gets_one_grant() -> None:
    budget = SlowBudget(slots=50)
    limiter = Limiter(budget=budget)
    async with asyncio.timeout(20):
        await asyncio.gather(*(limiter.acquire() for _ in range(50)))
    assert (budget.slots, limiter.stats.granted) == (0, 50)
    assert limiter.stats.waiting == 0


async def test_a_caller_cancelled_while_it_asks_stops_nobody() -> None:
    limiter = Limiter(budget=SlowBudget(slots=3))
    first = asyncio.create_task(limiter.acquire())
    second = asyncio.create_task(limiter.acquire())
    await asyncio.sleep(0)
    first.cancel()
    async with asyncio.timeout(20):
        await second
        await limiter.acquire()


async def test_refusals_are_shared_though_nobody_waits() -> None:
    budget = SlowBudget()
    limiter = Limiter(budget=budget)
    limiter.refused()
    limiter.refused()
    await asyncio.sleep(0.01)
    assert (budget.told, limiter.stats.refused) == (2, 2)


async def test_refusals_are_shared_while_others_wait() -> None:
    budget = SlowBudget()
    limiter = Limiter(budget=budget)
    waiter = asyncio.create_task(limiter.acquire())
    await asyncio.sleep(0.01)
    limiter.refused()
    async with asyncio.timeout(20):
        while not budget.told:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)
    waiter.cancel()


async def test_a_budget_that_breaks_leaves_nobody_waiting() -> None:
    budget = SlowBudget()
    limiter = Limiter(budget=budget)
    waiters = [asyncio.create_task(limiter.acquire()) for _ in range(3)]
    await asyncio.sleep(0.01)
    budget.failure = RuntimeError("broken")
    async with asyncio.timeout(20):
        ends = await asyncio.gather(*waiters, return_exceptions=True)
    assert [str(end) for end in ends] == ["broken"] * 3
    budget.failure, budget.slots = None, 1
    await limiter.acquire()


async def test_closing_ends_what_the_budget_does_behind() -> None:
    budget = SlowBudget()
    await Limiter(budget=budget).close()
    assert budget.closed


@pytest.mark.parametrize("rate", [0.0, -1.0])
def test_a_rate_of_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Limiter(rate)
