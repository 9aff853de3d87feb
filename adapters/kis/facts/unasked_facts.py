"""Facts that are not asked: what would do harm, and what nothing here uses yet."""

from adapters.kis.facts.fact import Unasked

_CREDENTIALS = "틀린 키로 물으면 앱키가 막힐 수 있음"
_OUTSIDE = "이쪽에서 일으킬 수 없음"
_UNUSED = "제품이 아직 쓰지 않는 조회"

UNASKED_FACTS = (
    Unasked(
        "새 접근토큰을 받아도 옛 토큰은 끝날 때까지 쓸 수 있다",
        "토큰을 일부러 새로 받으면 알림톡이 가고 다른 프로세스의 토큰이 바뀔 수 있음",
    ),
    Unasked("EGW00102~00105(틀린 앱키·시크릿)는 HTTP 403으로 온다", _CREDENTIALS),
    Unasked("EGW00003·00004(접근 거부·권한 없음)는 HTTP 403으로 온다", _CREDENTIALS),
    Unasked(
        "초당 한도 초과(EGW00201)가 HTTP 429로 오는 일이 있다",
        "일부러 한도를 넘겨야 해서 다른 사용에 해가 됨",
    ),
    Unasked(
        "OPSQ2000·OPSQ0008~0011의 HTTP 상태",
        f"계좌 조회나 증권사 내부 오류라 {_OUTSIDE}",
    ),
    Unasked(
        "점검 시간에는 JSON이 아닌 답(HTML, 빈 몸)이 온다", f"{_OUTSIDE}(점검 때만)"
    ),
    Unasked("REST 서버의 점검 시간대", f"{_OUTSIDE}(점검 때만)"),
    Unasked(
        "모의투자 서버가 시세 조회까지 거절한다", "제품은 모의투자 서버를 쓰지 않음"
    ),
    Unasked("외국인·기관 잠정치의 09:30 이전 답", _UNUSED),
    Unasked("외국인·기관 순위, 외국계 회원사, 프로그램 조회의 최대 줄 수", _UNUSED),
    Unasked("종목별 투자자·프로그램 일별 조회의 줄 수와 순서", _UNUSED),
    Unasked("외국계 창구 조회의 시장 코드(1001 코스피, 2001 코스닥)", _UNUSED),
    Unasked("변동성완화장치(VI) 조회의 해제 시각 표기", _UNUSED),
    Unasked("조건검색 결과가 없을 때의 답", _UNUSED),
    Unasked("웹소켓 오류 OPSP0011의 rt_cd", _UNUSED),
)
