from datetime import UTC, datetime, timedelta

from adapters.clock.system import SystemClock
from domain.session import KST


def test_the_machines_time_is_told_in_seoul() -> None:
    before = datetime.now(UTC)  # noqa: TID251 - what the clock is compared with
    shown = SystemClock().now()

    assert shown.tzinfo is KST
    assert timedelta() <= shown - before < timedelta(seconds=5)
