import time
from datetime import UTC, datetime, timedelta

from tests.kis_emulator.clock import DEFAULT_AT, KST, EmulatorClock


def test_a_clock_stands_where_it_was_set() -> None:
    clock = EmulatorClock(datetime(2026, 11, 20, 0, tzinfo=UTC))
    assert clock.now() == clock.now() == datetime(2026, 11, 20, 9, tzinfo=KST)
    clock.advance(timedelta(minutes=1))
    assert clock.now() == datetime(2026, 11, 20, 9, 1, tzinfo=KST)


def test_a_running_clock_runs_at_its_speed_until_frozen() -> None:
    clock = EmulatorClock(speed=3_600)
    time.sleep(0.02)
    clock.freeze()
    ran = clock.now() - DEFAULT_AT
    assert timedelta(seconds=72) <= ran < timedelta(hours=1)
    assert clock.now() - DEFAULT_AT == ran


def test_setting_keeps_it_running() -> None:
    clock = EmulatorClock(speed=1_000)
    noon = datetime(2026, 11, 20, 12, tzinfo=KST)
    clock.set(noon)
    time.sleep(0.01)
    assert clock.now() > noon
