"""What one setting may hold; a refusal is a whole Korean sentence and the next step."""

from datetime import datetime, time
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from adapters.archive.archive_url import archive_url
from domain.session import in_seoul

_BASE = "https://호스트:포트 꼴이어야 합니다."
_VIRTUAL_HOST = "openapivts.koreainvestment.com"
VIRTUAL_REFUSED = (
    "모의투자(virtual)에는 순위 조회 API가 없습니다. 실전 앱 키를 넣고"
    " KIS_ACCOUNT_TYPE=real로 바꾸거나, 키 없이 보려면 APP_ENV=replay로 두세요."
)


def service_base(value: str) -> str:
    """Scheme, host and port of a service, without a trailing slash."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(f"{_BASE} 포트와 괄호를 확인해 주세요.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{_BASE} http나 https로 시작하는 주소로 고쳐 주세요.")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{_BASE} 주소에 든 사용자 이름과 비밀번호를 지워 주세요.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{_BASE} 호스트 뒤의 경로를 지워 주세요.")
    return f"{parts.scheme}://{parts.netloc}"


def real_service_base(value: str) -> str:
    """The same, unless it is the host of the virtual accounts."""
    base = service_base(value)
    if urlsplit(base).hostname == _VIRTUAL_HOST:
        raise ValueError(VIRTUAL_REFUSED)
    return base


def key(value: SecretStr) -> SecretStr:
    """A key as it is issued: visible ASCII in one piece."""
    text = value.get_secret_value()
    if not text or not all("!" <= letter <= "~" for letter in text):
        raise ValueError(
            "공백 없는 영문·숫자·기호여야 합니다. KIS Developers에서 발급받은 값을"
            " 그대로 다시 복사해 주세요."
        )
    return value


def archive_address(value: SecretStr | None) -> SecretStr | None:
    """An archive's address that can be opened; its password stays hidden."""
    if value is not None:
        archive_url(value.get_secret_value())
    return value


def redis_address(value: SecretStr | None) -> SecretStr | None:
    """An address of a Redis; its password stays hidden."""
    if value is not None:
        parts = urlsplit(value.get_secret_value())
        if parts.scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("redis://호스트:6379/0 꼴이어야 합니다.")
        if parts.scheme != "unix" and not parts.hostname:
            raise ValueError(
                "호스트가 없습니다. redis://호스트:6379/0 꼴이어야 합니다."
            )
    return value


def redis_password_of(address: SecretStr | None) -> str:
    """The password in a Redis's address; empty where there is none."""
    return urlsplit(address.get_secret_value()).password or "" if address else ""


def password_of(address: SecretStr | None) -> str:
    """The password in an archive's address; empty where there is none."""
    return archive_url(address.get_secret_value()).secret if address else ""


def folder(value: object) -> object:
    """A folder that exists or can be made; relative to the working directory."""
    path = _path(value)
    if path.exists() and not path.is_dir():
        raise ValueError("폴더여야 합니다. 같은 이름의 파일이 없는 경로로 바꿔 주세요.")
    return path


def recording(value: object) -> object:
    """A recording that is there; None is the bundled one."""
    if value is None:
        return None
    path = _path(value)
    if not path.exists():
        raise ValueError(
            "이 경로에 녹화본이 없습니다. 경로를 고치거나, 지우고 내장 녹화본을 쓰세요."
        )
    return path


def _path(value: object) -> Path:
    try:
        return Path(str(value)).expanduser().absolute()
    except RuntimeError:
        raise ValueError(
            "~로 시작하는 홈 폴더를 알 수 없습니다. 전체 경로로 적어 주세요."
        ) from None


def instant(value: object) -> object:
    """An ISO instant, Seoul's where it names no zone."""
    if value is None or isinstance(value, datetime):
        return value and in_seoul(value)
    try:
        return in_seoul(datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):
        raise ValueError(
            "2026-03-02T09:30:00 같은 ISO 시각이어야 합니다(시간대가 없으면 +09:00)."
            " 고치거나, 지우고 지금 시각을 쓰세요."
        ) from None


def recorded_instant(value: object) -> object:
    """A time of the recorded day, or an ISO instant."""
    if value is None or isinstance(value, datetime | time):
        return in_seoul(value) if isinstance(value, datetime) else value
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        pass
    try:
        return in_seoul(datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):
        raise ValueError(
            "10:30 같은 시각이나 2026-03-02T10:30:00 같은 ISO 시각이어야 합니다."
            " 고치거나, 지우고 녹화본의 마지막 시각을 쓰세요."
        ) from None


def hostname(value: str) -> str:
    """A host to listen on: a name or an address, nothing around it."""
    if any(letter in value for letter in "/@ ") or value.count(":") == 1:
        raise ValueError(
            "127.0.0.1 같은 주소나 호스트 이름만 적어야 합니다. 포트는 HTTP_PORT에,"
            " http://는 지우고 적어 주세요."
        )
    return value
