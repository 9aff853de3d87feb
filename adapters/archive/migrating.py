"""Brings the archive's schema up to the one this program knows."""

import sys
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy import Connection

from domain.errors import MarketDataUnavailableError

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "archive_version"


def revisions(folder: Path) -> list[str]:
    """Every known schema, oldest first: ``v0001_name.py`` is 0001."""
    return sorted(path.name[1:5] for path in folder.glob("versions/v[0-9]*.py"))


def is_current(connection: Connection, folder: Path) -> bool:
    """Whether there is no step to take."""
    return _version(connection) == revisions(folder)[-1]


def migrate(connection: Connection, folder: Path) -> None:
    """Takes every step that is missing, or none; within the caller's transaction.

    Raises:
        MarketDataUnavailableError: A newer program made this archive.
    """
    known, there = revisions(folder), _version(connection)
    if there is not None and there not in known:
        raise MarketDataUnavailableError(
            "시세 보관소(ARCHIVE_URL, 없으면 DATA_DIR)는 더 새로운 버전이 만든 것입니다"
            f"(스키마 {there}, 이 프로그램은 {known[-1]}까지). 프로그램을 새 버전으로"
            " 올리거나 다른 ARCHIVE_URL이나 DATA_DIR을 써 주세요."
        )
    if there != known[-1]:  # else another process was quicker
        _upgrade(connection, folder)


def _version(connection: Connection) -> str | None:
    """The schema that is there; None of an empty archive."""
    if not sql.inspect(connection).has_table(VERSION_TABLE):
        return None
    table = sql.table(VERSION_TABLE, sql.column("version_num", sql.String))
    return connection.execute(sql.select(table.c.version_num)).scalar()


def _upgrade(connection: Connection, folder: Path) -> None:
    from alembic import command  # noqa: PLC0415 - slow, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config(stdout=sys.stderr)  # stdout speaks MCP
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
