"""What a process does while its ledger is lost, and after; in simulated time."""

from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from adapters.kis.shared_budget import (
    SETTLE_SECONDS,
    Entry,
    Ledger,
    LedgerLostError,
    SharedBudget,
)
from adapters.kis.transport import Priority
from tests.adapters.kis.until_shared import until_shared

NOW = Priority.INTERACTIVE


@dataclass
class FakeLedger(Ledger):
    """Answers as it is told to; keeps what it was asked."""

    entry: Entry = field(default_factory=lambda: Entry(wait=0.0, share=1.0, sharers=3))
    is_lost: bool = False
    asked: list[tuple[Priority | None, int]] = field(default_factory=list)

    @property
    @override
    def counts(self) -> bool:
        return False

    @override
    async def ask(self, priority: Priority | None, refusals: int) -> Entry:
        if self.is_lost:
            raise LedgerLostError("gone")
        self.asked.append((priority, refusals))
        return self.entry


@dataclass
class Scene:
    now: float = 100.0
    ledger: FakeLedger = field(default_factory=FakeLedger)
    budget: SharedBudget = field(init=False)

    def __post_init__(self) -> None:
        self.budget = SharedBudget(
            self.ledger,
            15.0,
            shared_by="redis",
            sharers=5,
            monotonic=lambda: self.now,
        )

    async def grants(self, seconds: float) -> int:
        """How many a caller gets who always comes back when told."""
        end, count = self.now + seconds, 0
        while self.now < end:
            wait = await self.budget.take(NOW)
            count += wait == 0
            self.now += wait or 0.001
        return count


async def test_the_ledgers_word_is_passed_on() -> None:
    scene = Scene()
    scene.ledger.entry = Entry(wait=0.25, share=0.8, sharers=3)
    assert await scene.budget.take(NOW) == 0.25
    assert scene.budget.state.rate == pytest.approx(12.0)
    assert scene.budget.state.shared_by == "redis"


async def test_refusals_are_told_once() -> None:
    scene = Scene()
    scene.budget.refused()
    scene.budget.refused()
    await scene.budget.share()
    await scene.budget.share()
    await scene.budget.take(NOW)
    assert scene.ledger.asked == [(None, 2), (NOW, 0)]


async def test_a_lost_ledger_leaves_the_part_of_those_it_last_counted() -> None:
    scene = Scene()
    await scene.budget.take(NOW)
    scene.ledger.is_lost = True
    assert await scene.budget.take(NOW) == pytest.approx(
        0.25
    )  # 1.05 less four gaps of a fifth
    assert scene.budget.state.rate == pytest.approx(5.0)
    assert await scene.grants(21.0) == pytest.approx(100, abs=2)  # 5 in each 1.05 s
    await scene.budget.close()


async def test_a_slowed_rate_is_divided_as_it_is() -> None:
    scene = Scene()
    scene.ledger.entry = Entry(wait=0.0, share=0.8, sharers=3)
    await scene.budget.take(NOW)
    scene.ledger.is_lost = True
    await scene.budget.take(NOW)
    assert scene.budget.state.rate == pytest.approx(4.0)
    await scene.budget.close()


async def test_refusals_that_could_not_be_told_slow_the_own_part() -> None:
    scene = Scene()
    await scene.budget.take(NOW)
    scene.ledger.is_lost = True
    for _ in range(3):
        scene.budget.refused()
    await scene.budget.share()
    assert scene.budget.state.rate == pytest.approx(4.0)
    scene.ledger.is_lost = False
    await until_shared(scene.budget, "redis")
    assert all(refusals == 0 for _, refusals in scene.ledger.asked)  # long past


async def test_a_found_ledger_is_not_trusted_alone_until_all_have_found_it() -> None:
    scene = Scene()
    await scene.budget.take(NOW)
    scene.ledger.is_lost = True
    with capture_logs() as logs:
        await scene.grants(1.0)
        scene.ledger.is_lost = False
        await until_shared(scene.budget, "redis")
    scene.now += 0.5
    assert await scene.grants(SETTLE_SECONDS - 0.6) <= 13  # 5 a second and 1
    scene.now += 0.2
    assert await scene.grants(0.1) > 50  # this ledger never says no
    assert [line["event"] for line in logs] == ["kis.budget_lost", "kis.budget_found"]


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        SharedBudget(FakeLedger(), 0.0, shared_by="folder", sharers=1)
