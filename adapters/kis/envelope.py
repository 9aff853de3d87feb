"""What an answer means: its payload, or the error that it stands for.

A success is HTTP 200 *and* ``rt_cd`` "0"; nothing else is.
"""

import orjson

from adapters.kis.errors import (
    KisOverLimitError,
    KisParameterError,
    KisTokenRejectedError,
    KisTransientError,
)
from adapters.kis.refusals import REFUSALS, refusal
from adapters.kis.transport import KisResponse
from domain.errors import MarketDataError

TOKEN_REJECTED = frozenset({"EGW00121", "EGW00122", "EGW00123"})
OVER_LIMIT = frozenset({"EGW00201"})
"""Ours; EGW00215 is the ledger's limit for all customers together."""

_BAD_REQUEST = frozenset(
    {
        *("EGW00101", "EGW00115", "EGW00116", "EGW00131", "EGW00132"),
        *("OPSQ0002", "OPSQ2000", "OPSQ2001", "OPSQ2002"),
    }
)

Body = dict[str, object]


def read_body(body: bytes) -> Body | None:
    """The JSON object in a body; None for HTML, a cut or an empty body."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None


def code_of(body: Body) -> str:
    """The broker's code, under either of the names that it uses."""
    code = body.get("msg_cd") or body.get("error_code") or ""
    return code.strip() if isinstance(code, str) else ""


def says_any_of(response: KisResponse, codes: frozenset[str]) -> bool:
    """Whether an answer bears one of these codes; cheap for one that does not."""
    if not any(code.encode() in response.body for code in codes):
        return False
    body = read_body(response.body)
    return body is not None and code_of(body) in codes


def payload_of(response: KisResponse) -> Body:
    """The whole JSON object of a success.

    Raises:
        KisTransientError: Anything that another try may mend, HTML and cut JSON too.
        KisTokenRejectedError: The token was turned down.
        MarketDataRefusedError: Credentials, environment or entitlement are wrong.
        KisParameterError: The request was wrong.
    """
    body = read_body(response.body)
    if body is None:
        raise KisTransientError(
            f"증권사가 읽을 수 없는 응답(HTTP {response.status})을 보냈습니다."
            " 잠시 뒤 다시 시도해 주세요."
        )
    if response.status == 200 and body.get("rt_cd") == "0":
        return body
    raise failure(response.status, body)


def failure(status: int, body: Body) -> MarketDataError:
    """The error that a body of an unsuccessful answer stands for."""
    code = code_of(body)
    if code in TOKEN_REJECTED:
        return KisTokenRejectedError(
            f"증권사가 접근토큰을 거절했습니다({code}). 1분 뒤 다시 시도해 주세요.",
            retry_after=60.0,
        )
    if code in OVER_LIMIT:
        return KisOverLimitError(
            f"증권사 초당 호출 한도를 넘었습니다({code}). 잠시 뒤 다시 시도해 주세요.",
            code=code,
            retry_after=1.0,
        )
    if code in REFUSALS or (status in {401, 403} and code):
        return refusal(code)
    if code in _BAD_REQUEST or body.get("rt_cd") == "2":
        return KisParameterError(
            f"증권사가 요청 형식을 거절했습니다({code})."
            " 제품의 오류이니 개발자에게 알려 주세요.",
            field=_field_named(body, code),
            value=code,
        )
    return KisTransientError(
        f"증권사가 일시적인 오류로 답했습니다(HTTP {status}, {code or '코드 없음'})."
        " 잠시 뒤 다시 시도해 주세요.",
        code=code,
    )


def _field_named(body: Body, code: str) -> str:
    """``FID_COND_MRKT_DIV_CODE`` of ``ERROR INVALID FID_COND_MRKT_DIV_CODE``."""
    said = body.get("msg1")
    words = said.split() if isinstance(said, str) else []
    named = [word for word in words if word.isascii() and "_" in word]
    return named[-1] if named else code
