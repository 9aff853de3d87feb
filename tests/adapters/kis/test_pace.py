"""The limiter's laws in simulated time: no waiting, every number exact."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.kis.pace import Pace


def grants(pace: Pace, calls: int, *, start: float = 0.0) -> list[float]:
    """The instants of so many grants to a caller who always waits."""
    times, now = [], start
    for _ in range(calls):
        now = max(now, pace.free_at(now))
        pace.grant(now)
        times.append(now)
    return times


def most_in_a_second(times: list[float]) -> int:
    ordered = sorted(times)
    return max(
        sum(first <= other < first + 1.0 for other in ordered) for first in ordered
    )


def test_grants_are_spaced_and_the_sixteenth_waits_for_the_window() -> None:
    times = grants(Pace(15.0), 16)
    assert times[1] - times[0] == pytest.approx(0.5 / 15)
    assert times[2] - times[1] == pytest.approx(1 / 15)
    assert times[15] == pytest.approx(1.05)  # fifteen in any 1.05 seconds


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), rate=st.sampled_from([0.9, 3.0, 10.0, 15.0, 18.0]))
def test_no_sliding_second_at_the_server_holds_more_than_the_rate(
    seed: int, rate: float
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a simulated network
    pace, times, now = Pace(rate), [], 0.0
    for _ in range(120):
        now = max(now, pace.free_at(now))
        now += dice.choice([0.0, 0.0, 0.001, 0.03, 0.5])  # late timers and idle gaps
        pace.grant(now)
        times.append(now)
    arrivals = [at + dice.uniform(0.0, 0.05) for at in times]
    assert most_in_a_second(arrivals) <= max(1, int(rate))


def test_a_burst_after_idle_time_is_spaced_too() -> None:
    pace = Pace(15.0)
    grants(pace, 5)
    late = grants(pace, 40, start=60.0)
    assert most_in_a_second(late) <= 15
    assert late[2] - late[1] == pytest.approx(1 / 15)


def test_an_isolated_refusal_is_a_pause_of_two_gaps() -> None:
    pace = Pace(15.0)
    grants(pace, 10)
    pace.refuse(10.0)
    assert pace.rate == 15.0
    assert pace.free_at(10.0) == pytest.approx(10.0 + 2 / 15)


def test_repeated_refusals_stop_every_grant_for_a_second_and_slow_down() -> None:
    pace = Pace(15.0)
    for now in (10.0, 10.2, 10.4, 10.6):
        pace.refuse(now)
    assert pace.free_at(10.6) == pytest.approx(11.6)
    assert pace.rate == pytest.approx(12.0)


def test_refusals_far_apart_never_slow_down() -> None:
    pace = Pace(15.0)
    for number in range(20):
        pace.refuse(number * 2.5)
    assert pace.rate == 15.0


def test_calls_under_way_when_it_stops_count_once() -> None:
    pace = Pace(15.0)
    for number in range(12):
        pace.refuse(10.0 + number / 100)
    assert pace.rate == pytest.approx(12.0)


def test_the_rate_never_falls_below_a_fifth() -> None:
    pace = Pace(15.0)
    for number in range(200):
        pace.refuse(number * 0.5)
    assert pace.rate == pytest.approx(3.0)


def test_the_rate_comes_back_step_by_step() -> None:
    pace = Pace(15.0)
    for now in (10.0, 10.1, 10.2, 10.3):
        pace.refuse(now)
    rates = []
    for now in (16.2, 16.4, 21.4):  # the stop ends at 11.3; steps at 16.3 and 21.3
        pace.free_at(now)
        rates.append(pace.rate)
    assert rates == pytest.approx([12.0, 13.5, 15.0])


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Pace(0.0)


def sweep(seed: int, *, calls: int = 117, refused: float = 0.01) -> tuple[float, int]:
    """An idle sweep: share of the configured rate, and most arrivals in a second.

    Answers take 30 ms and up to 50 more on the way there; a refused call queues again.
    """
    dice = random.Random(seed)  # noqa: S311 - a simulated network
    pace, now, queued, done = Pace(15.0), 0.0, calls, 0
    arrivals: list[float] = []
    answers: list[tuple[float, bool]] = []
    while done < calls:
        free = max(now, pace.free_at(now)) if queued else float("inf")
        if answers and min(answers)[0] <= free:
            first = min(answers)
            answers.remove(first)
            now = first[0]
            if first[1]:
                done += 1
            else:
                pace.refuse(now)
                queued += 1
            continue
        now = free + dice.uniform(0.0, 0.002)
        pace.grant(now)
        queued -= 1
        arrivals.append(now + dice.uniform(0.0, 0.05))
        answers.append((arrivals[-1] + 0.03, dice.random() >= refused))
    return calls / now / 15.0, most_in_a_second(arrivals)


def test_a_sweep_with_random_refusals_keeps_nine_tenths_of_the_rate() -> None:
    sweeps = [sweep(seed) for seed in range(60)]
    assert sum(share for share, _ in sweeps) / 60 >= 0.92
    assert max(most for _, most in sweeps) <= 15
