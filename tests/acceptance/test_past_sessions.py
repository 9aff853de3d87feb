"""A past session in every tool: that day's own figures, to the won."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.acceptance.expected_details import Row
from tests.acceptance.friday import instant, serving
from tests.acceptance.prepared import FRIDAY, THURSDAY, Prepared, Stage
from tests.acceptance.served import Served
from tests.acceptance.whole_market import (
    DETAILS,
    MOVEMENT,
    expected_on,
    page_of,
    pages,
    rows_of,
    without,
)

pytestmark = pytest.mark.slow

TOOL = "get_volume_ranking"
VENUES = ("ALL", "KRX", "NXT")
SWEPT, FROM_BARS = date(2026, 11, 13), date(2026, 10, 16)
"""A session swept on the day, and one of bars."""


@pytest.fixture(scope="module")
def evening(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Friday evening; every profile of Friday has been read."""
    folder = tmp_path_factory.mktemp("past-evening")
    with serving(prepared, folder, instant("20:31"), Stage.EVENING) as product_served:
        yield product_served


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("sort_by", ["trading_value", "volume"])
@pytest.mark.parametrize("session", [SWEPT, THURSDAY, FROM_BARS], ids=str)
def test_a_past_session_is_ranked_to_the_won(
    evening: Served, prepared: Prepared, session: date, sort_by: str, venue: str
) -> None:
    question: dict[str, Any] = {"venue": venue, "sort_by": sort_by}
    found = pages(evening, session=session.isoformat(), **question)
    known_on = THURSDAY if session == FROM_BARS else session
    at = instant("23:59", session)
    expected = expected_on(prepared.market, at, known_on=known_on)
    rows = without(rows_of(found), *MOVEMENT, *DETAILS)
    assert rows == expected.ranking(**question)
    meta = found[0]["meta"]
    assert (meta["session"], meta["is_final"]) == (session.isoformat(), True)
    assert not meta["stale"]
    assert found[0]["session"] == session.isoformat()
    assert session.isoformat() in found[0].text.splitlines()[0]


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("market", ["ALL", "KOSPI", "KOSDAQ"])
def test_a_past_sessions_sums_are_its_own(
    evening: Served, prepared: Prepared, market: str, venue: str
) -> None:
    answer = page_of(evening, session="2026-11-13", market=market, venue=venue)
    at = instant("23:59", SWEPT)
    expected = expected_on(prepared.market, at, known_on=SWEPT)
    assert answer["summary"] == expected.summary(market=market, venue=venue)


@pytest.mark.parametrize("kinds", [["ETF"], ["ETN"], ["STOCK", "ETF", "ETN"]])
def test_a_past_session_has_its_funds_too(
    evening: Served, prepared: Prepared, kinds: list[str]
) -> None:
    found = pages(evening, session=THURSDAY.isoformat(), kinds=kinds)
    at = instant("23:59", THURSDAY)
    expected = expected_on(prepared.market, at, known_on=THURSDAY)
    rows = without(rows_of(found), *MOVEMENT, *DETAILS)
    assert rows == expected.ranking(kinds=kinds)


Figure = Callable[[Row], tuple[Any, ...]]
STOCKS: dict[str, tuple[str, Figure]] = {
    "get_volume_change_ranking": (
        "ranking",
        lambda row: (row["current_price"], row["trading_value"]),
    ),
    "get_investor_ranking": (
        "ranking",
        lambda row: (row["current_price"], row["trading_value"]),
    ),
    "get_market_cap_ranking": (
        "ranking",
        lambda row: (row["current_price"], row["trading_value"]),
    ),
    "get_unusual_volume": (
        "unusual_stocks",
        lambda row: (row["current_volume"], row["trading_value"]),
    ),
}


@pytest.mark.parametrize("session", [SWEPT, THURSDAY], ids=str)
@pytest.mark.parametrize("tool", STOCKS)
def test_every_tool_answers_a_past_session_with_that_days_figures(
    evening: Served, prepared: Prepared, tool: str, session: date
) -> None:
    question = {"threshold": 100, "sensitivity": "wide"} if "unusual" in tool else {}
    answer = evening.call(tool, session=session.isoformat(), count=100, **question)
    assert not answer.is_error, answer.text
    meta = answer["meta"]
    assert (meta["session"], meta["is_final"]) == (session.isoformat(), True)
    truth = {
        row["stock_code"]: row
        for row in expected_on(
            prepared.market, instant("23:59", session), known_on=session
        ).ranking()
    }
    key, figure = STOCKS[tool]
    assert answer[key]
    for row in answer[key]:
        true = truth[row["stock_code"]]
        assert figure(row) == figure({**true, "current_volume": true["volume"]})


def test_sectors_of_a_past_session_add_up_to_its_market(
    evening: Served, prepared: Prepared
) -> None:
    answer = evening.call("get_sector_volume_ranking", session="2026-11-13", count=100)
    expected = expected_on(prepared.market, instant("23:59", SWEPT), known_on=SWEPT)
    assert answer["meta"]["session"] == "2026-11-13"
    values = [row["trading_value"] for row in answer["ranking"]]
    assert sum(values) == expected.summary()["total_trading_value"]


@pytest.mark.parametrize("tool", [TOOL, *STOCKS, "get_sector_volume_ranking"])
def test_the_session_that_stands_may_be_asked_for_by_its_date(
    evening: Served, tool: str
) -> None:
    by_date = evening.call(tool, session=FRIDAY.isoformat())
    plain = evening.call(tool)
    key = "unusual_stocks" if "unusual" in tool else "ranking"
    assert by_date[key] == plain[key]
    assert by_date["meta"]["session"] == FRIDAY.isoformat()
