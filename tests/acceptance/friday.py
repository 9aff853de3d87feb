"""A product on a Friday with a past: served over a copy of a prepared archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path

from tests.acceptance.prepared import FRIDAY, Prepared, Stage
from tests.acceptance.served import Served, served
from tests.kis_emulator.clock import KST, EmulatorClock
from tests.kis_emulator.server import running_emulator


def instant(clock: str, day: date = FRIDAY) -> datetime:
    """A time of Friday, or of another day."""
    return datetime.combine(day, time.fromisoformat(clock), KST)


@contextmanager
def serving(
    prepared: Prepared, folder: Path, at: datetime, stage: Stage
) -> Iterator[Served]:
    """A product at an instant over a copy of an archive."""
    archive = prepared.archive(stage, folder / "archive")
    with (
        running_emulator(market=prepared.market, clock=EmulatorClock(at)) as broker,
        served(broker, folder / "data", ARCHIVE_URL=archive) as product_served,
    ):
        yield product_served
