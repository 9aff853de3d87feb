import asyncio
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from adapters.kis.master_store import MasterStore
from domain.errors import MarketDataUnavailableError
from tests.adapters.kis.fakes import KST, HandClock, ScriptedTransport
from tests.adapters.kis.master_files import (
    FRIDAY,
    THURSDAY,
    by_path,
    codes,
    files,
    soon,
    zips,
)
from tests.adapters.kis.master_lines import zipped

OLD = ["000010", "000020"]
NEW = ["000020", "000099"]


def dawn() -> HandClock:
    """Friday, before its masters are made."""
    return HandClock(datetime(2026, 11, 20, 6, 0, tzinfo=KST))


async def had_on_thursday(folder: Path) -> tuple[MasterStore, ScriptedTransport]:
    """A store that runs since Thursday, whose host knows nothing; it is Friday."""
    clock = HandClock()
    clock.forward(days=-1)
    transport = ScriptedTransport(files=files(THURSDAY))
    store = MasterStore(transport, folder, clock)
    await store.listings()
    clock.forward(days=1)
    transport.files = {}
    transport.downloads.clear()
    return store, transport


async def test_four_files_are_fetched_once_however_many_ask(tmp_path: Path) -> None:
    transport = ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path, HandClock())

    answers = await asyncio.gather(*(store.listings() for _ in range(50)))

    assert sorted(transport.downloads) == sorted(files())
    assert {id(answer) for answer in answers} == {id(answers[0])}
    assert answers[0].dated == FRIDAY
    assert not store.stale


async def test_a_restart_reads_the_files_kept_today(tmp_path: Path) -> None:
    clock = HandClock()
    await MasterStore(ScriptedTransport(files=files()), tmp_path, clock).listings()
    again = ScriptedTransport()
    store = MasterStore(again, tmp_path, clock)
    assert await codes(store) == OLD
    assert (again.downloads, store.stale) == ([], False)


async def test_a_new_days_files_are_fetched_behind_the_first_caller(
    tmp_path: Path,
) -> None:
    store, transport = await had_on_thursday(tmp_path)
    transport.files = files(FRIDAY, kospi="000099")
    assert store.stale
    assert await codes(store) == OLD
    await soon(store, NEW)
    assert not store.stale


@pytest.mark.parametrize("restarted", [True, False])
async def test_yesterdays_files_serve_when_the_download_fails(
    tmp_path: Path, restarted: bool
) -> None:
    store, transport = await had_on_thursday(tmp_path)
    if restarted:
        store = MasterStore(transport, tmp_path, HandClock())
    assert await codes(store) == OLD
    assert store.stale


async def test_a_failed_download_is_tried_again_after_a_minute(tmp_path: Path) -> None:
    await had_on_thursday(tmp_path)
    clock, transport = HandClock(), ScriptedTransport()
    store = MasterStore(transport, tmp_path, clock)
    for seconds in (0, 30, 29.9):
        clock.forward(seconds=seconds)
        await store.listings()
    assert len(transport.downloads) == 4
    transport.files = files(kospi="000099")
    clock.forward(seconds=0.1)

    await soon(store, NEW)
    assert (store.stale, len(transport.downloads)) == (False, 8)


async def test_files_of_yesterday_serve_and_are_asked_for_every_ten_minutes(
    tmp_path: Path,
) -> None:
    clock, transport = dawn(), ScriptedTransport(files=files(THURSDAY))
    store = MasterStore(transport, tmp_path, clock)
    assert await codes(store) == OLD
    assert store.stale
    transport.files = files(FRIDAY, kospi="000099")
    clock.forward(minutes=9, seconds=59)
    assert await codes(store) == OLD
    await asyncio.sleep(0.02)
    assert len(transport.downloads) == 4

    clock.forward(seconds=1)
    assert await codes(store) == OLD  # the download runs behind
    await soon(store, NEW)
    assert (store.stale, len(transport.downloads)) == (False, 8)


async def test_files_are_kept_under_their_own_day(tmp_path: Path) -> None:
    await MasterStore(
        ScriptedTransport(files=files(THURSDAY)), tmp_path, dawn()
    ).listings()
    kept = await asyncio.to_thread(lambda: [path.name for path in tmp_path.iterdir()])
    assert kept == ["2026-11-19"]


async def test_a_new_process_does_not_take_yesterdays_files_for_todays(
    tmp_path: Path,
) -> None:
    """Not even where an earlier release put them under the day of the download."""
    await MasterStore(
        ScriptedTransport(files=files(THURSDAY)), tmp_path, dawn()
    ).listings()
    (tmp_path / "2026-11-19").rename(tmp_path / "2026-11-20")
    transport = ScriptedTransport(files=files(FRIDAY, kospi="000099"))
    store = MasterStore(transport, tmp_path, HandClock())
    assert await codes(store) == NEW
    assert not store.stale


async def test_masters_half_made_anew_are_stale(tmp_path: Path) -> None:
    half = zips(FRIDAY) | {"kosdaq_code": zips(THURSDAY)["kosdaq_code"]}
    store = MasterStore(ScriptedTransport(files=by_path(half)), tmp_path, HandClock())
    assert await codes(store) == OLD
    assert store.stale


@pytest.mark.parametrize("restarted", [True, False])
async def test_on_a_weekend_fridays_files_are_right(
    tmp_path: Path, restarted: bool
) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files(FRIDAY))
    store = MasterStore(transport, tmp_path, clock)
    await store.listings()
    if restarted:
        store = MasterStore(transport, tmp_path, clock)
    for _ in range(2):
        clock.forward(days=1)
        assert await codes(store) == OLD
        assert not store.stale
    assert len(transport.downloads) == 4


async def test_on_a_weekend_older_files_on_disk_are_compared_with_the_hosts_once(
    tmp_path: Path,
) -> None:
    """Friday may have been a holiday: then the host's are Thursday's, and right."""
    await had_on_thursday(tmp_path)
    clock, transport = HandClock(), ScriptedTransport(files=files(THURSDAY))
    clock.forward(days=1)
    store = MasterStore(transport, tmp_path, clock)
    for _ in range(3):
        assert await codes(store) == OLD
        assert not store.stale
        clock.forward(minutes=11)
    assert len(transport.downloads) == 4


async def test_stale_listings_are_logged(tmp_path: Path) -> None:
    structlog.reset_defaults()
    await had_on_thursday(tmp_path)
    with capture_logs() as logs:
        failing = MasterStore(ScriptedTransport(), tmp_path, HandClock())
        await failing.listings()
        old = ScriptedTransport(files=files(THURSDAY))
        await MasterStore(old, tmp_path, HandClock()).listings()
    told = [x["why"] for x in logs if x["event"] == "kis.masters_stale"]
    assert told == [
        "older listings serve while a download runs",
        "the download failed: no such file",
        "older listings serve while a download runs",
        "the newest files are not of today",
    ]


async def test_without_any_file_the_error_says_what_to_do(tmp_path: Path) -> None:
    store = MasterStore(ScriptedTransport(), tmp_path, HandClock())
    with pytest.raises(MarketDataUnavailableError, match="KIS_MASTER_URL") as caught:
        await store.listings()
    assert caught.value.retry_after == 60.0
    assert str(caught.value.__cause__) == "no such file"


@pytest.mark.parametrize("broken", [b"", b"<html>", zipped()])
async def test_broken_downloads_do_not_replace_good_files(
    tmp_path: Path, broken: bytes
) -> None:
    _, transport = await had_on_thursday(tmp_path)
    transport.files = dict.fromkeys(files(), broken)
    for _ in range(2):
        store = MasterStore(transport, tmp_path, HandClock())
        assert await codes(store) == OLD
        assert store.stale
    assert len(transport.downloads) == 8


async def test_broken_kept_files_are_fetched_anew(tmp_path: Path) -> None:
    clock, transport = HandClock(), ScriptedTransport(files=files())
    await MasterStore(transport, tmp_path, clock).listings()
    (tmp_path / "2026-11-20" / "kospi_code.mst.zip").write_bytes(b"cut")
    store = MasterStore(transport, tmp_path, clock)
    assert await codes(store) == OLD
    assert (len(transport.downloads), store.stale) == (8, False)


async def test_a_disk_that_refuses_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    transport = ScriptedTransport(files=files())
    store = MasterStore(transport, tmp_path / "file" / "masters", HandClock())
    assert await codes(store) == OLD
    assert await codes(store) == OLD
    assert len(transport.downloads) == 4
