"""One call over HTTP: a request out, whatever came back in."""

import asyncio
import time

import aiohttp
from typing_extensions import override

from adapters.kis.errors import KisUnreachableError
from adapters.kis.masters import MAX_BYTES
from adapters.kis.transport import KisRequest, KisResponse, Transport
from domain.errors import MarketDataUnavailableError

DOWNLOAD_SECONDS = 10.0
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError)


def open_session(connections: int = 20) -> aiohttp.ClientSession:
    """A session for one process; to be made inside the running loop, and closed."""
    connector = aiohttp.TCPConnector(
        limit=connections,
        limit_per_host=connections,
        keepalive_timeout=30,
        ttl_dns_cache=300,
    )
    session = aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    )
    # A GET that is reset would be sent again by itself, past the limiter; there is no
    # public way to forbid it. A test counts what arrives.
    session._retry_connection = False  # noqa: SLF001
    return session


class HttpTransport(Transport):
    """Speaks to the broker; credentials are already in the request's headers.

    Args:
        session: Shared by the process; its owner closes it.
        base_url: Scheme, host and port of the API, without a path.
        master_url: The same of the public files.
        timeout_seconds: Of one whole call.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base_url: str,
        master_url: str,
        timeout_seconds: float = 3.0,
    ) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._master_url = master_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "tr_id": request.tr_id,
            "custtype": "P",
            **request.headers,
        }
        started = time.monotonic()
        try:
            async with self._session.get(
                self._base_url + request.path,
                params=request.params,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,  # headers bear credentials
            ) as response:
                return KisResponse(status=response.status, body=await response.read())
        except _FAILURES as error:
            failure = unreachable(error, waited=time.monotonic() - started)
        raise failure

    @override
    async def download(self, path: str) -> bytes:
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                return await self._read(self._master_url + path)
        except _FAILURES as error:
            failure = unreachable(error, what="마스터 파일 서버")
        raise failure

    async def _read(self, url: str) -> bytes:
        async with self._session.get(url) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(1 << 16):
                body += chunk
                if len(body) > MAX_BYTES:
                    break
            if response.status != 200 or len(body) > MAX_BYTES:
                raise MarketDataUnavailableError(
                    f"마스터 파일을 받지 못했습니다(HTTP {response.status},"
                    f" {len(body)}바이트). KIS_MASTER_URL을 확인해 주세요.",
                    retry_after=60.0,
                )
            return bytes(body)


def unreachable(
    error: Exception, *, waited: float = 0.0, what: str = "증권사 서버"
) -> KisUnreachableError:
    """No answer, told without the request: aiohttp's own errors may hold its headers.

    To be raised outside of the ``except`` block, so that no context is kept.
    """
    if isinstance(error, TimeoutError):
        said = "응답이 제시간에 오지 않았습니다"
    elif isinstance(error, aiohttp.ClientConnectorError):
        said = "연결할 수 없습니다"
    else:
        said = "연결이 끊어졌습니다"
    failure = KisUnreachableError(
        f"{what}: {said}. 네트워크를 확인하고 잠시 뒤 다시 시도해 주세요.",
        waited=waited,
        was_sent=not isinstance(error, aiohttp.ClientConnectorError),
    )
    failure.__cause__ = ConnectionError(f"{type(error).__name__}: {_told(error)}")
    return failure


def _told(error: Exception) -> str:
    """The words of errors that cannot hold a request."""
    if isinstance(error, aiohttp.ClientResponseError):
        return str(error.status)
    return str(error)[:200]
