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
