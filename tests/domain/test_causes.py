"""Reasons: what they must show, and their order."""

import pytest

from domain.causes import UNKNOWN, Cause, Evidence, Reason, ordered, wants
from tests.builders import at

SEEN = Evidence(at=at("10:00"), source="거래소", text="무엇")


def reason(cause: Cause, confidence: float) -> Reason:
    return Reason(cause=cause, confidence=confidence, evidence=(SEEN,))


@pytest.mark.parametrize("confidence", [0.0, 1.01, None])
def test_a_confidence_is_above_zero_and_at_most_one(confidence: float | None) -> None:
    with pytest.raises(ValueError, match="news_coverage"):
        Reason(cause=Cause.NEWS_COVERAGE, confidence=confidence, evidence=(SEEN,))


def test_a_reason_without_evidence_is_a_guess_and_refused() -> None:
    with pytest.raises(ValueError, match="news_coverage"):
        Reason(cause=Cause.NEWS_COVERAGE, confidence=0.5)


def test_the_unknown_claims_nothing() -> None:
    with pytest.raises(ValueError, match="unknown"):
        Reason(cause=Cause.UNKNOWN, confidence=0.5, evidence=(SEEN,))


def test_reasons_come_surest_first_then_by_code() -> None:
    news, sector = reason(Cause.NEWS_COVERAGE, 0.5), reason(Cause.SECTOR_MOVE, 0.5)
    limit = reason(Cause.UPPER_PRICE_LIMIT, 0.95)

    assert ordered([sector, None, limit, news]) == (limit, news, sector)


def test_no_reason_is_unknown() -> None:
    assert ordered([None]) == (UNKNOWN,)


def test_causes_that_are_wanted_are_looked_for_among_all() -> None:
    found = ordered([reason(Cause.NEWS_COVERAGE, 0.5), reason(Cause.MARKET_MOVE, 0.4)])

    assert wants(found, frozenset({Cause.MARKET_MOVE}))
    assert not wants(found, frozenset({Cause.UNKNOWN}))
    assert wants(found, frozenset())
