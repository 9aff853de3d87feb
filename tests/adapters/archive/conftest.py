import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.archive.archive_url import archive_url
from adapters.archive.sql_archive import SqlArchive
from adapters.archive.using import Using
from tests.postgresql import Database, Server, running_server

EMPTIED = """
DELETE FROM frames; DELETE FROM flows; DELETE FROM axes;
DELETE FROM profiles; DELETE FROM indices; DELETE FROM windows;
"""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server for the whole run; each test takes a database of its own."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("made") / "archive.sqlite3"
    make(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def made_database(postgresql: Server) -> Database:
    """One for all tests: emptying it is cheaper than making another."""
    url = postgresql.new_database()
    make(url)
    return Database(server=postgresql, url=url)


@pytest.fixture
def database(made_database: Database) -> Database:
    """The same with nothing in it."""
    made_database.say(EMPTIED)
    return made_database


def make(url: str) -> None:
    """The schema, and no connection left."""
    using = Using(archive_url(url), None, 5)
    using.run(lambda archive: archive.windows())
    using.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing is kept yet: a file, then a server's database."""
    if request.param == "sqlite":
        made: Path = request.getfixturevalue("made_file")
        return f"sqlite:///{shutil.copy(made, tmp_path)}"
    database: Database = request.getfixturevalue("database")
    return database.url


@pytest.fixture
async def archive(url: str) -> AsyncIterator[SqlArchive]:
    """An empty archive, on a file and on a server in turn."""
    opened = SqlArchive(url, patience_seconds=5)
    yield opened
    await opened.close()
