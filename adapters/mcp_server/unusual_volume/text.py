"""The text of get_unusual_volume."""

from adapters.mcp_server.lines import (
    UNKNOWN,
    Column,
    Page,
    composed,
    figure,
    moved,
    named,
    table,
    won,
)
from adapters.mcp_server.numbers import percent
from adapters.mcp_server.unusual_volume.arguments import UnusualVolumeArguments
from application.find_unusual_volume import (
    UnusualStock,
    UnusualVolume,
    UnusualVolumeQuery,
)
from domain.causes import Cause
from domain.growth import TimeBasis
from domain.unusual_volume import Level, NotJudged
from domain.volume_baseline import WINDOW
from domain.volume_patterns import Pattern

_LEVELS = {Level.NOTABLE: "주목", Level.STRONG: "강함", Level.EXTREME: "극단"}
_PATTERNS = {
    Pattern.SPIKE: "급증",
    Pattern.RAMP: "단계적 증가",
    Pattern.LEVEL_SHIFT: "수준 이동",
}
_REASONS = {
    Cause.MAJOR_DISCLOSURE: "공시",
    Cause.NEWS_COVERAGE: "뉴스",
    Cause.TECHNICAL_BREAKOUT: "신고·신저",
    Cause.UPPER_PRICE_LIMIT: "상한가",
    Cause.LOWER_PRICE_LIMIT: "하한가",
    Cause.VOLATILITY_INTERRUPTION: "VI",
    Cause.FOREIGN_BUYING: "외국인",
    Cause.INSTITUTION_BUYING: "기관",
    Cause.PROGRAM_TRADING: "프로그램",
    Cause.SECTOR_MOVE: "업종",
    Cause.MARKET_MOVE: "시장",
    Cause.CORPORATE_ACTION: "권리·변경",
    Cause.NEW_LISTING: "신규상장",
    Cause.TRADING_RESUMPTION: "거래재개",
    Cause.INDEX_EXPIRY: "만기일",
}
_BASES = {TimeBasis.SAME_TIME: "같은 시각까지", TimeBasis.FULL_DAY: "하루 전체"}
_CAUSES = {
    NotJudged.HALTED: "거래정지",
    NotJudged.CALL_AUCTION_ONLY: "단일가 매매",
    NotJudged.TOO_EARLY: "개장 직후",
    NotJudged.TOO_SHORT_HISTORY: "이력 부족",
    NotJudged.TOO_LITTLE_TRADED: "거래 적음",
}
_INTRADAY = {NotJudged.CALL_AUCTION_ONLY, NotJudged.TOO_EARLY}
"""Said only where they hold."""


def text(
    asked: UnusualVolumeArguments, query: UnusualVolumeQuery, found: UnusualVolume
) -> str:
    """What is unusual as a compact table, then the criteria, counts and notes."""
    page = Page(
        question=query,
        as_of=found.as_of,
        shown=len(found.rows),
        total=found.total,
        next_offset=found.next_offset,
    )
    return composed(
        page,
        title=f"이상 거래량, 지난 {WINDOW}거래일의 {_BASES[found.basis]} 대비",
        table=table(_columns(asked), found.rows),
        sums=_sums(asked, found),
    )


def _columns(asked: UnusualVolumeArguments) -> list[Column[UnusualStock]]:
    columns: list[Column[UnusualStock]] = [
        ("순위", lambda row: str(row.rank)),
        ("종목(코드)", lambda row: named(row.quote)),
        ("등락률", lambda row: moved(row.quote.change_rate)),
        ("거래량 비율", _ratio),
        ("거래대금", lambda row: won(row.quote.trading_value)),
        ("점수", lambda row: figure(row.score)),
        ("단계", lambda row: _LEVELS[row.level] if row.level else UNKNOWN),
    ]
    if asked.detailed:
        columns.insert(2, ("현재가", lambda row: f"{row.quote.price:,}"))
        columns += [
            ("기대 대비", lambda row: f"{figure(row.times_expected)}배"),
            ("연속", lambda row: f"{row.consecutive_days}일"),
            ("형태", lambda row: _PATTERNS[row.pattern] if row.pattern else UNKNOWN),
            ("사유", lambda row: _REASONS.get(row.reasons[0].cause, UNKNOWN)),
        ]
    return columns


def _ratio(row: UnusualStock) -> str:
    ratio = percent(row.volume_ratio, 0)
    return UNKNOWN if ratio is None else f"{ratio:,.0f}%"


def _sums(asked: UnusualVolumeArguments, found: UnusualVolume) -> list[str]:
    causes = ", ".join(
        f"{name} {found.not_judged.get(cause, 0):,}"
        for cause, name in _CAUSES.items()
        if cause not in _INTRADAY or found.not_judged.get(cause, 0)
    )
    return [
        f"조건: 거래량 비율 {asked.threshold}% 이상, 민감도 {asked.sensitivity}, "
        f"이력 {asked.min_history}거래일 이상",
        f"검사 {found.scanned:,}종목 · 판정 못 함({causes}) · 발견 "
        f"{found.detected:,}종목 · 시장 전체 {figure(found.market_factor)}배",
    ]
