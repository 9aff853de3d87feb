"""Bodies as the gateway sends them, good and bad."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

Answer = dict[str, object]

TEXTS = {
    "EGW00001": "일시적으로 오류가 발생했습니다.",
    "EGW00002": "서버 에러가 발생했습니다.",
    "EGW00101": "유효하지 않은 요청입니다.",
    "EGW00102": "AppKey는 필수입니다.",
    "EGW00103": "유효하지 않은 AppKey입니다.",
    "EGW00104": "AppSecret은 필수입니다.",
    "EGW00105": "유효하지 않은 AppSecret입니다.",
    "EGW00115": "grant_type은 필수입니다.",
    "EGW00116": "지원하지 않는 grant_type입니다.",
    "EGW00121": "유효하지 않은 token 입니다.",
    "EGW00123": "기간이 만료된 token 입니다.",
    "EGW00132": "Content-Type이 유효하지 않습니다.",
    "EGW00133": "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)",
    "EGW00201": "초당 거래건수를 초과하였습니다.",
    "EGW00202": "GW라우팅 중 오류가 발생했습니다.",
    "EGW00203": "OPS라우팅 중 오류가 발생했습니다.",
    "EGW00205": "credentials_type이 유효하지 않습니다.(Bearer)",
    "EGW00208": "고객타입(custtype)이 유효하지 않습니다.",
    "EGW00215": "원장에서 허용 가능한 초당 거래건수를 초과하였습니다.",
    "EGW02004": "실전투자 도메인은 모의투자 앱키로 호출하실 수 없습니다.",
    "OPSQ0002": "없는 서비스 코드 입니다.",
}


class RefusedError(Exception):
    """The call is refused with a code of the broker's.

    Attributes:
        body: The JSON body to send.
        status: HTTP status, 500 for most of the gateway's.
    """

    def __init__(self, body: Mapping[str, str], status: int) -> None:
        super().__init__(str(dict(body)))
        self.body = dict(body)
        self.status = status


def refused(code: str, *, status: int = 500) -> RefusedError:
    """A gateway refusal: rt_cd 1."""
    text = TEXTS.get(code, "오류가 발생했습니다.")
    return RefusedError({"rt_cd": "1", "msg_cd": code, "msg1": text}, status)


def token_refused(code: str) -> RefusedError:
    """The token endpoint's own form: error_code, error_description, HTTP 403."""
    body = {"error_description": TEXTS[code], "error_code": code}
    return RefusedError(body, 403)


def invalid(parameter: str) -> RefusedError:
    """Input validation: HTTP 200, rt_cd 2, OPSQ2001."""
    text = f"ERROR INVALID {parameter}"
    return RefusedError({"rt_cd": "2", "msg_cd": "OPSQ2001", "msg1": text}, 200)


def normal(payload: Answer) -> Answer:
    """A good answer: the payload stands before rt_cd."""
    return {
        **payload,
        "rt_cd": "0",
        "msg_cd": "MCA00000",
        "msg1": "정상처리 되었습니다.",
    }


@dataclass(slots=True)
class Reply:
    """What is about to be sent; faults may still spoil it.

    Attributes:
        content: The JSON document, or raw bytes.
        headers: Lower-case names.
    """

    status: int
    content: Answer | bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json;charset=utf-8"

    def body(self) -> bytes:
        """The bytes on the wire."""
        if isinstance(self.content, bytes):
            return self.content
        return orjson.dumps(self.content)
