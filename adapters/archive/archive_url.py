"""Where the archive is: a SQLite file, memory, or a PostgreSQL database."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

_FORM = (
    "sqlite:////폴더/archive.sqlite3 또는"
    " postgresql://사용자:비밀번호@호스트:포트/데이터베이스 꼴이어야 합니다."
)
_LETTERS = "포트를 확인하고, 비밀번호의 @ / ? # %는 %40처럼 바꿔 적어 주세요."
_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveUrl:
    """An address that was checked; printing it shows no password.

    Attributes:
        address: As SQLAlchemy reads it, the password included.
        path: The SQLite file; None in memory and for PostgreSQL.
        shown: What may be told to anybody.
        secret: The password; empty where there is none.
    """

    address: str = field(repr=False)
    path: Path | None
    shown: str
    secret: str = field(default="", repr=False)

    @property
    def is_postgresql(self) -> bool:
        """Whether a server holds the archive."""
        return self.address.startswith("postgresql")


def file_url(path: Path) -> ArchiveUrl:
    """A SQLite file's address, whatever letters its path has."""
    full = path.expanduser().absolute()
    return ArchiveUrl(
        address="sqlite+pysqlite:///", path=full, shown=f"sqlite:///{full}"
    )


def archive_url(text: str) -> ArchiveUrl:
    """An address as a setting gives it.

    Raises:
        ValueError: It is none; one Korean sentence without the text itself, which may
            hold a password.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError(f"{_FORM} {_LETTERS}") from None
    if parts.scheme in _SQLITE:
        return _sqlite(text)
    if parts.scheme not in _POSTGRESQL:
        raise ValueError(f"{_FORM} 다른 데이터베이스는 쓸 수 없습니다.")
    if parts.fragment:
        raise ValueError(f"{_FORM} {_LETTERS}")
    if not parts.path.strip("/"):
        raise ValueError(f"{_FORM} 데이터베이스 이름을 적어 주세요.")
    return _postgresql(parts)


def _postgresql(parts: SplitResult) -> ArchiveUrl:
    """The same with every letter of the password safe for whoever reads it next."""
    host = parts.netloc.rpartition("@")[2]
    user = quote(unquote(parts.username or ""), safe="")
    secret = unquote(parts.password or "")
    login = f"{user}:{quote(secret, safe='')}@" if secret else user and f"{user}@"
    query = f"?{parts.query}" if parts.query else ""
    said = dict(parse_qsl(parts.query)).get("password", "")
    return ArchiveUrl(
        address=f"postgresql+psycopg://{login}{host}{parts.path}{query}",
        path=None,
        shown=f"postgresql://{host}{parts.path}",
        secret=secret or said,
    )


def _sqlite(text: str) -> ArchiveUrl:
    """``sqlite://`` is memory, ``sqlite:///a`` a relative path, ``////`` a full one."""
    rest = text.split(":", 1)[1]
    if "?" in rest or "#" in rest:
        raise ValueError(f"{_FORM} 경로 뒤의 ?와 #을 지워 주세요.")
    if rest in ("//", "///", "///:memory:"):
        return ArchiveUrl(address="sqlite+pysqlite://", path=None, shown="sqlite://")
    if not rest.startswith("///"):
        raise ValueError(f"{_FORM} sqlite 뒤에는 빗금(/)을 세 개 적어 주세요.")
    return file_url(Path(rest.removeprefix("///")))
