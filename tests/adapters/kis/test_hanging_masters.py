"""The master host answers late or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.kis.master_store import MasterStore
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import HandClock, ScriptedTransport
from tests.adapters.kis.master_files import FRIDAY, THURSDAY, codes, files, soon
from tests.adapters.kis.master_files import HangingTransport as Hanging


@asynccontextmanager
async def opened(
    transport: Hanging, folder: Path, *, patience: float = 60.0
) -> AsyncIterator[MasterStore]:
    """A store on Friday; no test may wait for its patience's end."""
    store = MasterStore(transport, folder, HandClock(), patience=patience)
    async with asyncio.timeout(5):
        yield store
        await store.close()
    assert transport.running == 0


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """A folder with Thursday's files."""
    clock = HandClock()
    clock.forward(days=-1)
    transport = ScriptedTransport(files=files(THURSDAY))
    await MasterStore(transport, tmp_path, clock).listings()
    return tmp_path


def new_files() -> dict[str, bytes]:
    return files(FRIDAY, kospi="000099")


async def test_known_listings_are_served_while_one_download_hangs(
    tmp_path: Path,
) -> None:
    transport, clock = Hanging(files=files(FRIDAY)), HandClock()
    transport.may_come.set()
    store = MasterStore(transport, tmp_path, clock)
    await store.listings()
    transport.may_come.clear()
    clock.forward(days=3)
    async with asyncio.timeout(1):
        for _ in range(20):
            assert await codes(store) == ["000010", "000020"]
            await asyncio.sleep(0)
    assert (transport.running, store.stale) == (4, True)
    await store.close()


async def test_a_start_waits_a_little_before_kept_files_must_do(kept: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, kept, patience=0.05) as store:
        loop = asyncio.get_running_loop()
        started = loop.time()
        answers = await asyncio.gather(*(codes(store) for _ in range(10)))
        assert answers == [["000010", "000020"]] * 10
        assert loop.time() - started >= 0.05
        assert (store.stale, transport.running) == (True, 4)


async def test_after_its_patience_nobody_waits_again(kept: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, kept, patience=0.2) as store:
        await store.listings()
        loop = asyncio.get_running_loop()
        started = loop.time()
        for _ in range(20):
            await store.listings()
        assert loop.time() - started < 0.2  # twenty patiences were four seconds
        transport.may_come.set()
        await soon(store, ["000020", "000099"])


async def test_a_start_takes_what_comes_within_its_patience(kept: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, kept) as store:
        asking = [asyncio.create_task(codes(store)) for _ in range(3)]
        await asyncio.sleep(0.05)
        asking.append(asyncio.create_task(codes(store)))
        transport.may_come.set()
        assert await asyncio.gather(*asking) == [["000020", "000099"]] * 4
        assert len(transport.downloads) == 4


async def test_with_nothing_kept_the_caller_waits(tmp_path: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, tmp_path, patience=0.01) as store:
        asking = asyncio.create_task(codes(store))
        await asyncio.sleep(0.1)
        assert not asking.done()
        transport.may_come.set()
        assert await asking == ["000020", "000099"]


async def test_a_cancelled_caller_does_not_end_the_download(tmp_path: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, tmp_path) as store:
        impatient, patient = (asyncio.create_task(store.listings()) for _ in range(2))
        await transport.all_asked.wait()
        impatient.cancel()
        transport.may_come.set()
        assert len(await patient) == 2
        assert (impatient.cancelled(), len(transport.downloads)) == (True, 4)


async def test_one_missing_file_ends_the_download_of_the_others(
    tmp_path: Path,
) -> None:
    there = new_files()
    del there["/common/master/kosdaq_code.mst.zip"]
    transport = Hanging(files=there)
    async with opened(transport, tmp_path) as store:
        with pytest.raises(MarketDataUnavailableError):
            await store.listings()
        assert transport.running == 0


async def test_closing_ends_the_download_and_tells_who_waits(tmp_path: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, tmp_path) as store:
        asking = asyncio.create_task(store.listings())
        await transport.all_asked.wait()
        await store.close()
        assert transport.running == 0
        with pytest.raises(MarketDataUnavailableError):
            await asking


async def test_a_closed_store_serves_what_it_knows_and_asks_nothing(
    kept: Path,
) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, kept, patience=0.01) as store:
        await store.listings()
        await store.close()
        assert await codes(store) == ["000010", "000020"]
        await asyncio.sleep(0.01)
        assert transport.running == 0


async def test_a_store_closed_at_its_start_asks_nothing(tmp_path: Path) -> None:
    transport = Hanging(files=new_files())
    async with opened(transport, tmp_path) as store:
        asking = asyncio.create_task(store.listings())
        await asyncio.sleep(0)  # it reads the folder
        await store.close()
        with pytest.raises(MarketDataUnavailableError):
            await asking
        await store.close()
    assert transport.downloads == []
