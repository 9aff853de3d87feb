"""One call to the broker: asked, retried, and its body read; bad rows are told.

Every client's method goes through `Caller.ask`. Nothing here knows an endpoint.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from adapters.kis.envelope import Body, payload_of
from adapters.kis.errors import KisTransientError
from adapters.kis.payloads.rows import Rows, rejected
from adapters.kis.requests import Endpoint
from adapters.kis.retry import retried, silence_arguments
from adapters.kis.transport import KisRequest, Priority, Transport
from domain.errors import MarketDataMalformedError

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")
_ModelT = TypeVar("_ModelT", bound=BaseModel)
_RowsT = TypeVar("_RowsT", bound="Rows[Any]")


class Caller:
    """Asks endpoints over a transport; retries live here alone.

    Raises (every method): ``MarketDataUnavailableError`` (no good answer in four
    tries), ``MarketDataRefusedError`` (credentials) or ``MarketDataMalformedError``
    (the answer as a whole is not what was recorded).
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        silence_arguments()

    async def ask(
        self,
        endpoint: Endpoint,
        params: Mapping[str, str],
        read: Callable[[Body], _T],
        priority: Priority,
    ) -> _T:
        """One call; ``read`` turns the body into a payload, and is retried with it."""
        request = KisRequest(
            path=endpoint.path, tr_id=endpoint.tr_id, params=params, priority=priority
        )

        async def once() -> _T:
            return read(payload_of(await self._transport.exchange(request)))

        return await retried(endpoint.name, once)

    async def rows(
        self,
        endpoint: Endpoint,
        params: Mapping[str, str],
        read: Callable[[Body], _RowsT],
        priority: Priority,
    ) -> _RowsT:
        """The same of a list; unreadable rows are counted in the log."""
        answer = await self.ask(endpoint, params, read, priority)
        note_bad(endpoint, answer)
        return answer


def rows_of(body: Body, key: str, *, may_be_empty: bool = True) -> list[object]:
    """A list of the answer.

    Raises:
        KisTransientError: There is none, or it is empty and may not be.
    """
    rows = body.get(key)
    if not isinstance(rows, list) or not (rows or may_be_empty):
        raise KisTransientError(
            f"증권사 응답에 {key} 목록이 없습니다. 잠시 뒤 다시 시도해 주세요."
        )
    return rows


def object_of(body: Body, key: str, model: type[_ModelT]) -> _ModelT:
    """An object of the answer, read as ``model``.

    Raises:
        KisTransientError: There is none.
        MarketDataMalformedError: A field of it cannot be read.
    """
    found = body.get(key)
    if not isinstance(found, dict) or not found:
        raise KisTransientError(
            f"증권사 응답에 {key} 항목이 없습니다. 잠시 뒤 다시 시도해 주세요."
        )
    try:
        return model.model_validate(found)
    except ValidationError as error:
        wrong = rejected(found, error, code="")
    raise MarketDataMalformedError(
        f"증권사 응답의 {wrong.field} 값 {wrong.value!r}을(를) 읽을 수 없습니다."
        " 잠시 뒤 다시 시도해 주세요.",
        field=wrong.field,
        value=wrong.value,
    )


def note_bad(endpoint: Endpoint, answer: "Rows[Any]") -> None:
    """Counts unreadable rows in the log."""
    if answer.bad:
        _log.warning(
            "kis.bad_rows",
            call=endpoint.name,
            rows=len(answer.bad),
            first=[f"{bad.code}:{bad.field}" for bad in answer.bad[:5]],
        )
