"""Where a stock stood the session before, and its details once they were read."""

import time as waiting
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.expected import MARKETS
from tests.acceptance.expected_details import ExpectedDetails, Row, moved
from tests.acceptance.friday import instant, serving
from tests.acceptance.past_values import PastValues
from tests.acceptance.prepared import FRIDAY, THURSDAY, Prepared, Stage
from tests.acceptance.served import Answer, Served
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
NEW_LISTING = 3
"""Sessions back from Friday on which one was listed."""
FROM_BARS = date(2026, 10, 16)
"""A session that nobody read profiles on."""


@pytest.fixture(scope="module")
def evening(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Friday evening; every profile of Friday has been read."""
    folder = tmp_path_factory.mktemp("past-evening")
    with serving(prepared, folder, instant("20:31"), Stage.EVENING) as product_served:
        yield product_served


# -- where it stood the session before -------------------------------------------------


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("sort_by", ["trading_value", "volume"])
def test_in_the_evening_movement_is_since_the_session_before(
    evening: Served, prepared: Prepared, venue: str, sort_by: str
) -> None:
    question: dict[str, Any] = {"venue": venue, "sort_by": sort_by}
    now = expected_on(prepared.market, instant("20:31"), known_on=FRIDAY)
    before = expected_on(prepared.market, instant("23:59", THURSDAY), known_on=THURSDAY)
    rows = without(rows_of(pages(evening, **question)), *DETAILS)
    assert rows == moved(now.ranking(**question), before.ranking(**question))


def test_a_screened_ranking_moves_among_those_that_passed_both_times(
    evening: Served, prepared: Prepared
) -> None:
    question: dict[str, Any] = {"market": "KOSDAQ", "exclude": ["SPAC", "PREFERRED"]}
    now = expected_on(prepared.market, instant("20:31"), known_on=FRIDAY)
    before = expected_on(prepared.market, instant("23:59", THURSDAY), known_on=THURSDAY)
    rows = without(rows_of(pages(evening, **question)), *DETAILS)
    assert rows == moved(now.ranking(**question), before.ranking(**question))


def test_a_past_session_moves_too_and_a_new_listing_has_no_rank_before(
    evening: Served, prepared: Prepared
) -> None:
    day, earlier = prepared.sessions(NEW_LISTING)[0], prepared.sessions(4)[0]
    now = expected_on(prepared.market, instant("23:59", day), known_on=day)
    before = expected_on(prepared.market, instant("23:59", earlier), known_on=earlier)
    rows = without(rows_of(pages(evening, session=day.isoformat())), *DETAILS)
    assert rows == moved(now.ranking(), before.ranking())
    new = [x.code for x in prepared.market.listings_on(day) if x.listed_on == day]
    assert new
    fresh = [row for row in rows if row["stock_code"] in new]
    assert [row["rank_change"] for row in fresh] == [None] * len(new)


def test_after_the_close_movement_is_since_the_whole_session_before(
    prepared: Prepared, tmp_path: Path
) -> None:
    with serving(prepared, tmp_path, instant("15:50"), Stage.CLOSE) as product_served:
        rows = without(rows_of(pages(product_served)), *DETAILS)
    now = expected_on(prepared.market, instant("15:50"), known_on=FRIDAY)
    before = expected_on(prepared.market, instant("23:59", THURSDAY), known_on=THURSDAY)
    assert rows == moved(now.ranking(), before.ranking())


@pytest.fixture(scope="module")
def morning(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Answer]]:
    """Friday at ten, and its first answer; the archive has Thursday's profiles."""
    folder = tmp_path_factory.mktemp("past-morning")
    with serving(prepared, folder, instant("10:00"), Stage.THURSDAY) as product_served:
        yield product_served, product_served.call(TOOL)


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("sort_by", ["trading_value", "volume"])
def test_while_it_runs_movement_is_since_this_time_of_the_session_before(
    morning: tuple[Served, Answer], prepared: Prepared, venue: str, sort_by: str
) -> None:
    found = pages(morning[0], venue=venue, sort_by=sort_by)
    now = expected_on(prepared.market, instant("10:00"), known_on=FRIDAY)
    past = PastValues(prepared.market)
    as_of = datetime.fromisoformat(found[0]["meta"]["as_of"])
    at = past.moment(as_of, FRIDAY, THURSDAY)
    assert (at.hour, at.minute) == (11, 0)  # the exam day began an hour late
    place = 1 if sort_by == "trading_value" else 0
    by_then: list[Row] = []
    for item in prepared.market.listings_on(THURSDAY):
        traded = past.by(item, venue, at)
        if _is_asked(item, venue) and traded is not None:
            by_then.append({"stock_code": item.code, "measure": traded[place]})
    by_then.sort(key=lambda row: (-row["measure"], row["stock_code"]))
    before = [{**row, "rank": rank} for rank, row in enumerate(by_then, 1)]
    rows = without(rows_of(found), *DETAILS)
    assert rows == moved(now.ranking(venue=venue, sort_by=sort_by), before)


def _is_asked(item: Any, venue: str) -> bool:
    there = item.on_nxt or venue != "NXT"
    return item.kind == "STOCK" and item.market in MARKETS and there


def test_without_the_session_before_movement_is_null_and_says_so(
    evening: Served, prepared: Prepared
) -> None:
    first = prepared.sessions(70)[0]
    answer = page_of(evening, session=first.isoformat())
    rows = answer["ranking"]
    assert {(row["previous_rank"], row["rank_change"]) for row in rows} == {
        (None, None)
    }
    assert any("previous_rank" in note for note in answer["meta"]["notes"])


# -- details ---------------------------------------------------------------------------


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("by_turnover", [False, True])
def test_details_are_exact_once_the_profiles_were_read(
    evening: Served, prepared: Prepared, venue: str, by_turnover: bool
) -> None:
    expected = ExpectedDetails(
        expected_on(prepared.market, instant("20:31"), known_on=FRIDAY),
        prepared.market,
        FRIDAY,
        shares_on=FRIDAY,
    )
    sort_by = "turnover_rate" if by_turnover else "trading_value"
    found = pages(evening, venue=venue, sort_by=sort_by)
    rows = without(rows_of(found), *MOVEMENT)
    assert rows == expected.rows(by_turnover=by_turnover, venue=venue)
    assert not any("아직 읽지 않아" in note for note in found[0]["meta"]["notes"])


def test_a_past_sessions_details_are_those_of_its_own_profiles(
    evening: Served, prepared: Prepared
) -> None:
    expected = ExpectedDetails(
        expected_on(prepared.market, instant("23:59", THURSDAY), known_on=THURSDAY),
        prepared.market,
        THURSDAY,
        shares_on=THURSDAY,
    )
    found = pages(evening, session=THURSDAY.isoformat())
    assert without(rows_of(found), *MOVEMENT) == expected.rows()


def test_details_of_a_session_without_profiles_are_null_with_a_note(
    evening: Served,
) -> None:
    answer = page_of(evening, session=FROM_BARS.isoformat())
    assert {row[name] for row in answer["ranking"] for name in DETAILS} == {None}
    notes = " ".join(answer["meta"]["notes"])
    assert "상장주식수" in notes


def test_details_that_are_not_wanted_are_null(evening: Served) -> None:
    names = (*DETAILS, *MOVEMENT)
    answers = [
        evening.call(TOOL, include_details=False),
        evening.call(TOOL, response_format="concise"),
    ]
    for answer in answers:
        assert {row[name] for row in answer["ranking"] for name in names} == {None}


def test_the_first_answer_is_not_kept_waiting_and_the_details_come_behind(
    prepared: Prepared, tmp_path: Path
) -> None:
    cold, warm = (
        ExpectedDetails(
            expected_on(prepared.market, instant("10:00"), known_on=FRIDAY),
            prepared.market,
            day,
            shares_on=FRIDAY,
        ).rows()
        for day in (None, FRIDAY)
    )
    with serving(prepared, tmp_path, instant("10:00"), Stage.BARS) as product_served:
        first = product_served.call(TOOL, count=20)
        last = filled(product_served)
    shown = len(first["ranking"])
    assert without(first["ranking"], *MOVEMENT) == cold[:shown]
    notes = " ".join(first["meta"]["notes"])
    assert "아직 읽지 않아" in notes
    assert "천주" in notes
    assert without(last["ranking"], *MOVEMENT) == warm[:20]
    assert "천주" not in " ".join(last["meta"]["notes"])


def filled(product_served: Served) -> Answer:
    """The answer once every shown row has its details."""
    deadline = waiting.monotonic() + 30
    while waiting.monotonic() < deadline:
        answer = product_served.whole(count=20, include_details=True)
        if not any("천주" in note for note in answer["meta"]["notes"]):
            return answer
        waiting.sleep(0.2)
    raise AssertionError(f"the details did not come: {answer['meta']['notes']}")


def test_yesterdays_profiles_serve_until_todays_are_read_and_say_so(
    morning: tuple[Served, Answer], prepared: Prepared
) -> None:
    _, first = morning
    now = expected_on(prepared.market, instant("10:00"), known_on=FRIDAY)
    kept, unread = (
        ExpectedDetails(now, prepared.market, day, shares_on=FRIDAY).rows()
        for day in (THURSDAY, None)
    )
    split = [
        row["stock_code"]
        for row in unread
        if prepared.market.split_ratio(row["stock_code"], FRIDAY) != 1
    ]
    expected = [
        without_profile if before["stock_code"] in split else before
        for before, without_profile in zip(kept, unread, strict=True)
    ]
    shown = without(first["ranking"], *MOVEMENT)
    assert shown == expected[: len(shown)]
    assert any(row["stock_code"] in split for row in shown)
    assert any("2026-11-19에 읽은 값" in note for note in first["meta"]["notes"])
