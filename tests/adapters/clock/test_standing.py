from datetime import UTC, datetime

from adapters.clock.standing import StandingClock
from domain.session import KST


def test_it_stands_still_in_seoul() -> None:
    clock = StandingClock(datetime(2026, 8, 20, 1, 30, tzinfo=UTC))

    assert clock.now() == clock.now() == datetime(2026, 8, 20, 10, 30, tzinfo=KST)
    assert clock.now().tzinfo is KST


def test_an_instant_without_a_zone_is_seouls() -> None:
    clock = StandingClock(datetime(2026, 8, 20, 10, 30))  # noqa: DTZ001 - the case

    assert clock.now() == datetime(2026, 8, 20, 10, 30, tzinfo=KST)
