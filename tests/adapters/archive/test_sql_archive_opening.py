"""The archive's first moment: made, brought up to date, shared, told off."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sql
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapters.archive.archive_url import archive_url
from adapters.archive.migrating import MIGRATIONS, VERSION_TABLE, revisions
from adapters.archive.schema import tables
from adapters.archive.sql_archive import SqlArchive
from domain.errors import MarketDataUnavailableError
from domain.listing import Venue
from tests.adapters.archive.archived import STOCKS, assert_same, full_frame
from tests.builders import SESSION, at
from tests.postgresql import Server

ROOT = Path(__file__).resolve().parents[3]
NEXT_STEP = '''
"""A step that some later version takes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("frames", sa.Column("remark", sa.String(8)))
    op.execute("UPDATE frames SET remark = 'old'")
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is not even a schema yet, nor a folder."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/made/when needed/archive.sqlite3"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The steps that a later version knows."""
    folder = tmp_path / "100 % later"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "v0002_remark.py").write_text(NEXT_STEP, encoding="utf-8")
    return folder


def test_nothing_heavy_is_loaded_before_the_first_use() -> None:
    code = (
        "import sys; from adapters.archive.sql_archive import SqlArchive;"
        "SqlArchive('sqlite://'); heavy = {'sqlalchemy', 'alembic', 'psycopg'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_steps_are_those_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    walked = [step.revision for step in script.walk_revisions()]
    assert list(reversed(walked)) == revisions(MIGRATIONS)
    assert script.get_heads() == [revisions(MIGRATIONS)[-1]]


async def test_the_steps_lead_to_the_tables_that_are_used(nowhere: str) -> None:
    archive = SqlArchive(nowhere)
    await archive.windows()
    await archive.close()
    url = archive_url(nowhere)
    engine = sql.create_engine(f"sqlite:///{url.path}" if url.path else url.address)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE}
        )
        assert compare_metadata(context, tables) == []
    engine.dispose()


async def test_an_archive_survives_an_upgrade(nowhere: str, later: Path) -> None:
    old = SqlArchive(nowhere)
    await old.keep_frame(full_frame())
    await old.close()
    for _ in range(2):
        new = SqlArchive(nowhere, migrations=later)
        assert_same(await new.final_frame(Venue.KRX, STOCKS, SESSION), full_frame())
        await new.close()


async def test_a_step_that_fails_leaves_the_archive_as_it_was(
    nowhere: str, later: Path
) -> None:
    step = later / "versions" / "v0002_remark.py"
    broken = NEXT_STEP + '    op.execute("SELECT nonsense")\n'
    step.write_text(broken, encoding="utf-8")
    old = SqlArchive(nowhere)
    await old.keep_frame(full_frame())
    new = SqlArchive(nowhere, migrations=later)
    with pytest.raises(MarketDataUnavailableError):
        await new.windows()
    again = SqlArchive(nowhere)
    assert_same(await again.final_frame(Venue.KRX, STOCKS, SESSION), full_frame())
    for archive in (old, new, again):
        await archive.close()


async def test_an_archive_of_a_newer_program_is_refused(
    nowhere: str, later: Path
) -> None:
    new = SqlArchive(nowhere, migrations=later)
    await new.keep_frame(full_frame())
    await new.close()
    old = SqlArchive(nowhere)
    for _ in range(2):
        with pytest.raises(MarketDataUnavailableError, match="스키마 0002") as told:
            await old.final_frame(Venue.KRX, STOCKS, SESSION)
    assert "ARCHIVE_URL" in str(told.value)
    assert "DATA_DIR" in str(told.value)
    assert_same(await new.final_frame(Venue.KRX, STOCKS, SESSION), full_frame())
    await new.close()
    await old.close()


async def test_processes_that_open_it_at_once_all_use_it(nowhere: str) -> None:
    command = [sys.executable, "-m", "tests.adapters.archive.opening_process", nowhere]
    hours = ("09", "10", "11")
    processes = [
        subprocess.Popen(  # noqa: ASYNC220, S603
            [*command, hour],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for hour in hours
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"now\n")
        process.stdin.flush()
    told = [process.communicate(timeout=30)[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    archive = SqlArchive(nowhere)
    instants = await archive.instants(Venue.KRX, STOCKS, SESSION)
    assert instants == tuple(at(f"{hour}:00") for hour in hours)
    await archive.close()


async def test_a_closed_archive_opens_again(nowhere: str) -> None:
    archive = SqlArchive(nowhere)
    await archive.close()
    await archive.keep_frame(full_frame())
    await archive.close()
    await archive.close()
    assert await archive.sessions(Venue.KRX, STOCKS) == (SESSION,)
    await archive.close()
