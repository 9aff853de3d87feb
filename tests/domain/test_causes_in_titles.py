"""Titles that explain, and titles that do not."""

import pytest

from domain.causes import Cause
from domain.causes_in_titles import Title, reasons_in_titles
from tests.builders import at

NAME = "가상전자"


def title(text: str, clock: str = "10:00", *, disclosed: bool = False) -> Title:
    return Title(at=at(clock), text=text, is_disclosure=disclosed, source="누군가")


def found(*titles: Title, name: str = NAME) -> dict[Cause, float | None]:
    return {x.cause: x.confidence for x in reasons_in_titles(name, titles)}


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("가상전자 단일판매ㆍ공급계약체결", 0.9),
        ("가상전자 영업(잠정)실적(공정공시)", 0.9),
        ("[기재정정] 가상전자 주요사항보고서(유상증자 결정)", 0.9),
        ("가상전자 기타 안내사항", 0.5),
    ],
)
def test_disclosures_weigh_by_their_words(text: str, confidence: float) -> None:
    assert found(title(text, disclosed=True)) == {Cause.MAJOR_DISCLOSURE: confidence}


@pytest.mark.parametrize(
    "text",
    [
        "가상전자 임원ㆍ주요주주 특정증권등 소유주식수 변동",
        "가상전자 주식등의 대량보유상황보고서(일반)",
        "가상전자 분기보고서 (2026.09)",
        "가상전자 조회공시 요구(현저한 시황변동)",
        "가상전자 투자경고종목 지정예고",
        "가상전자 단기과열종목 지정",
    ],
)
def test_routine_and_echoes_among_disclosures_are_none(text: str) -> None:
    assert found(title(text, disclosed=True)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "[특징주] 가상전자, 거래 급증",
        "가상전자, 장중 52주 신고가 경신",
        "가상전자 상한가",
        "[특징주]가상전자 12% 급등 마감",
    ],
)
def test_news_that_the_stock_moves_explains_no_move(text: str) -> None:
    assert found(title(text)) == {}


def test_news_says_more_than_that_the_stock_moves() -> None:
    text = "[특징주] 가상전자, 정부 지원책 수혜 기대에 급등"
    assert found(title(text)) == {Cause.NEWS_COVERAGE: 0.5}


def test_more_titles_are_surer_and_one_told_twice_is_one() -> None:
    first, second = "가상전자, 신제품 공개", "가상전자·연구소 공동 개발"
    assert found(title(first), title(second)) == {Cause.NEWS_COVERAGE: 0.6}
    again = title("가상전자,신제품 공개", "11:00")
    assert found(title(first), again) == {Cause.NEWS_COVERAGE: 0.5}


@pytest.mark.parametrize(
    "text",
    ["가상전자우, 신제품 공개", "새가상전자가 신제품 공개", "다른 회사 신제품 공개"],
)
def test_news_of_another_stock_is_not_this_ones(text: str) -> None:
    assert found(title(text)) == {}


def test_a_name_may_bear_digits_and_particles() -> None:
    told = title("가상전자0002는 신제품 공개")
    assert found(told, name="가상전자0002") == {Cause.NEWS_COVERAGE: 0.5}
    assert found(told, name="가상전자0001") == {}


def test_the_newest_three_are_shown() -> None:
    titles = [title(f"가상전자 신제품 {x}호 공개", f"1{x}:00") for x in range(5)]
    (reason,) = reasons_in_titles(NAME, titles)
    assert [one.at for one in reason.evidence] == [
        at("14:00"),
        at("13:00"),
        at("12:00"),
    ]
