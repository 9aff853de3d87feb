"""What errors carry besides their message."""

from domain.errors import (
    AmbiguousStockError,
    InvalidRequestError,
    MarketDataError,
    MarketDataMalformedError,
    MarketDataRefusedError,
    MarketDataUnavailableError,
    UnknownStockError,
    VolumeRankingError,
)


def test_every_error_is_of_one_tree() -> None:
    assert issubclass(InvalidRequestError, VolumeRankingError)
    assert issubclass(AmbiguousStockError, InvalidRequestError)
    assert issubclass(UnknownStockError, InvalidRequestError)
    for error in (
        MarketDataUnavailableError,
        MarketDataRefusedError,
        MarketDataMalformedError,
    ):
        assert issubclass(error, MarketDataError)
    assert issubclass(MarketDataError, VolumeRankingError)


def test_errors_carry_attributes() -> None:
    assert MarketDataUnavailableError("없음").retry_after is None
    assert MarketDataUnavailableError("없음", retry_after=3).retry_after == 3
    assert MarketDataRefusedError("거절", code="EGW02004").code == "EGW02004"
    malformed = MarketDataMalformedError("깨짐", field="acml_vol", value="9" * 200)
    assert (malformed.field, malformed.value) == ("acml_vol", "9" * 80)


def test_an_ambiguous_name_lists_its_candidates() -> None:
    error = AmbiguousStockError("삼성", (("005930", "삼성전자"),))

    assert error.parameter == "stocks"
    assert "삼성전자(005930)" in str(error)
    assert "여러 종목에 해당합니다" in str(error)


def test_an_unknown_stock_is_told_by_code_or_by_name() -> None:
    by_name, by_code = UnknownStockError("무명"), UnknownStockError("1", is_code=True)

    assert by_name.parameter == by_code.parameter == "stocks"
    assert "이런 종목이 없습니다" in str(by_name)
    assert "코드 1인 종목이 없습니다" in str(by_code)
