"""An alert in Korean words, the same in every channel."""

from application.ports.alerts import Alert
from domain.alerting import Alerted
from domain.listing import Market
from domain.session import KST
from domain.unusual_volume import Level

SIMULATED = "[시뮬레이션]"

_EOK = 100_000_000
_LEVELS = {Level.NOTABLE: "주목", Level.STRONG: "강함", Level.EXTREME: "극단"}
_MARKETS = {Market.KOSPI: "코스피", Market.KOSDAQ: "코스닥"}
_REASONS = {
    "major_disclosure": "주요 공시",
    "news_coverage": "뉴스",
    "technical_breakout": "신고가·신저가",
    "upper_price_limit": "상한가",
    "lower_price_limit": "하한가",
    "volatility_interruption": "VI 발동",
    "foreign_buying": "외국인 매수",
    "institution_buying": "기관 매수",
    "program_trading": "프로그램 매매",
    "sector_move": "업종 동반",
    "market_move": "시장 전체",
    "corporate_action": "권리락·액면변경",
    "new_listing": "신규 상장",
    "trading_resumption": "거래 재개",
    "index_expiry": "선물·옵션 만기",
    "unknown": "알려진 까닭 없음",
}


def headline(alert: Alert) -> str:
    """One line: how many stocks, which first; simulated ones are marked so."""
    first = plain(alert.stocks[0].name)
    others = len(alert.stocks) - 1
    who = f"{first} 외 {others:,}종목" if others else first
    said = f"이상 거래량: {who}"
    return f"{SIMULATED} {said}" if alert.source.simulated else said


def stock_line(stock: Alerted) -> str:
    """What is unusual about one stock."""
    parts = [
        f"{plain(stock.name)}({stock.ticker}, {_MARKETS[stock.market]})",
        _level(stock),
        f"거래대금 {won(stock.trading_value)}, 평소의 {stock.times_expected:.1f}배",
    ]
    if stock.change_rate is not None:
        parts.append(f"등락률 {stock.change_rate * 100:+.2f}%")
    known = [reason_words(code) for code in stock.reasons]
    return " · ".join([*parts, ", ".join(known)] if known else parts)


def more_line(alert: Alert) -> str:
    """How many a digest does not name, and where they are; empty where it names all."""
    if not alert.more:
        return ""
    return (
        f"그 밖에 {alert.more:,}종목이 더 있습니다. get_unusual_volume이나 "
        "market://unusual-volume 리소스에서 모두 볼 수 있습니다."
    )


def footing(alert: Alert) -> str:
    """When, how sure, and from where."""
    when = alert.as_of.astimezone(KST)
    sure = "확정" if alert.is_final else "잠정"
    said = f"{alert.session} {when:%H:%M:%S} 기준 · {sure} · 출처 {alert.source.name}"
    if alert.source.simulated:
        said += " · 시뮬레이션: 실제 시세가 아닙니다"
    return said


def reason_words(code: str) -> str:
    """A reason's Korean name; a code that has none is shown as it is."""
    return _REASONS.get(code, plain(code))


def won(value: int) -> str:
    """Won in 조 and 억, below ten 억 in 만."""
    eok = (value + _EOK // 2) // _EOK
    if eok >= 10_000:
        jo, rest = divmod(eok, 10_000)
        return f"{jo:,}조 {rest:,}억" if rest else f"{jo:,}조"
    return f"{eok:,}억" if eok >= 10 else f"{(value + 5_000) // 10_000:,}만"


def plain(text: str) -> str:
    """Text from outside in one line, without what cannot be printed."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _level(stock: Alerted) -> str:
    level = _LEVELS[stock.level]
    return f"{_LEVELS[stock.before]} → {level}" if stock.before else level
