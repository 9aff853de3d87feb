"""The seam to the broker: one exchange, one download; decorators wrap around it.

Outside in: recorder → authorised → throttled → HTTP. A replay stands in for all of
them. Nothing above this seam sees a key or a token.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Priority(enum.IntEnum):
    """Who waits for whom at the limiter; lower goes first."""

    INTERACTIVE = 0
    SWEEP = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class KisRequest:
    """One quotation call, without credentials.

    Attributes:
        path: Below the base URL, e.g. ``/uapi/domestic-stock/v1/quotations/...``.
        tr_id: The broker's transaction id.
        params: Query parameters, in the documented case.
        priority: Its place at the limiter; not part of the wire.
        headers: Authorisation, put in by the decorator that holds it; never recorded.
    """

    path: str
    tr_id: str
    params: Mapping[str, str] = field(default_factory=dict)
    priority: Priority = Priority.INTERACTIVE
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KisResponse:
    """What came back, whatever it was.

    Attributes:
        status: HTTP status.
        body: The raw bytes; JSON when all is well.
    """

    status: int
    body: bytes


class Transport(Protocol):
    """Carries requests to the broker, or to a recording of it."""

    async def exchange(self, request: KisRequest) -> KisResponse:
        """The broker's answer, of whatever status.

        Raises:
            MarketDataUnavailableError: No answer: refused, reset, timed out.
            MarketDataRefusedError: There are no credentials that could be sent.
        """
        ...

    async def download(self, path: str) -> bytes:
        """One public file below the master host, e.g. a zipped stock master.

        Raises:
            MarketDataUnavailableError: It could not be had.
        """
        ...
