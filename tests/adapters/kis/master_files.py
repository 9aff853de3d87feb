"""A morning's four zipped masters, a host that keeps them back, and who asks."""

import asyncio
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from typing_extensions import override

from adapters.kis.master_layouts import KOSDAQ
from adapters.kis.master_store import MasterStore
from tests.adapters.kis.fakes import ScriptedTransport
from tests.adapters.kis.master_lines import master_line, zipped

ROOT = "/common/master"
THURSDAY = date(2026, 11, 19)
FRIDAY = date(2026, 11, 20)
"""Today, by the clock of the fakes."""


def zips(day: date = FRIDAY, *, kospi: str = "000010") -> dict[str, bytes]:
    """Two stocks; the one of KOSPI is on Nextrade."""
    made = (day.year, day.month, day.day)
    return {
        "kospi_code": zipped(master_line(kospi), day=made),
        "kosdaq_code": zipped(master_line("000020", KOSDAQ), day=made),
        "nxt_kospi_code": zipped(master_line(kospi), day=made),
        "nxt_kosdaq_code": zipped(day=made),
    }


def files(day: date = FRIDAY, *, kospi: str = "000010") -> dict[str, bytes]:
    """The same by the path they are downloaded from."""
    return by_path(zips(day, kospi=kospi))


def by_path(named: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{ROOT}/{name}.mst.zip": body for name, body in named.items()}


def without_nextrade(day: date) -> dict[str, bytes]:
    """A day's files; Nextrade's are there without a byte in them."""
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        info = zipfile.ZipInfo("nxt.mst", (day.year, day.month, day.day, 6, 30, 0))
        archive.writestr(info, b"")
    nothing = dict.fromkeys(("nxt_kospi_code", "nxt_kosdaq_code"), empty.getvalue())
    return zips(day) | nothing


@dataclass
class HangingTransport(ScriptedTransport):
    """Says at once that a file is missing; the others come when they are let go."""

    may_come: asyncio.Event = field(default_factory=asyncio.Event)
    all_asked: asyncio.Event = field(default_factory=asyncio.Event)
    running: int = 0

    @override
    async def download(self, path: str) -> bytes:
        self.running += 1
        if self.running == 4:
            self.all_asked.set()
        try:
            if path in self.files:
                await self.may_come.wait()
            return await super().download(path)
        finally:
            self.running -= 1


async def codes(store: MasterStore) -> list[str]:
    return [item.ticker for item in await store.listings()]


async def soon(store: MasterStore, wanted: list[str]) -> None:
    """Asks until what runs behind the callers has brought these."""
    for _ in range(400):
        if await codes(store) == wanted:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"{wanted} never came")
