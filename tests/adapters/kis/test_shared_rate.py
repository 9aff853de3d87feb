"""Real processes on one budget: what leaves them in sum, told by the machine's clock.

How fast they are together is ``tests.benchmarks.shared_rate``'s; here it is only
certain that they are never faster than allowed, whatever the machine does.
"""

from pathlib import Path

import pytest

from tests.adapters.kis.budget_processes import Busy, begin, in_sum
from tests.adapters.kis.sliding import least_share, most_in_any
from tests.redis_server import running_redis

LIMIT = 18
"""The broker's; the budget's own is 15 a window, and one call a process may be late."""


def test_a_sliding_second_leaves_its_end_out() -> None:
    assert most_in_any([0.0, 0.5, 1.0, 1.4]) == 3
    assert most_in_any([]) == 0
    assert least_share([1, 3]) == 0.5


@pytest.mark.slow
def test_processes_on_a_folder_keep_to_one_budget_though_one_is_killed(
    tmp_path: Path,
) -> None:
    running = begin([Busy(folder=str(tmp_path), seconds=2.5)] * 4)
    running.kill(1)
    calls = running.calls()
    assert calls.pop(1) == []
    instants, rate = in_sum(calls)
    assert most_in_any(instants) <= LIMIT
    assert 0.5 * 15 < rate <= 16
    assert least_share([len(one) for one in calls]) >= 0.5


@pytest.mark.slow
def test_replicas_on_a_redis_keep_to_one_budget() -> None:
    with running_redis() as (url, _):
        calls = begin([Busy(redis=url, seconds=2.5)] * 3).calls()
    instants, rate = in_sum(calls)
    assert most_in_any(instants) <= LIMIT
    assert 0.5 * 15 < rate <= 16
    assert least_share([len(one) for one in calls]) >= 0.5
