"""Growth while open where no frame of a past session was archived: minute bars."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.acceptance.expected_growth import growth_of
from tests.acceptance.instants import AT_ONE, Asked, asked_at
from tests.acceptance.past_values import PastValues
from tests.acceptance.prepared import Prepared, Stage
from tests.acceptance.test_growth_truth import TOOL, agree_in_part

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def asked(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    folder = tmp_path_factory.mktemp("bars")
    with asked_at(prepared, AT_ONE, folder, stage=Stage.BARS) as served_then:
        yield served_then


@pytest.mark.parametrize("venue", ["ALL", "KRX", "NXT"])
def test_candidates_are_compared_by_the_minute(asked: Asked, venue: str) -> None:
    answer = asked.product.call(TOOL, venue=venue, response_format="concise")
    assert answer["basis"] == "same_time"
    assert answer.basis == "candidates"
    assert answer["meta"]["coverage"]["quoted"] <= 90
    assert any("1분봉" in note for note in answer["meta"]["notes"])
    assert len(answer["ranking"]) == 20
    truth = growth_of(
        PastValues(asked.truth),
        asked.scene().standings(venue=venue),
        venue=venue,
        session=asked.instant.session,
        period="1D",
        as_of=datetime.fromisoformat(answer["timestamp"]),
        by_minute=True,
    )
    agree_in_part(answer["ranking"], truth)


def test_named_stocks_are_compared_over_five_sessions(asked: Asked) -> None:
    named = [x.code for x in asked.scene().standings() if x.value > 10**9][:5]
    question = {"stocks": named, "period": "5D", "response_format": "concise"}
    answer = asked.product.call(TOOL, **question)
    assert answer["basis"] == "same_time"
    assert {row["stock_code"] for row in answer["ranking"]} == set(named)
    truth = growth_of(
        PastValues(asked.truth),
        asked.scene().standings(),
        venue="ALL",
        session=asked.instant.session,
        period="5D",
        as_of=datetime.fromisoformat(answer["timestamp"]),
        by_minute=True,
    )
    agree_in_part(answer["ranking"], truth)


def test_what_would_take_too_many_calls_is_compared_with_whole_days(
    asked: Asked,
) -> None:
    answer = asked.product.call(TOOL, period="20D", response_format="concise")
    assert answer["basis"] == "full_day"
    assert any("full_day" in note for note in answer["meta"]["notes"])
    truth = growth_of(
        PastValues(asked.truth),
        asked.scene().standings(),
        venue="ALL",
        session=asked.instant.session,
        period="20D",
    )
    agree_in_part(answer["ranking"], truth)
