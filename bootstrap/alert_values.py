"""What one setting of alerts may hold; a refusal is a whole Korean sentence."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from pydantic import SecretStr

from adapters.alerts.mailbox import Security

_LOCAL = ("127.0.0.1", "::1", "localhost")


def webhook(value: SecretStr | None) -> SecretStr | None:
    """An address to post to, encrypted unless it stays on the machine; never shown."""
    if value is None:
        return None
    wrong = (
        "https://hooks.slack.com/services/… 꼴이어야 합니다. Slack에서 만든 웹훅 주소를"
        " 그대로 다시 복사해 주세요."
    )
    try:
        parts = urlsplit(value.get_secret_value())
        _ = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    is_local = parts.scheme == "http" and parts.hostname in _LOCAL
    if not parts.hostname or (parts.scheme != "https" and not is_local):
        raise ValueError(wrong)
    if not all("!" <= letter <= "~" for letter in value.get_secret_value()):
        raise ValueError(wrong)
    return value


def mail_host(value: str | None) -> str | None:
    """A server's name or address, nothing around it."""
    if value is not None and any(letter in value for letter in "/@ ,"):
        raise ValueError(
            "smtp.example.com 같은 이름이나 주소만 적어야 합니다. 포트는 SMTP_PORT에"
            " 적어 주세요."
        )
    return value


def security(value: object) -> object:
    """The name of one, in any case."""
    if not isinstance(value, str):
        return value
    try:
        return Security(value.lower())
    except ValueError:
        raise ValueError("starttls(기본), ssl, none 가운데 하나여야 합니다.") from None


def address(value: str | None) -> str | None:
    """One mailbox, with or without a name before it."""
    if value is not None:
        _, found = parseaddr(value)
        local, at, domain = found.rpartition("@")
        if not (local and at and domain and found.isascii() and found.isprintable()):
            raise ValueError(
                "alerts@example.com 같은 메일 주소여야 합니다. 받는 사람이 여럿이면"
                " 쉼표로 나누어 주세요."
            )
        if " " in found:
            raise ValueError("메일 주소 안의 빈칸을 지워 주세요.")
    return value


def addresses(value: object) -> object:
    """Mailboxes with commas between."""
    if not isinstance(value, str):
        return value
    return tuple(address(each.strip()) for each in value.split(",") if each.strip())
