from datetime import UTC, datetime, timedelta

from adapters.clock.started import StartedClock
from domain.session import KST


def test_it_starts_at_its_instant_and_runs_on() -> None:
    ticks = iter([100.0, 100.0, 161.5])
    clock = StartedClock(
        datetime(2026, 8, 20, 8, 59, tzinfo=KST), seconds=lambda: next(ticks)
    )

    assert clock.now() == datetime(2026, 8, 20, 8, 59, tzinfo=KST)
    assert clock.now() == datetime(2026, 8, 20, 9, 0, 1, 500_000, tzinfo=KST)


def test_it_runs_as_many_times_as_fast_as_it_was_told() -> None:
    ticks = iter([100.0, 100.0, 101.5])
    clock = StartedClock(
        datetime(2026, 8, 20, 8, 25, tzinfo=KST), 60, seconds=lambda: next(ticks)
    )

    assert clock.now() == datetime(2026, 8, 20, 8, 25, tzinfo=KST)
    assert clock.now() == datetime(2026, 8, 20, 8, 26, 30, tzinfo=KST)


def test_it_began_when_it_is_told_that_it_did() -> None:
    since = datetime(2026, 8, 22, 12, tzinfo=UTC)
    clock = StartedClock(
        datetime(2026, 8, 20, 8, 25, tzinfo=KST),
        60,
        since=since,
        seconds=lambda: 7.0,
        wall=lambda: since.timestamp() + 2.5,
    )

    assert clock.now() == datetime(2026, 8, 20, 8, 27, 30, tzinfo=KST)


def test_real_time_moves_it() -> None:
    start = datetime(2026, 8, 20, 8, 59, tzinfo=KST)
    clock = StartedClock(start)

    first, second = clock.now(), clock.now()

    assert start <= first <= second < start + timedelta(seconds=5)


def test_it_tells_seouls_time_whatever_it_was_given() -> None:
    naive = StartedClock(datetime(2026, 8, 20, 9), seconds=lambda: 0)  # noqa: DTZ001
    utc = StartedClock(datetime(2026, 8, 20, 0, tzinfo=UTC), seconds=lambda: 0)

    assert naive.now() == utc.now()
    assert naive.now().tzinfo is utc.now().tzinfo is KST
