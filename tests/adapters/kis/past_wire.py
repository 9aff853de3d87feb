"""The clients of past data, over scripted answers or over the emulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.kis.client import KisClient
from adapters.kis.index_client import KisIndexClient
from adapters.kis.past_bars import KisPastBars
from adapters.kis.stock_client import KisStockClient
from adapters.kis.transport import Transport
from tests.adapters.kis.fakes import Answer, ScriptedTransport
from tests.adapters.kis.wired import wired
from tests.kis_emulator.server import RunningEmulator


@dataclass(frozen=True)
class PastWire:
    transport: Transport
    stocks: KisStockClient
    indices: KisIndexClient
    bars: KisPastBars


def past_wire(transport: Transport) -> PastWire:
    stocks, indices = KisStockClient(transport), KisIndexClient(transport)
    bars = KisPastBars(KisClient(transport), stocks, indices)
    return PastWire(transport, stocks, indices, bars)


def scripted(*answers: Answer) -> tuple[PastWire, ScriptedTransport]:
    """Answers one after the other; the last for ever."""
    transport = ScriptedTransport(list(answers))
    return past_wire(transport), transport


@asynccontextmanager
async def emulated(emulator: RunningEmulator, folder: Path) -> AsyncIterator[PastWire]:
    async with wired(emulator.base_url, folder, emulator.clock) as wire:
        yield past_wire(wire.transport)
