"""Asks the broker for an access token (접근토큰), once.

Source: KIS ``/oauth2/tokenP``.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from typing_extensions import override

from adapters.kis.credentials import Credentials
from adapters.kis.envelope import code_of, failure, read_body
from adapters.kis.errors import KisTransientError, KisUnreachableError
from adapters.kis.http import unreachable

TOO_SOON = "EGW00133"


class AskedTooSoonError(KisTransientError):
    """A token was asked for less than a minute ago, perhaps by another machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token and how long it lasts from now."""

    value: SecretStr
    lifetime: timedelta


class TokenIssuer(Protocol):
    """Issues tokens."""

    async def issue(self) -> IssuedToken:
        """Asks once.

        Raises:
            AskedTooSoonError: The minute has not passed.
            KisUnreachableError: No answer; ``was_sent`` tells whether the ask counted.
            KisTransientError: The broker failed.
            MarketDataRefusedError: The key or the secret is wrong.
        """
        ...


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    access_token: SecretStr = Field(min_length=1)
    token_type: str = ""
    expires_in: int = Field(gt=0)
    access_token_token_expired: str = ""  # KST; expires_in says the same


class HttpTokenIssuer(TokenIssuer):
    """Asks over HTTP."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str,
        credentials: Credentials,
        timeout_seconds: float = 5.0,
    ) -> None:
        self._session = session
        self._url = base_url.rstrip("/") + "/oauth2/tokenP"
        self._credentials = credentials
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)

    @override
    async def issue(self) -> IssuedToken:
        self._credentials.require()
        status, raw = await self._post()
        body = read_body(raw)
        if body is None:
            raise KisTransientError(
                f"접근토큰 서버가 읽을 수 없는 응답(HTTP {status})을 보냈습니다."
                " 잠시 뒤 다시 시도해 주세요."
            )
        if code_of(body) == TOO_SOON:
            raise AskedTooSoonError(
                "접근토큰은 1분에 한 번만 발급됩니다. 1분 뒤 다시 시도해 주세요.",
                code=TOO_SOON,
                retry_after=60.0,
            )
        try:
            answer = _Answer.model_validate(body) if status == 200 else None
        except ValidationError:  # its text could hold the token
            answer = None
        if answer is None:
            raise failure(status, body)
        return IssuedToken(
            value=answer.access_token, lifetime=timedelta(seconds=answer.expires_in)
        )

    async def _post(self) -> tuple[int, bytes]:
        error: KisUnreachableError
        key, secret = self._credentials.plain()
        try:
            async with self._session.post(
                self._url,
                json={
                    "grant_type": "client_credentials",
                    "appkey": key,
                    "appsecret": secret,
                },
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as failed:
            error = unreachable(failed, what="접근토큰 서버")
        raise error
