"""The broker's refusals that only the operator can mend, and what to do about each."""

from domain.errors import MarketDataRefusedError

_KEY = "KIS_APP_KEY 값이 올바른지 확인하고 다시 설정해 주세요."
_SECRET = "KIS_APP_SECRET 값이 KIS_APP_KEY와 짝이 맞는지 확인해 주세요."  # noqa: S105
_REAL_ONLY = (
    "모의투자 앱키로는 순위를 조회할 수 없으니 실전투자 앱키를 KIS_APP_KEY와"
    " KIS_APP_SECRET에 넣고 KIS_ACCOUNT_TYPE=real로 설정해 주세요."
)
_RIGHTS = (
    "KIS Developers에서 이 앱키(KIS_APP_KEY)의 이용 신청 상태와 권한을 확인해 주세요."
)
_ADDRESS = "KIS Developers에 등록된 허용 IP인지 확인해 주세요."

REFUSALS = {
    "EGW00003": f"접근이 거부되었습니다. {_RIGHTS}",
    "EGW00004": f"권한이 없는 고객입니다. {_RIGHTS}",
    "EGW00102": "앱키가 비어 있습니다. KIS_APP_KEY를 설정해 주세요.",
    "EGW00103": f"앱키가 유효하지 않습니다. {_KEY}",
    "EGW00104": "앱시크릿이 비어 있습니다. KIS_APP_SECRET을 설정해 주세요.",
    "EGW00105": f"앱시크릿이 유효하지 않습니다. {_SECRET}",
    "EGW00205": "접근토큰이 이 서버의 것이 아닙니다. KIS_BASE_URL과 KIS_ACCOUNT_TYPE이"
    " KIS_APP_KEY의 환경과 맞는지 확인해 주세요.",
    "EGW00206": f"API 사용 권한이 없습니다. {_RIGHTS}",
    "EGW00207": f"허용되지 않은 IP입니다. {_ADDRESS}",
    "EGW00208": f"고객 구분이 맞지 않습니다. {_RIGHTS}",
    "EGW00209": f"법인 일련번호가 없습니다. {_RIGHTS}",
    "EGW00210": f"법인은 모의투자를 이용할 수 없습니다. {_REAL_ONLY}",
    "EGW00211": f"고객 이름이 맞지 않습니다. {_RIGHTS}",
    "EGW00212": f"고객 전화번호가 맞지 않습니다. {_RIGHTS}",
    "EGW00213": f"모의투자 서버는 이 조회를 지원하지 않습니다. {_REAL_ONLY}",
    "EGW00303": f"허용되지 않은 IP입니다. {_ADDRESS}",
    "EGW00304": f"고객 식별키가 유효하지 않습니다. {_RIGHTS}",
    "EGW02004": f"실전투자 서버에 모의투자 앱키를 썼습니다. {_REAL_ONLY}",
    "EGW02006": f"모의투자 서버는 이 조회를 지원하지 않습니다. {_REAL_ONLY}",
    "EGW02007": "모의투자 서버에 실전투자 앱키를 썼습니다. KIS_ACCOUNT_TYPE=real로"
    " 바꾸고 KIS_BASE_URL도 실전 서버인지 확인해 주세요.",
}


def refusal(code: str) -> MarketDataRefusedError:
    """A fresh error for one of ``REFUSALS``; any other code gets the general advice."""
    text = REFUSALS.get(code, f"증권사가 요청을 거절했습니다. {_RIGHTS}")
    return MarketDataRefusedError(f"{text} ({code})", code=code)
