"""The token on disk: readable by its owner alone, shared by processes."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict, SecretStr, ValidationError

_log = structlog.get_logger(__name__)
LONGEST_LIFE = timedelta(hours=25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token and the instant at which it ends."""

    value: SecretStr
    expires_at: datetime

    def lasts(self, now: datetime, margin: timedelta) -> bool:
        """Whether more than ``margin`` is left, and not impossibly much."""
        return margin < self.expires_at - now <= LONGEST_LIFE


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    asked_at: AwareDatetime | None = None
    access_token: SecretStr | None = None
    expires_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """What a file says: the token, and when one was last asked for."""

    token: Token | None = None
    asked_at: datetime | None = None


def record_bytes(record: TokenRecord) -> bytes:
    """The record as it is kept, the token in clear."""
    return orjson.dumps(
        {
            "asked_at": record.asked_at and record.asked_at.isoformat(),
            "access_token": record.token and record.token.value.get_secret_value(),
            "expires_at": record.token and record.token.expires_at.isoformat(),
        }
    )


def record_from(raw: bytes | str) -> TokenRecord:
    """The record again.

    Raises:
        ValidationError: It is none; the error's text may hold the token.
    """
    kept = _Kept.model_validate_json(raw)
    token = None
    if kept.access_token is not None and kept.expires_at is not None:
        token = Token(value=kept.access_token, expires_at=kept.expires_at)
    return TokenRecord(token=token, asked_at=kept.asked_at)


class TokenFile:
    """One key's file. Blocking: to be used from a thread.

    Args:
        path: The file; its folder is made when needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> TokenRecord:
        """What is there; an empty record where nothing can be read."""
        try:
            raw = self.path.read_bytes()
        except OSError:
            return TokenRecord()
        try:
            return record_from(raw)
        except ValidationError:
            self._set_aside()
            return TokenRecord()

    def write(self, record: TokenRecord) -> None:
        """Replaces the file whole, mode 0600; a disk that refuses is logged."""
        try:
            self._replace(record_bytes(record))
        except OSError as error:
            _log.warning("kis.token_not_kept", error=type(error).__name__)

    def _replace(self, content: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(dir=self.path.parent, prefix=".token-")  # 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(new).replace(self.path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise

    def _set_aside(self) -> None:
        _log.warning("kis.token_file_corrupt", file=self.path.name)
        try:
            self.path.replace(self.path.with_suffix(".corrupt"))
        except OSError:
            return
