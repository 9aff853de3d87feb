"""Reasons that titles give: disclosures (공시) that weigh, and news of the stock."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.causes import Cause, Evidence, Reason

MOST_SHOWN = 3
"""Titles that one reason shows, the newest."""

WEIGHTY = (
    *(
        "공급계약",
        "수주",
        "유상증자",
        "무상증자",
        "합병",
        "분할",
        "영업양수",
        "영업양도",
    ),
    *(
        "잠정실적",
        "영업잠정",
        "매출액또는손익구조",
        "최대주주변경",
        "경영권",
        "공개매수",
    ),
    *(
        "자기주식",
        "전환사채",
        "신주인수권부사채",
        "교환사채",
        "감자",
        "배당결정",
        "소각",
    ),
    *("주요사항보고서", "주요경영사항", "임상", "품목허가", "특허", "기술이전", "소송"),
    *(
        "횡령",
        "배임",
        "회생절차",
        "파산",
        "부도",
        "감사의견",
        "상장폐지",
        "관리종목지정",
    ),
    *("타법인주식", "유형자산양수", "유형자산양도", "신규시설투자", "시설투자"),
)
"""Parts of disclosures' titles, without blanks, that move a stock by themselves."""

ROUTINE = (
    *("소유주식수변동", "소유상황보고", "대량보유상황", "의결권", "주주총회소집"),
    *("정기주주총회", "사업보고서", "반기보고서", "분기보고서", "감사보고서제출"),
    *(
        "기업설명회",
        "IR개최",
        "주주명부폐쇄",
        "기준일설정",
        "증권발행실적",
        "투자설명서",
    ),
    *("기업지배구조", "본점소재지", "명의개서", "결산실적공시예고", "사외이사"),
)
"""What is filed by the calendar or by rule, and says nothing new of the stock."""

ECHOES = (
    *("현저한시황변동", "풍문또는보도", "거래량급증", "거래급증", "거래대금급증"),
    *("투자주의종목", "투자경고종목", "투자위험종목", "단기과열", "소수계좌"),
    *("변동성완화장치", "VI발동", "52주신고가", "52주신저가", "신고가", "신저가"),
    *("상한가", "하한가", "특징주", "급등", "급락", "강세", "약세", "상승", "하락"),
    *("거래량", "급증", "마감", "출발", "장중", "기록", "돌파", "경신", "등락률"),
)
"""What only tells of the move: it follows from the volume, and does not explain it."""

_PUNCTUATION = re.compile(r"[\W_]+")
_LETTER = r"[가-힣A-Za-z0-9]"
_AFTER = r"(?:은|는|이|가|을|를|의|와|과|도|에|로|으로|에서|에게|만|측)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title filed under a stock.

    Attributes:
        is_disclosure: 공시, not news.
        source: Who published it.
    """

    at: datetime
    text: str
    is_disclosure: bool
    source: str


def reasons_in_titles(name: str, titles: Sequence[Title]) -> list[Reason]:
    """What the titles of a session give, from the close before to its own close.

    A disclosure weighs by its words (`WEIGHTY`: .9); one that is neither weighty nor
    routine may (.5). News counts when it names the stock, for a title may be filed
    under many, and when it says more than that the stock moves: .5 for one title, .1
    more for each further one, up to .8.

    Args:
        name: What the stock is called.
        titles: In any order.
    """
    said = [title for title in titles if _says_something(name, title.text)]
    disclosed = [title for title in said if title.is_disclosure]
    weighty = [title for title in disclosed if _has(title.text, WEIGHTY)]
    news = [x for x in said if not x.is_disclosure and _names(name, x.text)]
    found = []
    if disclosed:
        shown, sure = (weighty, 0.9) if weighty else (disclosed, 0.5)
        found.append(_reason(Cause.MAJOR_DISCLOSURE, sure, shown))
    if news:
        different = len({_plain(title.text) for title in news})
        sure = min(round(0.4 + 0.1 * different, 2), 0.8)
        found.append(_reason(Cause.NEWS_COVERAGE, sure, news))
    return found


def _reason(cause: Cause, sure: float, titles: Iterable[Title]) -> Reason:
    newest = sorted(titles, key=lambda title: (title.at, title.text), reverse=True)
    return Reason(
        cause=cause,
        confidence=sure,
        evidence=tuple(
            Evidence(at=title.at, source=title.source or "출처 미상", text=title.text)
            for title in newest[:MOST_SHOWN]
        ),
    )


def _says_something(name: str, text: str) -> bool:
    """Whether it is neither routine nor an echo of the move alone."""
    plain = _plain(text)
    if any(word in plain for word in ROUTINE):
        return False
    left = plain.replace(_plain(name), "")
    for word in ECHOES:
        left = left.replace(word, "")
    left = _PARTICLES.sub("", left)
    return sum(not letter.isdigit() for letter in left) >= LEAST_LETTERS


LEAST_LETTERS = 3
"""So much must be left of a title without the stock's name and words of the move."""

_PARTICLES = re.compile(r"공시|요구|답변|예고|지정|종목|코스피|코스닥|세$|중$")


def _names(name: str, text: str) -> bool:
    """Whether the name stands there as a word of its own, a particle after it or not.

    One stock's name may begin another's.
    """
    whole = rf"(?<!{_LETTER}){re.escape(name)}{_AFTER}(?!{_LETTER})"
    return re.search(whole, text) is not None


def _plain(text: str) -> str:
    """Letters and digits alone: blanks, brackets and dots are written any way."""
    return _PUNCTUATION.sub("", text)


def _has(text: str, words: Iterable[str]) -> bool:
    plain = _plain(text)
    return any(word in plain for word in words)
