"""Stories of the real command: killed, garbled, beside others, with flows."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from adapters.archive.lease import FileLease
from bootstrap.broker_folder import broker_folder
from tests.acceptance.filling import BARS, OFFICIAL_TOTALS, Ended, Filling
from tests.kis_emulator.clock import DEFAULT_AT, KST, EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.market import SimulatedMarket
from tests.kis_emulator.server import RunningEmulator, running_emulator

SESSIONS = 120
FRIDAY = date(2026, 11, 20)
EVENING = datetime.combine(FRIDAY, time(20, 30), KST)
GARBLED = "000561"

_OWNERS, _PROGRAMS = "FHKST01010900", "FHPPG04650201"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One archive and what its runs printed.

    Attributes:
        archive: The file.
        runs: In their order.
        asked: Division, code and last day of every answered call for bars.
        asked_by: How many of them there were after each run.
    """

    archive: Path
    runs: list[Ended]
    asked: list[tuple[str, ...]]
    asked_by: list[int]


@contextmanager
def filling(
    market: SimulatedMarket, folder: Path, *words: str, at: datetime = DEFAULT_AT
) -> Iterator[Filling]:
    """A broker of its own, and runs of the command in a folder."""
    with running_emulator(market=market, clock=EmulatorClock(at)) as emulator:
        yield Filling(
            emulator=emulator,
            data_dir=folder,
            words=words,
            settings={"LOG_LEVEL": "ERROR"},
        )


def bars_asked(emulator: RunningEmulator) -> list[tuple[str, ...]]:
    """Division, code and the last day of every answered call for bars."""
    names = ("FID_COND_MRKT_DIV_CODE", "FID_INPUT_ISCD", "FID_INPUT_DATE_2")
    calls = [call for call in emulator.calls(BARS) if call.status == 200]
    return [tuple(call.params[name] for name in names) for call in calls]


def told(filled: Filling, runs: list[Ended], asked_by: list[int]) -> Told:
    return Told(
        archive=filled.archive,
        runs=runs,
        asked=bars_asked(filled.emulator),
        asked_by=asked_by,
    )


def killed_and_resumed(market: SimulatedMarket, folder: Path) -> Told:
    """While it stages, while it publishes, stopped on NXT, and in an older window."""
    with filling(market, folder, "--sessions", str(SESSIONS)) as filled:
        broker, runs, asked_by = filled.emulator, [], []

        def on_nxt() -> bool:
            return any(division == "NX" for division, *_ in bars_asked(broker))

        def on_older() -> bool:
            return len({last for *_, last in bars_asked(broker)}) > 1

        ends = [
            (lambda: len(filled.bars()) >= 55, signal.SIGKILL),
            (lambda: len(broker.calls(OFFICIAL_TOTALS)) >= 2, signal.SIGKILL),
            (on_nxt, signal.SIGTERM),
            (on_older, signal.SIGKILL),
        ]
        for until, number in ends:
            runs.append(filled.run(until=until, ends=number))
            asked_by.append(len(bars_asked(broker)))
        for _ in range(2):
            runs.append(filled.run())
            asked_by.append(len(bars_asked(broker)))
        return told(filled, runs, asked_by)


def garbled(market: SimulatedMarket, folder: Path) -> Told:
    """One stock's bars mean nothing; a second command is tried beside the first.

    Meanwhile a server keeps house in the folder.
    """
    with filling(market, folder, "--sessions", "1") as filled:
        filled.settings["KIS_RATE_LIMIT"] = "4"  # it lasts while the second one starts
        url = filled.emulator.base_url
        home = broker_folder(folder, base_url=url, master_url=url)
        house = FileLease(home / "upkeep.lock")
        assert asyncio.run(house.hold())
        filled.emulator.faults.add(
            Kind.SET_FIELDS, tr_id=BARS, holding=GARBLED, fields={"stck_clpr": "12a4"}
        )
        beside: list[Ended] = []

        def try_beside() -> bool:
            if not beside and len(filled.bars()) >= 5:
                beside.append(filled.run())
            return False

        first = filled.run(until=try_beside)
        asyncio.run(house.release())
        return told(filled, [first, *beside], [])


def harvested(market: SimulatedMarket, folder: Path) -> Told:
    """Flows too, on the evening of the day; killed while programs are read."""
    words = ("--sessions", "1", "--flows")
    with filling(market, folder, *words, at=EVENING) as filled:
        broker = filled.emulator
        runs = [filled.run(until=lambda: len(broker.calls(_PROGRAMS)) >= 5)]
        asked_by = [len(broker.calls(_OWNERS))]
        runs.append(filled.run())
        asked_by.append(len(broker.calls(_OWNERS)))
        return told(filled, runs, asked_by)
