"""Whether two archives hold the same: every final frame, in every column."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from adapters.archive.archive_url import file_url
from adapters.archive.sql_archive import SqlArchive
from application.sweeping import PRODUCTS, STOCKS, Pool
from domain.frame import COLUMNS, MarketFrame
from domain.listing import Venue

POOLS: tuple[Pool, ...] = tuple(
    (venue, kinds) for venue in (Venue.KRX, Venue.NXT) for kinds in (STOCKS, PRODUCTS)
)
_FACTS = ("listings", "as_of_from", "as_of", "official", "is_final", "kinds", "venue")
_ARRAYS = (*COLUMNS, "known", "carried", "suspect")


async def differences(one: Path, other: Path) -> list[str]:
    """What is not the same, a line each; a window that is begun is a difference."""
    first, second = SqlArchive(file_url(one)), SqlArchive(file_url(other))
    found: list[str] = []
    for archive in (first, second):
        found += [f"not published: {window}" for window in await archive.windows()]
    for pool in POOLS:
        days, others = await first.sessions(*pool), await second.sessions(*pool)
        if days != others:
            found.append(f"{pool}: {sorted(set(days) ^ set(others))}")
        for day in sorted(set(days) & set(others)):
            frames = [await x.final_frame(*pool, day) for x in (first, second)]
            found += _unlike(pool, day, frames[0], frames[1])
    await first.close()
    await second.close()
    return found


async def counted(archive: Path) -> dict[Pool, int]:
    """How many sessions each pool has."""
    held = SqlArchive(file_url(archive))
    found = {pool: len(await held.sessions(*pool)) for pool in POOLS}
    await held.close()
    return found


def _unlike(
    pool: Pool, day: date, one: MarketFrame | None, other: MarketFrame | None
) -> Iterator[str]:
    if one is None or other is None:
        yield f"{pool} {day}: cannot be read"
        return
    for name in _FACTS:
        if getattr(one, name) != getattr(other, name):
            yield f"{pool} {day}: {name}"
    for name in _ARRAYS:
        if not np.array_equal(getattr(one, name), getattr(other, name)):
            yield f"{pool} {day}: {name}"
