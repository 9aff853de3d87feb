"""Several budgets on one folder, as several processes have them, in simulated time."""

import asyncio
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

import filelock
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.kis.folder_budget import FileLedger, folder_budget
from adapters.kis.pace import WINDOW
from adapters.kis.shared_budget import SETTLE_SECONDS, SharedBudget
from adapters.kis.throttle import Limiter
from adapters.kis.transport import Priority
from tests.adapters.kis.sliding import most_in_any
from tests.adapters.kis.until_shared import until_shared

NOW, BEHIND = Priority.INTERACTIVE, Priority.BACKGROUND
GAP = 1 / 15


@dataclass
class HandMonotonic:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def budgets(
    folder: Path, clock: HandMonotonic, count: int = 1, rate: float = 15.0
) -> list[SharedBudget]:
    return [folder_budget(folder, "k", rate, monotonic=clock) for _ in range(count)]


def state_file(folder: Path) -> Path:
    (path,) = folder.glob("kis-budget-*.json")
    return path


async def granted(
    clock: HandMonotonic, asking: list[tuple[SharedBudget, Priority]], seconds: float
) -> list[tuple[float, int]]:
    """Who got what when, if each always asks again at the time it was told."""
    end, due = clock.now + seconds, [clock.now] * len(asking)
    grants: list[tuple[float, int]] = []
    while (at := min(due)) < end:
        index = due.index(at)
        clock.now = max(clock.now, at)
        wait = await asking[index][0].take(asking[index][1])
        if wait == 0:
            grants.append((clock.now, index))
        due[index] = clock.now + wait
    return grants


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.001, 0.01, 0.03, 0.07, 0.4, 3.0]),  # then
        st.integers(0, 2),  # who
        st.sampled_from([NOW, BEHIND]),
        st.booleans(),  # waits as told, or asks at once
    ),
    max_size=120,
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS, rate=st.sampled_from([0.9, 3.0, 7.5, 15.0, 18.0]))
def test_no_order_of_takers_gets_more_than_the_rate_in_any_window(
    steps: list[tuple[float, int, Priority, bool]], rate: float
) -> None:
    async def play(folder: Path) -> list[float]:
        clock, times = HandMonotonic(), []
        ledgers = [FileLedger(folder, "k", rate, monotonic=clock) for _ in range(3)]
        for pause, who, priority, waits in steps:
            clock.now += pause
            entry = await ledgers[who].ask(priority, 0)
            if waits and entry.wait > 0:
                clock.now += entry.wait
                entry = await ledgers[who].ask(priority, 0)
            if entry.wait == 0:
                times.append(clock.now)
        return times

    with tempfile.TemporaryDirectory() as name:
        times = asyncio.run(play(Path(name)))
    # A window's end is its next one's beginning; the file keeps doubles whole.
    assert most_in_any(times, WINDOW - 1e-9) <= max(1, int(rate))


async def test_busy_processes_share_alike_and_lose_nothing(tmp_path: Path) -> None:
    clock = HandMonotonic()
    four = [(one, NOW) for one in budgets(tmp_path, clock, 4)]
    grants = await granted(clock, four, 41.99)
    counts = [sum(who == index for _, who in grants) for index in range(4)]
    assert sum(counts) == 600  # 15 in each 1.05 s
    assert max(counts) - min(counts) <= 2


async def test_background_calls_yield_to_another_processs_callers(
    tmp_path: Path,
) -> None:
    clock = HandMonotonic()
    sweeper, asker = budgets(tmp_path, clock, 2)
    grants = await granted(clock, [(sweeper, BEHIND), (asker, NOW)], 10.0)
    assert [who for _, who in grants].count(0) == 1  # it came first: nobody waited
    alone = await granted(clock, [(sweeper, BEHIND)], 10.0)
    assert len(alone) >= 130


async def test_a_process_that_dies_in_line_costs_no_slot(tmp_path: Path) -> None:
    clock = HandMonotonic()
    dead, alive = budgets(tmp_path, clock, 2)
    assert await alive.take(NOW) == 0
    assert await dead.take(NOW) > 0  # told when to come; it never does
    grants = await granted(clock, [(alive, NOW)], 1.0)
    assert len(grants) == 14


async def test_a_refusal_slows_everyone(tmp_path: Path) -> None:
    clock = HandMonotonic()
    refused, other = budgets(tmp_path, clock, 2)
    await other.take(NOW)
    for _ in range(4):
        assert refused.refused()
        await refused.share()
    assert await other.take(NOW) == pytest.approx(1.0)  # a stop of a second for all
    assert other.state.rate == pytest.approx(12.0)
    assert other.state.configured_rate == 15.0


async def test_a_slower_process_does_not_shorten_the_others_window(
    tmp_path: Path,
) -> None:
    clock = HandMonotonic()
    (fast,), (slow,) = (budgets(tmp_path, clock, rate=rate) for rate in (15.0, 3.0))
    await granted(clock, [(fast, NOW)], 2.0)
    await granted(clock, [(slow, NOW)], 2.0)
    kept = orjson.loads(state_file(tmp_path).read_bytes())
    assert len(kept["pace"]["grants"]) == 15


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"at": 1000.0, "pace": {"sha',
        b"\x00" * 4096,
        b'{"at": 1000.0, "pace": {"next": 1e300}}',
        b'{"at": 1000.0, "pace": {"share": 0.0}}',
        b'{"at": 1000.0, "pace": {"next": NaN}}',
    ],
)
async def test_a_torn_file_counts_as_a_full_window(
    tmp_path: Path, damage: bytes
) -> None:
    clock = HandMonotonic()
    one, other = budgets(tmp_path, clock, 2)
    await one.take(NOW)
    state_file(tmp_path).write_bytes(damage)
    with capture_logs() as logs:
        assert await other.take(NOW) == pytest.approx(WINDOW)
    assert [line["event"] for line in logs] == ["kis.budget_file_corrupt"]
    clock.now += WINDOW
    assert await other.take(NOW) == 0  # and it is whole again


async def test_times_of_before_a_restart_of_the_machine_are_discarded(
    tmp_path: Path,
) -> None:
    clock = HandMonotonic(now=500_000.0)
    (budget,) = budgets(tmp_path, clock)
    await budget.take(NOW)
    clock.now = 20.0
    assert await budget.take(NOW) == pytest.approx(WINDOW)
    clock.now += WINDOW
    assert await budget.take(NOW) == 0


async def test_the_file_is_private_and_small(tmp_path: Path) -> None:
    clock = HandMonotonic()
    (budget,) = budgets(tmp_path / "new", clock)
    await granted(clock, [(budget, NOW)], 5.0)
    found = state_file(tmp_path / "new").stat()
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert found.st_size == 4096
    kept = orjson.loads(state_file(tmp_path / "new").read_bytes())
    assert len(kept["pace"]["grants"]) == 15


async def test_without_a_usable_folder_a_quarter_of_the_rate_is_left(
    tmp_path: Path,
) -> None:
    place, clock = tmp_path / "data", HandMonotonic()
    place.write_text("no folder")
    (budget,) = budgets(place, clock)
    with capture_logs() as logs:
        grants = await granted(clock, [(budget, NOW)], 20.0)
    assert len(grants) == pytest.approx(20 * 15 / 4, rel=0.25)  # 3 in each 1.05 s
    assert [line["event"] for line in logs] == ["kis.budget_lost"]
    assert budget.state.shared_by == "fallback"
    assert budget.state.rate == 3.75
    await budget.close()


async def test_a_folder_that_comes_back_is_used_again(tmp_path: Path) -> None:
    place, clock = tmp_path / "data", HandMonotonic()
    place.write_text("no folder")
    (budget,) = budgets(place, clock)
    await budget.take(NOW)
    place.unlink()
    await until_shared(budget, "folder")
    settling = await granted(clock, [(budget, NOW)], SETTLE_SECONDS)
    after = await granted(clock, [(budget, NOW)], SETTLE_SECONDS)
    assert len(settling) <= 12  # others may still go by their quarter
    assert len(after) >= 40
    await budget.close()


async def test_a_lock_that_is_never_let_go_is_not_waited_for(tmp_path: Path) -> None:
    clock = HandMonotonic()
    (one,) = budgets(tmp_path, clock)
    await one.take(NOW)
    stopped = filelock.FileLock(state_file(tmp_path).with_suffix(".lock"))
    limiter = Limiter(budget=folder_budget(tmp_path, "k", 15.0))
    with stopped:
        async with asyncio.timeout(20):
            for _ in range(2):
                await limiter.acquire()
        assert limiter.stats.shared_by == "fallback"
    await limiter.close()


async def test_a_limiter_tells_who_shares_its_budget(tmp_path: Path) -> None:
    shared = Limiter(budget=folder_budget(tmp_path, "k", 15.0))
    await shared.acquire()
    assert (shared.stats.shared_by, shared.stats.granted) == ("folder", 1)
    assert Limiter(15.0).stats.shared_by == "process"


async def test_keys_do_not_share(tmp_path: Path) -> None:
    clock = HandMonotonic()
    for key in ("a", "b", "c"):
        assert await folder_budget(tmp_path, key, 1.0, monotonic=clock).take(NOW) == 0
