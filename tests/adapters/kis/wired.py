"""The whole wire, joined as production joins it, against an emulator."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from adapters.kis.authorisation import Authorised
from adapters.kis.client import KisClient
from adapters.kis.credentials import Credentials
from adapters.kis.http import HttpTransport, open_session
from adapters.kis.throttle import Limiter, Throttled
from adapters.kis.token import TokenStore
from adapters.kis.token_issuer import HttpTokenIssuer
from adapters.kis.transport import Transport
from application.ports.clock import Clock
from tests.kis_emulator.server import APP_KEY, APP_SECRET


@dataclass(frozen=True)
class Wire:
    client: KisClient
    transport: Transport
    tokens: TokenStore
    limiter: Limiter


@asynccontextmanager
async def wired(  # noqa: PLR0913
    base_url: str,
    folder: Path,
    clock: Clock,
    *,
    key: str = APP_KEY,
    secret: str = APP_SECRET,
    rate: float = 400.0,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncIterator[Wire]:
    credentials = Credentials(app_key=SecretStr(key), app_secret=SecretStr(secret))
    async with open_session() as session:
        issuer = HttpTokenIssuer(session, base_url=base_url, credentials=credentials)
        tokens = TokenStore(
            folder,
            credentials=credentials,
            base_url=base_url,
            issuer=issuer,
            clock=clock,
            sleep=sleep,
        )
        limiter = Limiter(rate)
        http = HttpTransport(session, base_url=base_url, master_url=base_url)
        throttled = Throttled(http, limiter)
        transport = Authorised(throttled, credentials=credentials, tokens=tokens)
        try:
            yield Wire(KisClient(transport), transport, tokens, limiter)
        finally:
            await tokens.close()
