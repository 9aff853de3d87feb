"""Codes and names, as people write them."""

import pytest

from domain.errors import (
    AmbiguousStockError,
    InvalidRequestError,
    UnknownStockError,
)
from domain.listing import Listings
from domain.stock_lookup import MOST_CANDIDATES, find_stocks
from tests.builders import listing

LISTINGS = Listings.of(
    [
        listing("005930", name="삼성전자"),
        listing("005935", name="삼성전자우"),
        listing("009150", name="삼성전기"),
        listing("000660", name="SK하이닉스"),
        listing("034730", name="SK"),
        listing("00104K", name="CJ4우(전환)"),
        listing("0126Z0", name="삼성에피스홀딩스"),
    ]
)


def found(*wanted: str) -> list[str]:
    return [item.ticker for item in find_stocks(LISTINGS, wanted)]


@pytest.mark.parametrize(
    ("text", "ticker"),
    [
        ("005930", "005930"),
        (" 00104k ", "00104K"),
        ("삼성전자", "005930"),
        ("삼성 전자", "005930"),
        ("sk", "034730"),
        ("sk 하이닉스", "000660"),
        ("하이닉스", "000660"),
        ("에피스", "0126Z0"),
    ],
)
def test_a_code_a_name_or_a_part_of_one_name_is_enough(text: str, ticker: str) -> None:
    assert found(text) == [ticker]


def test_stocks_come_in_the_order_asked_each_once() -> None:
    assert found("하이닉스", "005930", "삼성전자", "000660") == ["000660", "005930"]
    assert found() == []


def refusal(listings: Listings, text: str) -> AmbiguousStockError:
    with pytest.raises(AmbiguousStockError) as caught:
        find_stocks(listings, (text,))
    return caught.value


def test_a_part_of_several_names_returns_them_shortest_first() -> None:
    error = refusal(LISTINGS, "삼성전")

    assert error.name == "삼성전"
    assert error.candidates == (
        ("005930", "삼성전자"),
        ("009150", "삼성전기"),
        ("005935", "삼성전자우"),
    )
    assert "삼성전기(009150)" in str(error)
    assert "외 " not in str(error)


def test_two_stocks_of_one_name_are_both_candidates() -> None:
    names = {"000020": "쌍둥이", "000040": "쌍둥이", "000060": "쌍둥이우"}
    twins = Listings.of(listing(code, name=name) for code, name in names.items())

    assert refusal(twins, "쌍둥이").candidates == (
        ("000020", "쌍둥이"),
        ("000040", "쌍둥이"),
    )


def unknown(text: str) -> UnknownStockError:
    with pytest.raises(UnknownStockError) as caught:
        find_stocks(LISTINGS, (text,))
    return caught.value


def test_a_name_that_fits_none_returns_near_ones_alone() -> None:
    error = unknown("sk 하이닉수")

    assert error.near == (("000660", "SK하이닉스"),)
    assert "이런 종목이 없습니다. 비슷한 이름: SK하이닉스(000660)" in str(error)
    assert "여러 종목" not in str(error)


@pytest.mark.parametrize("text", ["없는회사이름", "", "  ", "POSCOX"])
def test_a_name_like_no_other_has_no_near_ones(text: str) -> None:
    error = unknown(text)

    assert error.near == ()
    assert "이런 종목이 없습니다. 종목코드나 정확한" in str(error)


@pytest.mark.parametrize("code", ["006442", "005931", "5930", "0126z9", "Q005930"])
def test_a_code_that_does_not_exist_is_not_taken_for_a_name(code: str) -> None:
    error = unknown(code)

    assert isinstance(error, InvalidRequestError)
    assert (error.parameter, error.near) == ("stocks", ())
    assert f"코드 {code.upper()}인 종목이 없습니다(KOSPI·KOSDAQ의" in str(error)


def test_a_part_of_a_name_may_look_like_a_code() -> None:
    funds = Listings.of([listing("069500", name="KODEX 200"), listing("000020")])

    assert find_stocks(funds, ("200",))[0].ticker == "069500"


def test_candidates_are_few() -> None:
    many = Listings.of(listing(f"{n:06d}", name=f"한국{n}호") for n in range(30))

    error = refusal(many, "한국")

    assert len(error.candidates) == MOST_CANDIDATES == 8
    assert error.others == 22
    assert str(error).endswith(" 외 22종목")
