"""What ``backfill`` says: how far it is, and what it has brought."""

from application.filled import Filled
from application.harvest_session import Harvested
from application.progress import Progress, Stage
from domain.listing import Ticker, Venue

BEGINNING = "종목 확인하는 중"
GO_ON = "이어서 하려면 같은 명령을 다시 실행하세요. 보관한 데서 이어집니다."

TAKEN = (
    "다른 backfill이 같은 폴더(DATA_DIR)를 채우고 있습니다. 그것이 끝난 뒤에 다시"
    " 실행해 주세요."
)
BESIDE_A_SERVER = (
    "참고: 같은 폴더를 쓰는 서버가 켜져 있습니다. 서버가 혼자 하던 채우기는 이 명령이"
    " 끝날 때까지 쉽니다. 증권사 호출 한도는 따로 세니, 서버가 바쁘면 KIS_RATE_LIMIT를"
    " 나눠 주세요."
)

_NAMED = 20
"""How many failed codes are shown."""

_STAGES = {
    Stage.READING: "일봉 읽는 중",
    Stage.PUBLISHING: "보관하는 중",
    Stage.FLOWS: "투자자별 매매 읽는 중",
    Stage.PROGRAMS: "프로그램 매매 읽는 중",
}


def step_text(step: Progress) -> str:
    """``KRX 2026-06-30~2026-11-20 일봉 읽는 중``."""
    window = f" {step.window.first}~{step.window.last}" if step.window else ""
    return f"{step.venue.value}{window} {_STAGES[step.stage]}"


def line_text(step: Progress, left: float | None = None) -> str:
    """The step with its count, and the seconds left where they are known."""
    share = step.done / step.total if step.total else 1.0
    rest = "" if left is None else f", {_lasting(left)} 남음"
    return f"{step_text(step)}: {step.done:,}/{step.total:,}건 ({share:.0%}{rest})"


def filled_text(filled: Filled, sessions: int) -> str:
    """The summary of the bars."""
    lines = [_sessions(filled, sessions), *_coverage(filled)]
    for venue, failed in filled.failed.items():
        lines.append(f"읽지 못한 종목({venue.value}) {_codes(failed)}")
    return "\n".join(lines)


def harvested_text(harvested: Harvested) -> str:
    """The summary of the flows."""
    lines = []
    for venue, one in harvested.venues.items():
        state = "확정" if one.is_final else "잠정"
        lines.append(
            f"투자자별({venue.value}, {harvested.session} {state}): {one.listed:,}종목"
            f" 가운데 {one.owners:,}종목, 프로그램 {one.programs:,}종목"
        )
        if one.failed:
            lines.append(f"읽지 못한 종목({venue.value}) {_codes(one.failed)}")
    return "\n".join(lines)


def calls_text(calls: int, seconds: float) -> str:
    """How much was asked of the broker."""
    if not calls:
        return f"증권사를 부르지 않았습니다. {_lasting(seconds)}"
    rate = calls / seconds if seconds > 0 else 0.0
    return f"증권사 호출 {calls:,}건, {_lasting(seconds)}, 초당 {rate:.1f}건"


def _sessions(filled: Filled, sessions: int) -> str:
    if not any(filled.sessions.values()):
        return f"최근 {sessions:,}거래일에 더 채울 것이 없습니다."
    parts = [
        f"{venue.value} {len(days):,}거래일({days[0]}~{days[-1]})"
        for venue, days in filled.sessions.items()
        if days
    ]
    return f"채운 거래일: {', '.join(parts)}. 종목 {filled.stocks:,}개"


def _coverage(filled: Filled) -> list[str]:
    lowest, middle = filled.lowest_coverage, filled.median_coverage
    if lowest is None or middle is None:
        krx = filled.sessions.get(Venue.KRX)
        return ["공식 거래대금을 받지 못해 견주지 못했습니다."] if krx else []
    day, least = lowest
    return [
        f"공식 거래대금에 견준 비율: 중앙값 {middle:.1%}, 최저 {least:.1%}({day}),"
        f" {len(filled.coverage):,}거래일"
    ]


def _codes(failed: tuple[Ticker, ...]) -> str:
    more = f" 외 {len(failed) - _NAMED:,}개" if len(failed) > _NAMED else ""
    return f"{len(failed):,}개: {', '.join(failed[:_NAMED])}{more}"


def _lasting(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}분 {rest}초" if minutes else f"{rest}초"
