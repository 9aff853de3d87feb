"""A process that fills windows until it is killed; each is published with its number.

Run as ``python -m tests.adapters.archive.filling_process FILE``.
"""

import asyncio
import sys
from datetime import date, timedelta

from adapters.archive.sql_archive import SqlArchive
from application.ports.archive import Window
from domain.frame import MarketFrame
from domain.listing import Venue
from tests.adapters.archive.archived import STOCKS, bars
from tests.builders import frame

BATCH = 50
BATCHES = 3
SESSIONS = 8
FIRST = date(2026, 1, 1)


def days_of(number: int) -> list[date]:
    """The sessions of a window."""
    start = FIRST + timedelta(days=SESSIONS * number)
    return [start + timedelta(days=day) for day in range(SESSIONS)]


def window_of(number: int) -> Window:
    """Windows that do not overlap."""
    days = days_of(number)
    return Window(venue=Venue.KRX, first=days[0], last=days[-1])


def frames_of(number: int) -> list[MarketFrame]:
    """What a window is published as: its number as every figure."""
    codes = [f"{row:05d}0" for row in range(200)]
    return [
        frame(dict.fromkeys(codes, number), session=day, kinds=STOCKS, is_final=True)
        for day in days_of(number)
    ]


async def fill(path: str) -> None:
    """Never ends by itself within a test's time."""
    archive = SqlArchive(f"sqlite:///{path}")
    sys.stdout.write("began\n")
    sys.stdout.flush()
    for number in range(40):
        window = window_of(number)
        await archive.begin(window)
        for batch in range(BATCHES):
            rows = range(batch * BATCH, (batch + 1) * BATCH)
            await archive.stage(
                window, [bars(f"{row:05d}0", {window.last: row}) for row in rows]
            )
        await archive.publish(window, frames_of(number))


if __name__ == "__main__":
    asyncio.run(fill(sys.argv[1]))
