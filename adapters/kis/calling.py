"""One call to the broker: let pass, retried, and its body read; bad rows are told.

Every client's method goes through `Caller.ask`. Nothing here knows an endpoint.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from adapters.kis.breaker import Breaker
from adapters.kis.envelope import Body, payload_of
from adapters.kis.errors import KisTransientError
from adapters.kis.passage import Passage
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

    Outside in: breaker → retry → transport, which waits at the limiter before it calls.

    Raises (every method): ``MarketDataUnavailableError`` (no good answer in four
    tries, or the breaker is open), ``MarketDataRefusedError`` (credentials) or
    ``MarketDataMalformedError`` (the answer as a whole is not what was recorded).

    Args:
        transport: Carries each try.
        breaker: The one of all who call this broker; None asks whatever happens.
    """

    def __init__(self, transport: Transport, *, breaker: Breaker | None = None) -> None:
        self._transport = transport
        self._breaker = breaker
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

        with Passage(self._breaker, endpoint.name) as passage:

            async def once() -> _T:
                passage.trying()
                body = payload_of(await self._transport.exchange(request))
                passage.answered()
                return read(body)

            return await retried(
                endpoint.name,
                once,
                goes_on=passage.goes_on,
                is_awaited=priority is Priority.INTERACTIVE,
            )

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
