"""What a store that fails is told as: one Korean line and the next step."""

import errno
import sqlite3

import filelock
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from adapters.archive.archive_url import ArchiveUrl
from domain.errors import MarketDataUnavailableError

FAILURES = (DBAPIError, PoolTimeoutError, OSError)
"""What opening and using a store raises; a lock's time-out is an OSError."""

_WHERE = "시세 보관소(ARCHIVE_URL, 없으면 DATA_DIR의 SQLite 파일)"
_LOCKED = (
    f"{_WHERE}를 다른 프로그램이 쓰고 있습니다. 잠시 뒤에 다시 시도하고, 되풀이되면"
    " 그 프로그램을 닫아 주세요."
)
_FULL = f"{_WHERE}의 디스크가 가득 찼습니다. 공간을 비운 뒤에 다시 시도해 주세요."
_FORBIDDEN = (
    f"{_WHERE}를 열거나 쓸 수 없습니다. 폴더가 있는지, 이 사용자에게 쓰기 권한이"
    " 있는지 확인해 주세요."
)
_BROKEN = f"{_WHERE}를 읽지 못했습니다. 디스크를 확인하고 다시 시도해 주세요."
_UNREACHABLE = (
    "시세 보관소(ARCHIVE_URL의 PostgreSQL {shown})에 연결하지 못했습니다. 서버가 켜져"
    " 있는지, 주소·사용자·비밀번호가 맞는지 확인해 주세요."
)
_OTHER = (
    "시세 보관소(ARCHIVE_URL의 PostgreSQL {shown})가 요청을 거절했습니다. 이 사용자의"
    " 권한과 서버의 기록을 확인해 주세요."
)
_BY_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_CANTOPEN: _FORBIDDEN,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
}
_BY_STATE = {
    "53100": _FULL,  # disk_full
    "55P03": _LOCKED,  # lock_not_available
    "57014": _LOCKED,  # query_canceled, by a time limit
    "53300": _LOCKED,  # too_many_connections
}
_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _FORBIDDEN,
    errno.ENOTDIR: _FORBIDDEN,
    errno.EEXIST: _FORBIDDEN,
    errno.EISDIR: _FORBIDDEN,
}
_RETRY_AFTER = 10
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: BaseException) -> bool:
    """Whether the SQLite file itself is broken."""
    return _sqlite_code(error) in _DAMAGE


def unavailable(error: BaseException, url: ArchiveUrl) -> MarketDataUnavailableError:
    """The error to raise in its place; it names no password."""
    return MarketDataUnavailableError(
        _told(error).format(shown=url.shown) if url.is_postgresql else _told(error),
        retry_after=_RETRY_AFTER,
    )


def _told(error: BaseException) -> str:
    match error:
        case filelock.Timeout():
            return _LOCKED
        case DBAPIError(orig=sqlite3.Error()):
            return _BY_SQLITE.get(_sqlite_code(error), _BROKEN)
        case DBAPIError(orig=cause):
            return _of_state(getattr(cause, "sqlstate", None))
        case PoolTimeoutError():  # every connection of the pool is in use
            return _LOCKED
        case OSError(errno=int(number)):
            return _BY_ERRNO.get(number, _BROKEN)
    return _BROKEN


def _of_state(state: str | None) -> str:
    """By SQLSTATE; none, and those of the connection, mean nobody was reached."""
    if state is None or state[:2] in ("08", "28", "3D", "57"):
        return _BY_STATE.get(state or "", _UNREACHABLE)
    return _BY_STATE.get(state, _OTHER)


def _sqlite_code(error: BaseException) -> int:
    """The primary code; extended ones bear it in their low byte."""
    cause = getattr(error, "orig", None)
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF
