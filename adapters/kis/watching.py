"""A transport that remembers how its last exchanges went, for the health check."""

from datetime import datetime

from typing_extensions import override

from adapters.kis.transport import KisRequest, KisResponse, Transport
from application.ports.clock import Clock
from application.source_calls import note_call
from domain.errors import MarketDataError


class Watched(Transport):
    """Another transport's exchanges, watched.

    Attributes:
        calls: Exchanges so far.
        answered_at: When one was last answered with HTTP 200; None before the first.
        failing_since: When the failures that no success has ended began.
        last_failure: What the last of them was, in a word.
    """

    def __init__(self, inner: Transport, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock
        self.calls = 0
        self.answered_at: datetime | None = None
        self.failing_since: datetime | None = None
        self.last_failure = ""

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        self.calls += 1
        try:
            response = await self._inner.exchange(request)
        except MarketDataError as error:
            self._failed(str(error))
            raise
        finally:  # at its end: who does not wait for it has gone by then
            note_call()
        if response.status == 200:
            self.answered_at, self.failing_since = self._clock.now(), None
        else:
            self._failed(f"HTTP {response.status}")
        return response

    @override
    async def download(self, path: str) -> bytes:
        return await self._inner.download(path)

    def _failed(self, what: str) -> None:
        self.last_failure = what
        self.failing_since = self.failing_since or self._clock.now()
