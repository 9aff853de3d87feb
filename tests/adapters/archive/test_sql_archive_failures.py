"""What a store that fails is told as, and what a broken file costs."""

import asyncio
import errno
import logging
import sqlite3
import sys
import traceback
from pathlib import Path

import filelock
import pytest
import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from structlog.testing import capture_logs

from adapters.archive.archive_url import archive_url
from adapters.archive.failing import unavailable
from adapters.archive.sql_archive import SqlArchive
from domain.errors import MarketDataUnavailableError
from domain.listing import Venue
from tests.adapters.archive.archived import STOCKS, assert_same, full_frame
from tests.builders import BEFORE, SESSION
from tests.postgresql import ESCAPED, PASSWORD, Database, Server

FILE = archive_url("sqlite:////data/archive.sqlite3")


async def told(archive: SqlArchive) -> MarketDataUnavailableError:
    """The error of keeping a frame; everywhere one line that says where."""
    with pytest.raises(MarketDataUnavailableError) as failed:
        await archive.keep_frame(full_frame())
    await archive.close()
    assert "ARCHIVE_URL" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert failed.value.retry_after == 10
    return failed.value


@pytest.fixture
async def broken(tmp_path: Path) -> Path:
    """A file of several pages, all but the first overwritten."""
    path = tmp_path / "archive.sqlite3"
    archive = SqlArchive(f"sqlite:///{path}")
    for day in (BEFORE, SESSION):
        await archive.keep_frame(full_frame(day))
    await archive.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    return path


@pytest.mark.parametrize(
    "content", [b"no database at all " * 300, b"SQLite format 3\0"]
)
async def test_a_file_that_is_no_archive_is_set_aside(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "archive.sqlite3"
    for name in ("archive.sqlite3.damaged", "archive.sqlite3.damaged-2"):
        path.write_bytes(content)
        archive = SqlArchive(f"sqlite:///{path}")
        with capture_logs() as logs:
            await archive.keep_frame(full_frame())
        assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
        await archive.close()
        assert (tmp_path / name).read_bytes() == content
        assert [log["event"] for log in logs] == ["archive.set_aside"]


async def test_a_file_that_breaks_is_set_aside_and_the_work_is_done(
    broken: Path,
) -> None:
    archive = SqlArchive(f"sqlite:///{broken}")
    with capture_logs() as logs:
        await archive.keep_frame(full_frame())
    assert_same(await archive.final_frame(Venue.KRX, STOCKS, SESSION), full_frame())
    assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
    await archive.close()
    assert [log["event"] for log in logs] == ["archive.set_aside"]
    assert broken.with_name("archive.sqlite3.damaged").stat().st_size > 4096


async def test_one_of_many_processes_sets_it_aside(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    archives = [SqlArchive(f"sqlite:///{path}") for _ in range(3)]
    for archive in archives:
        await archive.keep_frame(full_frame())
    await asyncio.to_thread(_overwrite, path)
    with capture_logs() as logs:
        for archive in archives:
            await archive.forget_instants(SESSION)
            await archive.keep_frame(full_frame(BEFORE))
    for archive in archives:
        assert await archive.sessions(Venue.KRX, STOCKS) == (BEFORE,)
        await archive.close()
    assert [log["event"] for log in logs] == ["archive.set_aside"]
    assert not path.with_name("archive.sqlite3.damaged-2").exists()


def _overwrite(path: Path) -> None:
    """Breaks the pages under the feet of those who have it open."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x55" * (size - 4096))


async def test_a_file_that_another_program_writes_is_waited_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.sqlite3"
    archive = SqlArchive(f"sqlite:///{path}", patience_seconds=0.1)
    await archive.windows()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await archive.sessions(Venue.KRX, STOCKS) == ()
    assert "다른 프로그램이 쓰고" in str(await told(archive))
    other.rollback()
    other.close()
    await archive.keep_frame(full_frame())
    assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
    await archive.close()


async def test_a_server_that_another_program_writes_to_is_waited_for(
    database: Database,
) -> None:
    archive, other = (SqlArchive(database.url, patience_seconds=0.1) for _ in "ab")
    await archive.windows()
    engine = sql.create_engine(archive_url(database.url).address)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1835758177)")
        assert "다른 프로그램이 쓰고" in str(await told(archive))
    engine.dispose()
    await other.keep_frame(full_frame())
    assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
    await archive.close()
    await other.close()


@pytest.mark.parametrize("below", ["", "archive.sqlite3"])
async def test_a_path_that_cannot_be_used_says_so(tmp_path: Path, below: str) -> None:
    path = tmp_path / "taken"
    path.mkdir() if not below else path.touch()
    archive = SqlArchive(f"sqlite:///{path / below}")
    assert "쓰기 권한" in str(await told(archive))


def test_a_full_disk_says_so() -> None:
    engine = sql.create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(DBAPIError) as full:
            connection.exec_driver_sql("CREATE TABLE a (b)")
    engine.dispose()
    assert "가득 찼습니다" in str(unavailable(full.value, FILE))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "가득 찼습니다"),
        (errno.EACCES, "쓰기 권한"),
        (errno.EIO, "디스크를 확인"),
    ],
)
def test_what_the_system_refuses_is_told(number: int, words: str) -> None:
    error = unavailable(OSError(number, "no"), FILE)
    assert words in str(error)
    assert "DATA_DIR" in str(error)


@pytest.mark.parametrize(
    "error", [filelock.Timeout("archive.sqlite3.lock"), PoolTimeoutError("all in use")]
)
def test_a_turn_that_did_not_come_is_told(error: Exception) -> None:
    assert "다른 프로그램이 쓰고" in str(unavailable(error, FILE))


def everything_said(error: BaseException, logs: object, caplog: str) -> str:
    return "".join((repr(error), *traceback.format_exception(error), str(logs), caplog))


@pytest.mark.parametrize("fault", ["password", "port", "database"])
async def test_no_server_is_told_without_its_password(
    postgresql: Server, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = {
        "password": postgresql.url("postgres", password="wrong" + ESCAPED),
        "port": postgresql.url("postgres").replace(f":{postgresql.port}/", ":9/"),
        "database": postgresql.url("none"),
    }[fault]
    archive = SqlArchive(url)
    with capture_logs() as logs:
        error = await told(archive)
    said = everything_said(error, (logs, repr(archive)), caplog.text)
    assert "postgresql://127.0.0.1" in str(error)
    assert "연결하지 못했습니다" in str(error)
    assert PASSWORD not in said
    assert ESCAPED not in said
    assert [log["event"] for log in logs] == ["archive.unavailable"]


async def test_a_driver_that_is_not_installed_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    archive = SqlArchive("postgresql://me:s3cret@127.0.0.1:9/archive")
    with pytest.raises(MarketDataUnavailableError, match="psycopg") as failed:
        await archive.windows()
    assert "ARCHIVE_URL" in str(failed.value)
    assert "s3cret" not in everything_said(failed.value, (), "")
    await archive.close()


async def test_a_server_that_refuses_the_work_is_told(database: Database) -> None:
    archive = SqlArchive(database.url)
    await archive.windows()
    database.say("ALTER TABLE indices RENAME TO hidden")
    try:
        with pytest.raises(MarketDataUnavailableError, match="거절했습니다"):
            await archive.indices(SESSION)
    finally:
        database.say("ALTER TABLE hidden RENAME TO indices")
    await archive.close()


async def test_a_server_that_cut_the_connections_is_reached_again(
    database: Database,
) -> None:
    archive = SqlArchive(database.url)
    await archive.keep_frame(full_frame())
    database.say(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
    await archive.close()


async def test_many_questions_and_writers_at_once_disturb_nobody(
    archive: SqlArchive,
) -> None:
    await archive.keep_frame(full_frame())
    questions = [archive.final_frame(Venue.KRX, STOCKS, SESSION) for _ in range(20)]
    writing = [archive.keep_frame(full_frame(BEFORE)) for _ in range(10)]
    found, _ = await asyncio.gather(
        asyncio.gather(*questions), asyncio.gather(*writing)
    )
    for one in found:
        assert_same(one, full_frame())
