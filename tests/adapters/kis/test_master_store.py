import asyncio
import io
import zipfile
from pathlib import Path

import pytest

from adapters.kis.master_layouts import KOSDAQ
from adapters.kis.master_store import MasterStore
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import HandClock, ScriptedTransport
from tests.adapters.kis.master_lines import master_line, zipped

ROOT = "/common/master"


def files(*, kospi: str = "000010") -> dict[str, bytes]:
    return {
        f"{ROOT}/kospi_code.mst.zip": zipped(master_line(kospi)),
        f"{ROOT}/kosdaq_code.mst.zip": zipped(master_line("000020", KOSDAQ)),
        f"{ROOT}/nxt_kospi_code.mst.zip": zipped(master_line(kospi)),
        f"{ROOT}/nxt_kosdaq_code.mst.zip": zipped(),
    }


async def codes(store: MasterStore) -> list[str]:
    return [item.ticker for item in await store.listings()]


async def test_four_files_are_fetched_once_however_many_ask(tmp_path: Path) -> None:
    transport = ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, HandClock())

    answers = await asyncio.gather(*(store.listings() for _ in range(50)))

    assert sorted(transport.downloads) == sorted(files())
    assert {id(answer) for answer in answers} == {id(answers[0])}
    assert [(item.ticker, item.on_nxt) for item in answers[0]] == [
        ("000010", True),
        ("000020", False),
    ]
    assert str(answers[0].dated) == "2026-11-20"
    assert not store.stale


async def test_a_restart_reads_the_files_kept_today(tmp_path: Path) -> None:
    clock = HandClock()
    await MasterStore(ScriptedTransport(files=files()), tmp_path, clock).listings()
    again = ScriptedTransport()
    assert await codes(MasterStore(again, tmp_path, clock)) == ["000010", "000020"]
    assert again.downloads == []


async def test_the_next_day_fetches_anew(tmp_path: Path) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, clock)
    await store.listings()
    clock.forward(days=1)
    transport.files = files(kospi="000099")
    assert await codes(store) == ["000020", "000099"]


@pytest.mark.parametrize("restarted", [True, False])
async def test_yesterdays_files_serve_when_the_download_fails(
    tmp_path: Path, restarted: bool
) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, clock)
    await store.listings()
    clock.forward(days=1)
    transport.files = {}
    if restarted:
        store = MasterStore(transport, tmp_path, clock)

    assert await codes(store) == ["000010", "000020"]
    assert store.stale


async def test_a_failed_download_is_tried_again_after_a_minute(tmp_path: Path) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, clock)
    await store.listings()
    clock.forward(days=1)
    transport.files = {}
    for _ in range(5):
        await store.listings()
    tried = len(transport.downloads)
    transport.files = files(kospi="000099")
    clock.forward(minutes=1)

    assert await codes(store) == ["000020", "000099"]
    assert (store.stale, tried) == (False, 8)  # twice four files


async def test_without_any_file_the_error_says_what_to_do(tmp_path: Path) -> None:
    store = MasterStore(ScriptedTransport(), tmp_path, HandClock())
    with pytest.raises(MarketDataUnavailableError, match="KIS_MASTER_URL") as caught:
        await store.listings()
    assert caught.value.retry_after == 60.0


@pytest.mark.parametrize("broken", [b"", b"<html>", zipped()])
async def test_broken_downloads_do_not_replace_good_files(
    tmp_path: Path, broken: bytes
) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, clock)
    await store.listings()
    clock.forward(days=1)
    transport.files = dict.fromkeys(files(), broken)
    assert await codes(store) == ["000010", "000020"]
    assert store.stale


async def test_broken_kept_files_are_fetched_anew(tmp_path: Path) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    await MasterStore(transport, tmp_path, clock).listings()
    (tmp_path / "2026-11-20" / "kospi_code.mst.zip").write_bytes(b"cut")
    store = MasterStore(transport, tmp_path, clock)
    assert await codes(store) == ["000010", "000020"]
    assert (len(transport.downloads), store.stale) == (8, False)


async def test_only_three_days_are_kept(tmp_path: Path) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, clock)
    for _ in range(5):
        await store.listings()
        clock.forward(days=1)
    kept = await asyncio.to_thread(
        lambda: sorted(path.name for path in tmp_path.iterdir())
    )
    assert kept == ["2026-11-22", "2026-11-23", "2026-11-24"]


async def test_a_disk_that_refuses_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    transport = ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path / "file" / "masters", HandClock())
    assert await codes(store) == ["000010", "000020"]
    assert await codes(store) == ["000010", "000020"]
    assert len(transport.downloads) == 4


async def test_a_cancelled_caller_does_not_end_the_download(tmp_path: Path) -> None:
    transport = ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, HandClock())
    impatient, patient = (asyncio.create_task(store.listings()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert len(await patient) == 2
    assert (impatient.cancelled(), len(transport.downloads)) == (True, 4)


def without_nextrade(day: tuple[int, int, int]) -> dict[str, bytes]:
    """A day's files; Nextrade's are there without a byte in them."""
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr(zipfile.ZipInfo("nxt.mst", (*day, 6, 30, 0)), b"")
    bodies = {
        "kospi_code": zipped(master_line("000010"), day=day),
        "kosdaq_code": zipped(master_line("000020", KOSDAQ), day=day),
        **dict.fromkeys(("nxt_kospi_code", "nxt_kosdaq_code"), empty.getvalue()),
    }
    return {f"{ROOT}/{name}.mst.zip": body for name, body in bodies.items()}


async def test_before_nextrade_began_its_masters_may_be_empty(tmp_path: Path) -> None:
    transport = ScriptedTransport(files=without_nextrade((2024, 2, 1)))
    store = MasterStore(transport, tmp_path, HandClock())
    assert await codes(store) == ["000010", "000020"]


async def test_since_nextrade_began_an_empty_master_is_a_failed_one(
    tmp_path: Path,
) -> None:
    transport = ScriptedTransport(files=without_nextrade((2026, 11, 20)))
    with pytest.raises(MarketDataUnavailableError):
        await MasterStore(transport, tmp_path, HandClock()).listings()
