"""The key to the broker, which no repr, log or message shows."""

import hashlib
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.kis.refusals import refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An app key (36 characters) and its secret (180)."""

    app_key: SecretStr
    app_secret: SecretStr

    def plain(self) -> tuple[str, str]:
        """Key and secret for the wire, without blanks around them."""
        return (
            self.app_key.get_secret_value().strip(),
            self.app_secret.get_secret_value().strip(),
        )

    def require(self) -> None:
        """Refuses blanks before anything is sent.

        Raises:
            MarketDataRefusedError: One of the two is blank.
        """
        key, secret = self.plain()
        if not key:
            raise refusal("EGW00102")
        if not secret:
            raise refusal("EGW00104")

    def fingerprint(self, base_url: str) -> str:
        """A short hash that tells one key and host from another, on disk."""
        text = f"{self.plain()[0]} {base_url.rstrip('/')}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]
