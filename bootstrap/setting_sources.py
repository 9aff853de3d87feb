"""Where settings are written: the environment, ``.env``, and files that hold keys."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, DotEnvSettingsSource

DOT_ENV = Path(".env")
SECRETS = ("KIS_APP_KEY", "KIS_APP_SECRET")
SECRET_NAMES = (*SECRETS, *(f"{name}_FILE" for name in SECRETS))
ALERT_SECRETS = ("SLACK_WEBHOOK_URL", "SMTP_PASSWORD")
ALL_SECRETS = (*SECRETS, *ALERT_SECRETS)
ALL_SECRET_NAMES = (*ALL_SECRETS, *(f"{name}_FILE" for name in ALL_SECRETS))


class UnreadableError(Exception):
    """A file that holds settings cannot be read; the message is one Korean line."""


def read_written(environ: Mapping[str, str] | None) -> dict[str, str]:
    """Every variable that is set and not blank, stripped.

    Args:
        environ: All there is; None for the process's environment over the ``.env``
            of the working directory.

    Raises:
        UnreadableError: There is a ``.env`` that cannot be read.
    """
    written = {**_dot_env(), **os.environ} if environ is None else environ
    return {name: text.strip() for name, text in written.items() if text.strip()}


def _dot_env() -> dict[str, str]:
    try:
        source = DotEnvSettingsSource(
            BaseSettings, DOT_ENV, env_file_encoding="utf-8", case_sensitive=True
        )
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f".env: 읽을 수 없습니다({type(error).__name__}). UTF-8 텍스트인지, 읽을"
            " 권한이 있는지 확인해 주세요."
        ) from None
    return {name: text for name, text in source.env_vars.items() if text}


def read_secret(name: str, written: Mapping[str, str]) -> str | None:
    """A secret from its variable or from the file that ``<name>_FILE`` points to.

    The path is never shown: the secret itself may stand there by mistake.

    Raises:
        UnreadableError: Both are set, or the file holds nothing to be had.
    """
    file = written.get(f"{name}_FILE")
    if file is None:
        return written.get(name)
    if name in written:
        raise UnreadableError(
            f"{name}, {name}_FILE: 함께 쓸 수 없습니다. 둘 가운데 하나만 남겨 주세요."
        )
    try:
        text = Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, RuntimeError, ValueError) as error:
        raise UnreadableError(
            f"{name}_FILE: 읽을 수 없습니다({type(error).__name__}). 경로와"
            " 읽을 권한을 확인해 주세요."
        ) from None
    if not text:
        raise UnreadableError(
            f"{name}_FILE: 파일이 비어 있습니다. 값을 한 줄로 적어 주세요."
        )
    return text
