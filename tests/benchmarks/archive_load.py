"""What a question loads from the archive, against the milliseconds allowed.

Run as ``python -m tests.benchmarks.archive_load``; ``ARCHIVE_URL`` chooses another
store than a SQLite file (its content is added to). The first figure of each load is
that of a process that has read nothing before.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from adapters.archive.sql_archive import SqlArchive
from application.ports.archive import Window
from domain.frame import MarketFrame
from domain.listing import Kind, Listing, Listings, Market, Ticker, Venue, Won
from domain.profile import Profile
from domain.session import KST

ROWS = 2_750
SESSIONS = 260
PROFILES = 4_000
BATCH = 50
ROUNDS = 7
STOCKS = frozenset({Kind.STOCK})
FIRST = date(2025, 10, 1)
DAYS = tuple(FIRST + timedelta(days=number) for number in range(SESSIONS))


def listings(day: int) -> Listings:
    """A new listing every third day; every day somebody's shares change."""
    return Listings(
        items=tuple(
            Listing(
                ticker=Ticker(f"{row:05d}0"),
                name=f"가상종목{row:04d}",
                market=Market.KOSPI if row % 3 == 0 else Market.KOSDAQ,
                on_nxt=row % 4 == 0,
                sectors=(f"{row % 20:04d}", f"{row % 90:04d}"),
                shares_thousands=10_000 + row * 37 + (row == day),
                listed_on=FIRST,
            )
            for row in range(ROWS - 90 + day // 3)
        ),
        dated=DAYS[day],
    )


def frame(day: int) -> MarketFrame:
    """A session's last frame, its figures spread as real ones are."""
    draw = np.random.default_rng(day)
    listed = listings(day)
    count = len(listed)
    price = draw.integers(200, 60_000, count) * 5
    value = (draw.pareto(0.8, count) * 1e8).astype(np.int64)
    at = datetime.combine(DAYS[day], datetime.min.time(), KST) + timedelta(hours=20)
    return MarketFrame(
        listings=listed,
        venue=Venue.KRX,
        kinds=STOCKS,
        session=DAYS[day],
        as_of_from=at,
        as_of=at,
        price=price,
        base_price=price - price % 7,
        open=price - price % 11,
        high=price + price % 13,
        low=price - price % 17,
        volume=value // price,
        trading_value=value,
        known=np.ones(count, dtype=bool),
        carried=np.zeros(count, dtype=bool),
        suspect=np.zeros(count, dtype=bool),
        is_final=True,
    )


def profile(number: int) -> Profile:
    """One inquiry's figures."""
    return Profile(
        ticker=Ticker(f"{number:05d}0"),
        read_at=datetime(2026, 6, 1, 9, tzinfo=KST),
        eps=float(number % 700 - 100),
        bps=number * 1.5,
        high_52_weeks=Won(number * 20),
        low_52_weeks=Won(number * 10),
    )


async def milliseconds(work: Callable[[], Awaitable[object]]) -> float:
    """How long it takes once."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1_000


async def told(
    name: str, allowed: float, load: Callable[[SqlArchive], Awaitable[object]], url: str
) -> None:
    """Prints the first load of a process and the median of the ones after it."""
    archive = SqlArchive(url)
    await archive.windows()  # open
    first = await milliseconds(lambda: load(archive))
    again = [await milliseconds(lambda: load(archive)) for _ in range(ROUNDS)]
    print(
        f"{name:32}{first:7.1f} ms at first, {statistics.median(again):6.1f} ms again; "
        f"{first / allowed:.2f} of the {allowed:.0f} ms allowed"
    )
    await archive.close()


async def measured(url: str) -> None:
    """Fills an archive, then asks it."""
    archive, newest = SqlArchive(url), frame(SESSIONS - 1)
    print(
        f"opening, schema made            {await milliseconds(archive.windows):7.1f} ms"
    )
    window = Window(venue=Venue.KRX, first=DAYS[0], last=DAYS[99])
    frames = [frame(day) for day in range(100)]
    spent = await milliseconds(lambda: archive.publish(window, frames))
    print(f"publishing 100 sessions         {spent:7.1f} ms")
    for day in range(100, SESSIONS):
        await archive.keep_frame(frame(day))
    between = replace(newest, is_final=False)
    spent = await milliseconds(lambda: archive.keep_frame(between))
    print(f"keeping a frame                 {spent:7.1f} ms")
    for first in range(0, PROFILES, BATCH):
        batch = [profile(number) for number in range(first, first + BATCH)]
        spent = await milliseconds(partial(archive.keep_profiles, DAYS[-1], batch))
    print(f"keeping {BATCH} profiles, the last    {spent:7.1f} ms")
    await archive.close()

    def history(
        count: int, columns: tuple[str, ...]
    ) -> Callable[[SqlArchive], Awaitable[object]]:
        return lambda held: held.history(
            newest.listings, Venue.KRX, STOCKS, DAYS[-count:], columns
        )

    await told(
        "20 sessions × 2 columns", 50, history(20, ("trading_value", "volume")), url
    )
    await told(
        "260 sessions × 3 columns",
        400,
        history(260, ("trading_value", "price", "base_price")),
        url,
    )
    await told(
        "newest profiles of 4,000 stocks", 50, lambda held: held.profiles(DAYS[-1]), url
    )
    await told(
        "a final frame",
        50,
        lambda held: held.final_frame(Venue.KRX, STOCKS, DAYS[-1]),
        url,
    )


def main() -> None:
    """Prints every figure against its target."""
    if url := os.environ.get("ARCHIVE_URL"):
        asyncio.run(measured(url))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite3"
        asyncio.run(measured(f"sqlite:///{path}"))
        print(f"the file                        {path.stat().st_size / 1e6:7.1f} MB")


if __name__ == "__main__":
    main()
