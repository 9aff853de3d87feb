"""Titles about planted stocks: those that explain, and those that do not."""

from collections.abc import Iterator
from datetime import date, datetime, time

from tests.kis_emulator.clock import KST
from tests.kis_emulator.listed import Listed
from tests.kis_emulator.planting import Planting
from tests.kis_emulator.plants import Plant

Press = tuple[str, str, str]
Placed = tuple[datetime, Press, str, tuple[str, ...]]

_NEWS: Press = ("6", "연합뉴스", "02")
_LATE = time(17, 30)
_DISCLOSED = (
    "{} 단일판매ㆍ공급계약체결",
    "{} 주요사항보고서(무상증자결정)",
    "{} 영업(잠정)실적(공정공시)",
    "{} 투자판단 관련 주요경영사항(임상시험 결과)",
    "{} 타법인주식및출자증권취득결정",
    "{} 최대주주변경을수반하는주식양수도계약체결",
)
_TOLD = (
    "{}, 美 대형 고객사에 부품 공급 논의",
    "[단독] {} 차세대 배터리 소재 개발 착수",
    "[특징주] {}, 정부 지원책 수혜 기대에 급등",
    "{} 신제품 사전예약 첫날 완판",
    "증권사 {} 목표가 두 배로 올려",
    "{}·해외 연구소와 공동개발 협약",
)
_BAITS = {
    "routine": "{} 임원ㆍ주요주주 특정증권등 소유주식수 변동",
    "echo": "[특징주] {}, 거래 급증",
    "mention": "{other}, 신규 수주 소식에 관련주 동반 움직임",
    "list": "[모의시황] 코스닥 상승률 상위 종목",
    "query": "{} 조회공시 요구(현저한 시황변동)",
    "late_title": "{}, 대규모 설비투자 계획 발표",
}


def planted_titles(
    planting: Planting, day: date, disclosers: dict[str, Press]
) -> Iterator[Placed]:
    """The day's: when, who says it, what, and the codes it is filed under."""
    for row, plant in planting.on(day):
        item = planting.listed[row]
        at = datetime.combine(day, plant.at, KST)
        discloser = disclosers[item.market]
        if plant.cause == "major_disclosure":
            title = _DISCLOSED[plant.number % len(_DISCLOSED)].format(item.name)
            yield at, discloser, title, (item.code,)
        if plant.cause == "news_coverage":
            title = _TOLD[plant.number % len(_TOLD)].format(item.name)
            yield at, _NEWS, title, (item.code,)
        if plant.bait in _BAITS:
            yield _bait(plant, item, planting, discloser)


def _bait(plant: Plant, item: Listed, planting: Planting, discloser: Press) -> Placed:
    planted = {x.code for x in planting.plants}
    other = next(
        x for x in planting.listed if x.code not in planted and x.kind == "STOCK"
    )
    title = _BAITS[plant.bait].format(item.name, other=other.name)
    official = plant.bait in ("routine", "query")
    clock = _LATE if plant.bait == "late_title" else plant.at
    codes: tuple[str, ...] = (item.code,)
    if plant.bait in ("mention", "list"):
        codes = (other.code, item.code)
    at = datetime.combine(plant.day, clock, KST)
    return at, discloser if official else _NEWS, title, codes
