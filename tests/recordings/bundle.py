"""``python -m tests.recordings.bundle``: makes the product's sample recording anew."""

import asyncio
import importlib.metadata
import sys
from datetime import date, datetime, time
from pathlib import Path

from adapters.replay.bundle import bundled_recording
from adapters.replay.manifest import Manifest
from domain.session import KST
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import running_emulator
from tests.recordings.record_market import ENDPOINTS, Frames, record_market

SESSION = date(2026, 11, 20)
INSTANTS = tuple(
    datetime.combine(SESSION, time.fromisoformat(clock), KST)
    for clock in ("09:05", "10:30", "13:00", "15:25", "15:45", "20:30")
)
MOST_BYTES = 3 * 1024 * 1024
_LEVEL = 19


def manifest_of(name: str) -> Manifest:
    """Of a simulated recording; the same each time it is made."""
    return Manifest(
        name=name,
        made_at=INSTANTS[0],
        environment="emulator",
        simulated=True,
        product_version=importlib.metadata.version("mcp-volume-ranking"),
        endpoints=ENDPOINTS,
    )


def record_bundle(path: Path, *, market: SimulatedMarket | None = None) -> Frames:
    """Records the whole simulated market at every instant."""
    with running_emulator(
        market=market, clock=EmulatorClock(INSTANTS[0]), rate_limit=100_000
    ) as emulator:
        recording = record_market(
            emulator, path, manifest_of("bundled"), INSTANTS, level=_LEVEL
        )
        return asyncio.run(recording)


def main() -> None:
    """Writes the file into the package, and says how large it is."""
    path = bundled_recording()
    record_bundle(path)
    size = path.stat().st_size
    sys.stdout.write(f"{path.name}: {size:,} bytes of {MOST_BYTES:,}\n")
    if size > MOST_BYTES:
        sys.exit("too large for the wheel")


if __name__ == "__main__":
    main()
