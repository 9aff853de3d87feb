"""Which addresses an archive may have, and that none shows its password."""

from pathlib import Path

import pytest

from adapters.archive.archive_url import archive_url, file_url

SECRET = "s3cret@/#"  # noqa: S105


def test_a_file_has_a_full_path() -> None:
    url = archive_url("sqlite:////var/lib/archive.sqlite3")
    assert url.path == Path("/var/lib/archive.sqlite3")
    assert (url.is_postgresql, url.secret) == (False, "")


def test_three_slashes_are_relative_to_the_working_directory() -> None:
    assert archive_url("sqlite:///kept/a.db").path == Path.cwd() / "kept/a.db"


@pytest.mark.parametrize("text", ["sqlite://", "sqlite:///:memory:"])
def test_no_path_is_memory(text: str) -> None:
    url = archive_url(text)
    assert (url.path, url.is_postgresql) == (None, False)


def test_a_file_may_have_any_name() -> None:
    path = Path("/tmp/한글 폴더/100%?#.db")  # noqa: S108 - nothing is written
    assert file_url(path).path == path


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_is_reached_by_one_driver(scheme: str) -> None:
    url = archive_url(f" {scheme}://me:pw12@db.example:5433/archive?sslmode=require ")
    assert url.address == (
        "postgresql+psycopg://me:pw12@db.example:5433/archive?sslmode=require"
    )
    assert url.shown == "postgresql://db.example:5433/archive"
    assert (url.is_postgresql, url.secret) == (True, "pw12")


def test_a_server_needs_neither_user_nor_password() -> None:
    url = archive_url("postgresql://localhost/archive")
    assert url.address == "postgresql+psycopg://localhost/archive"
    assert archive_url("postgresql://me@localhost/a").address.endswith(
        "//me@localhost/a"
    )


def test_the_password_is_read_as_it_is_and_not_shown() -> None:
    url = archive_url("postgresql://me:s3cret%40%2F%23@db/archive")
    assert url.secret == SECRET
    assert url.address == "postgresql+psycopg://me:s3cret%40%2F%23@db/archive"
    assert "s3cret" not in repr(url) + str(url) + url.shown


def test_a_password_after_the_question_mark_is_a_secret_too() -> None:
    url = archive_url("postgresql://db/archive?user=me&password=s3cret")
    assert url.secret == "s3cret"  # noqa: S105
    assert "s3cret" not in repr(url)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mysql://me:s3cret@db/archive", "다른 데이터베이스"),
        ("/var/lib/archive.sqlite3", "다른 데이터베이스"),
        ("", "다른 데이터베이스"),
        ("postgresql://me:s3cret@db", "데이터베이스 이름"),
        ("postgresql://me:s3cret@db:port/archive", "포트"),
        ("postgresql://me:s3/cret@db/archive", "%40처럼"),
        ("postgresql://me:x@db/archive#s3cret", "%40처럼"),
        ("postgresql://[::1/archive", "포트"),
        ("sqlite://archive.sqlite3", "빗금"),
        ("sqlite:archive.sqlite3", "빗금"),
        ("sqlite:///a.db?mode=ro", "지워 주세요"),
    ],
)
def test_anything_else_is_refused_without_repeating_it(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        archive_url(text)
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None
