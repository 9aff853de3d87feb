"""Puts credentials into requests, and renews a token that is turned down in flight."""

from dataclasses import replace
from typing import Protocol

import structlog
from typing_extensions import override

from adapters.kis.credentials import Credentials
from adapters.kis.envelope import TOKEN_REJECTED, says_any_of
from adapters.kis.transport import KisRequest, KisResponse, Transport

_log = structlog.get_logger(__name__)


class Tokens(Protocol):
    """Where tokens come from."""

    async def current(self) -> str:
        """A token that is good now."""
        ...

    async def reject(self, token: str) -> str:
        """Another token than this one."""
        ...


class Authorised(Transport):
    """Another transport's exchanges with credentials; downloads need none."""

    def __init__(
        self, inner: Transport, *, credentials: Credentials, tokens: Tokens
    ) -> None:
        self._inner = inner
        self._credentials = credentials
        self._tokens = tokens

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        token = await self._tokens.current()
        response = await self._inner.exchange(self._with_headers(request, token))
        if not says_any_of(response, TOKEN_REJECTED):
            return response
        _log.warning("kis.token_rejected", tr_id=request.tr_id)
        token = await self._tokens.reject(token)
        return await self._inner.exchange(self._with_headers(request, token))

    @override
    async def download(self, path: str) -> bytes:
        return await self._inner.download(path)

    def _with_headers(self, request: KisRequest, token: str) -> KisRequest:
        key, secret = self._credentials.plain()
        headers = {
            "authorization": f"Bearer {token}",
            "appkey": key,
            "appsecret": secret,
        }
        return replace(request, headers=headers)
