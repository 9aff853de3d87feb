"""Who sends e-mail through which server to whom."""

import enum
from dataclasses import dataclass

from pydantic import SecretStr


class Security(enum.Enum):
    """How the conversation is kept from being read."""

    STARTTLS = "starttls"
    SSL = "ssl"
    NONE = "none"

    @property
    def usual_port(self) -> int:
        """Of submission, of submission over TLS, and of plain SMTP."""
        return {"starttls": 587, "ssl": 465, "none": 25}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Who sends through which server to whom.

    Attributes:
        port: None for the usual one.
        username: Logs in with the password; None sends without a login.
    """

    host: str
    sender: str
    recipients: tuple[str, ...]
    port: int | None = None
    security: Security = Security.STARTTLS
    username: str | None = None
    password: SecretStr | None = None
