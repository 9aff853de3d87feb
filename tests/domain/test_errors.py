"""What errors carry besides their message."""

from domain.errors import (
    AmbiguousStockError,
    InvalidRequestError,
    MarketDataError,
    MarketDataMalformedError,
    MarketDataRefusedError,
    MarketDataUnavailableError,
    VolumeRankingError,
)


def test_every_error_is_of_one_tree() -> None:
    assert issubclass(InvalidRequestError, VolumeRankingError)
    assert issubclass(AmbiguousStockError, InvalidRequestError)
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
    assert "없습니다" in str(AmbiguousStockError("무명", ()))
