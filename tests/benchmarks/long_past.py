"""A long-running server's archive: a year of bars, a month of instants."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from typing_extensions import override

from bootstrap.housekeeping import HISTORY_SESSIONS
from tests.acceptance.prepared import EVENING, THURSDAY, Prepared, Stage
from tests.acceptance.quick_fill import quick_fill
from tests.kis_emulator.clock import KST

OPEN, CLOSE = time(9, 0), time(15, 30)
APART = timedelta(minutes=10)
"""As far as two instants may be apart for the time between them to be known."""


@dataclass(slots=True, kw_only=True)
class LongPast(Prepared):
    """The same market, watched on every day of the last month.

    Attributes:
        until: The last time of day that frames are archived of.
    """

    until: time = CLOSE

    @override
    def instants(self, day: date) -> list[datetime]:
        late = self.market.delay("J", day)
        opens = datetime.combine(day, OPEN, KST)
        span = datetime.combine(day, self.until, KST) - opens
        return [opens + late + APART * number for number in range(span // APART + 1)]

    def served(self, folder: Path) -> str:
        """Copies it as it is on Friday morning; the address to serve it by."""
        url = self.archive(Stage.THURSDAY, folder)
        evening = datetime.combine(THURSDAY, EVENING, KST)
        file = folder / "archive.sqlite3"
        asyncio.run(quick_fill(self.market, file, evening, HISTORY_SESSIONS))
        return url
