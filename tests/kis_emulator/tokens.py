"""Access tokens: one a day, the same for six hours, asked for once a minute."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.envelope import RefusedError, refused, token_refused

APP_KEY = "PSemulatorAppKey00000000000000000001"
APP_SECRET = "EmulatorAppSecret" + "x" * 163
VIRTUAL_APP_KEY = "PSVTemulatorVirtualAppKey00000000001"
VIRTUAL_APP_SECRET = "VirtualEmulatorAppSecret" + "y" * 156

LIFETIME = timedelta(seconds=86_400)
SAME_FOR = timedelta(hours=6)
BETWEEN_ASKS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One issued token and its life on the emulator's clock."""

    text: str
    issued_at: datetime
    expires_at: datetime


class TokenOffice:
    """Issues and checks tokens by the emulator's clock.

    Attributes:
        issued: How many different tokens were ever issued.
        asks: How many times one was asked for, refusals included.
    """

    def __init__(self, clock: EmulatorClock) -> None:
        self._clock = clock
        self._tokens: dict[str, Token] = {}
        self._newest: Token | None = None
        self._answered_at: datetime | None = None
        self.issued = 0
        self.asks = 0

    def ask(self, body: object) -> dict[str, object]:
        """The token document for a request's JSON body."""
        self.asks += 1
        if not isinstance(body, Mapping):
            raise token_refused("EGW00101")
        _check_request(body)
        now = self._clock.now()
        if self._answered_at and now - self._answered_at < BETWEEN_ASKS:
            raise token_refused("EGW00133")
        token = self._current(now)
        self._answered_at = now
        return {
            "access_token": token.text,
            "access_token_token_expired": f"{token.expires_at:%Y-%m-%d %H:%M:%S}",
            "token_type": "Bearer",
            "expires_in": int((token.expires_at - now).total_seconds()),
        }

    def check(self, text: str) -> None:
        """Passes a living token.

        Raises:
            RefusedError: EGW00121 unknown, EGW00123 expired.
        """
        token = self._tokens.get(text)
        if token is None:
            raise refused("EGW00121")
        if self._clock.now() >= token.expires_at:
            raise refused("EGW00123")

    def expire(self) -> None:
        """Ends every token now; the next ask is answered at once, with a new one."""
        now = self._clock.now()
        for token in list(self._tokens.values()):
            self._tokens[token.text] = Token(
                text=token.text, issued_at=token.issued_at, expires_at=now
            )
        self._newest = self._answered_at = None

    def revoke(self, text: str) -> None:
        """Forgets a token."""
        self._tokens.pop(text, None)
        if self._newest and self._newest.text == text:
            self._newest = None

    def _current(self, now: datetime) -> Token:
        newest = self._newest
        if newest and now - newest.issued_at < SAME_FOR and now < newest.expires_at:
            return newest
        self.issued += 1
        token = Token(
            text=_invent(self.issued, now), issued_at=now, expires_at=now + LIFETIME
        )
        self._tokens[token.text] = self._newest = token
        return token


def _invent(number: int, now: datetime) -> str:
    """Looks like a JWT; means nothing."""
    seed = hashlib.sha512(f"{number} {now}".encode()).digest() * 3
    parts = (b'{"typ":"JWT","alg":"HS512"}', seed[:150], seed[64:128])
    return ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts
    )


def _check_request(body: Mapping[str, object]) -> None:
    if not body.get("grant_type"):
        raise token_refused("EGW00115")
    if body["grant_type"] != "client_credentials":
        raise token_refused("EGW00116")
    check_keys(body.get("appkey"), body.get("appsecret"), token_refused)


def check_keys(
    key: object, secret: object, refuse: Callable[[str], RefusedError]
) -> None:
    """Passes the one real pair of keys.

    Raises:
        RefusedError: EGW00102 to 00105, or EGW02004 for a virtual key.
    """
    if not key:
        raise refuse("EGW00102")
    if key == VIRTUAL_APP_KEY:
        raise refused("EGW02004")
    if key != APP_KEY:
        raise refuse("EGW00103")
    if not secret:
        raise refuse("EGW00104")
    if secret != APP_SECRET:
        raise refuse("EGW00105")
