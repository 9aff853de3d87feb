"""The product's own sweeps and details, over a recording."""

from datetime import datetime
from pathlib import Path

from adapters.calendar.krx import KrxCalendar
from adapters.kis.client import KisClient
from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from adapters.replay.clock import RecordedClock
from adapters.replay.recording import Recording
from adapters.replay.transport import ReplayTransport
from application.sweeping import Sweeper
from application.timeliness import Timeliness
from tests.recordings.record_details import Beside


def replayed_sweeper(
    recording: Recording, at: datetime | None, folder: Path
) -> Sweeper:
    """Sweeps as of a recorded instant; masters are kept in the folder."""
    clock = RecordedClock(recording, at=at)
    transport = ReplayTransport(recording, clock)
    quotes = KisQuotes(
        KisClient(transport),
        MasterStore(transport, folder, clock),
        clock,
        recording.source,
    )
    timeliness = Timeliness(clock=clock, calendar=KrxCalendar())
    return Sweeper(quotes=quotes, timeliness=timeliness)


def replayed_details(recording: Recording, at: datetime | None, folder: Path) -> Beside:
    """What stands beside quotes, as of a recorded instant."""
    clock = RecordedClock(recording, at=at)
    return Beside.over(ReplayTransport(recording, clock), folder, clock)
