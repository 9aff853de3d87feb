"""The market-data port over the emulator, joined as production joins it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.kis.market_data import KisQuotes
from adapters.kis.master_store import MasterStore
from domain.frame import COLUMNS, MarketFrame
from domain.listing import Kind, Listings, Venue
from domain.provenance import Source
from tests.adapters.kis.wired import Wire, wired
from tests.kis_emulator.figures import Figures
from tests.kis_emulator.server import RunningEmulator

MULTI_QUOTE = "FHKST11300006"
VOLUME_RANK = "FHPST01710000"
INDEX_PRICE = "FHPUP02100000"
DIVISIONS = {Venue.KRX: "J", Venue.NXT: "NX"}
STOCKS = frozenset({Kind.STOCK})
TRUE_NAMES = {name: name for name in COLUMNS} | {"base_price": "base"}


@dataclass(frozen=True)
class Joined:
    quotes: KisQuotes
    wire: Wire
    stocks: Listings
    """Every stock of the masters."""


@asynccontextmanager
async def joined(
    emulator: RunningEmulator, folder: Path, *, rate: float = 400.0
) -> AsyncIterator[Joined]:
    async with wired(emulator.base_url, folder, emulator.clock, rate=rate) as wire:
        masters = MasterStore(wire.transport, folder / "masters", emulator.clock)
        quotes = KisQuotes(wire.client, masters, emulator.clock, Source(name="kis"))
        listings = await quotes.listings()
        emulator.reset_log()
        yield Joined(quotes, wire, listings.of_kinds(STOCKS))


def truth(emulator: RunningEmulator, venue: Venue) -> Figures:
    return emulator.truth.snapshot(DIVISIONS[venue], emulator.clock.now())


def differences(frame: MarketFrame, figures: Figures) -> Iterator[str]:
    """Columns in which a frame is not the truth, to the won."""
    rows = np.array([figures.row_of[item.ticker] for item in frame.listings])
    for name, true_name in TRUE_NAMES.items():
        if not np.array_equal(getattr(frame, name), getattr(figures, true_name)[rows]):
            yield name
