"""Who bought and sold in a session that is over equals the emulator's truth."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.asking_flows import (
    INVESTORS,
    MARKETS,
    OWNERS,
    QUESTIONS,
    SIDES,
    TOOL,
    UNIVERSES,
    VENUES,
    adds_up,
    ask,
    of_session,
    read_whole,
)
from tests.acceptance.expected_flows import (
    FlowDay,
    final_day,
    harvested_day,
)
from tests.acceptance.friday import instant, serving
from tests.acceptance.prepared import FRIDAY, SATURDAY, THURSDAY, Prepared, Stage
from tests.acceptance.served import Served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def evening(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Friday evening, after the last harvest."""
    folder = tmp_path_factory.mktemp("investors-evening")
    with serving(prepared, folder, instant("20:31"), Stage.EVENING) as product_served:
        yield product_served


@pytest.fixture(scope="module")
def friday(prepared: Prepared) -> FlowDay:
    return final_day(prepared.market, FRIDAY)


@pytest.mark.parametrize(("investor_type", "trade_type"), QUESTIONS)
@pytest.mark.parametrize("side", SIDES)
def test_in_the_evening_every_stock_stands_where_it_truly_stands(
    evening: Served, friday: FlowDay, investor_type: str, trade_type: str, side: str
) -> None:
    question: dict[str, Any] = {
        "investor_type": investor_type,
        "trade_type": trade_type,
        "side": side,
    }
    answer, rows = read_whole(evening, **question)
    assert rows == friday.ranking(**question)
    assert adds_up(rows)
    assert (answer["slot"], answer["meta"]["is_final"]) == (None, True)
    assert answer["meta"]["coverage"]["basis"] == "full_market"


@pytest.mark.parametrize(("market", "venue"), UNIVERSES)
@pytest.mark.parametrize("investor_type", INVESTORS)
def test_in_the_evening_every_market_and_venue_has_its_own_rows_and_totals(
    evening: Served, friday: FlowDay, investor_type: str, market: str, venue: str
) -> None:
    question: dict[str, Any] = {
        "investor_type": investor_type,
        "market": market,
        "venue": venue,
    }
    answer, rows = read_whole(evening, **question)
    assert rows == friday.ranking(**question)
    expected = friday.summary(investor_type, market, venue)
    assert answer["summary"] == of_session(expected, FRIDAY)


@pytest.mark.parametrize("investor_type", INVESTORS)
def test_on_a_weekend_the_last_session_answers_final(
    prepared: Prepared, saturday: Served, friday: FlowDay, investor_type: str
) -> None:
    answer, rows = read_whole(saturday, investor_type=investor_type)
    assert rows == friday.ranking(investor_type=investor_type)
    meta = answer["meta"]
    assert (meta["session"], meta["is_final"]) == (FRIDAY.isoformat(), True)
    assert (meta["phase"], meta["stale"]) == ("holiday", False)


@pytest.fixture(scope="module")
def saturday(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("investors-saturday")
    at = instant("11:00", SATURDAY)
    with serving(prepared, folder, at, Stage.EVENING) as product_served:
        yield product_served


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize(("investor_type", "trade_type"), QUESTIONS)
def test_a_past_session_is_ranked_as_it_was(
    evening: Served,
    prepared: Prepared,
    investor_type: str,
    trade_type: str,
    venue: str,
) -> None:
    question: dict[str, Any] = {
        "investor_type": investor_type,
        "trade_type": trade_type,
        "venue": venue,
    }
    answer, rows = read_whole(evening, session=THURSDAY.isoformat(), **question)
    truth = final_day(prepared.market, THURSDAY)
    assert rows == truth.ranking(**question)
    assert adds_up(rows)
    assert answer["meta"]["session"] == THURSDAY.isoformat()
    assert answer["meta"]["is_final"]
    expected = truth.summary(investor_type, "ALL", venue)
    assert answer["summary"] == of_session(expected, THURSDAY)


@pytest.mark.parametrize("back", [2, 5, 10])
@pytest.mark.parametrize("investor_type", INVESTORS)
def test_sessions_that_a_harvest_reached_back_to_are_answered_too(
    evening: Served, prepared: Prepared, investor_type: str, back: int
) -> None:
    day = prepared.sessions(back)[0]
    _, rows = read_whole(evening, investor_type=investor_type, session=day.isoformat())
    truth = final_day(prepared.market, day).ranking(investor_type=investor_type)
    there = {row["stock_code"] for row in rows}
    kept = [row for row in truth if row["stock_code"] in there]
    assert [{**row, "rank": 0} for row in rows] == [{**row, "rank": 0} for row in kept]
    assert len(truth) - len(kept) <= 1  # one was delisted before anybody harvested


def test_a_session_without_flows_says_so_in_one_line(
    evening: Served, prepared: Prepared
) -> None:
    day = prepared.sessions(60)[0]
    answer = evening.call(TOOL, session=day.isoformat())
    assert answer.is_error
    assert "\n" not in answer.text
    assert day.isoformat() in answer.text


def test_named_stocks_keep_their_rank(evening: Served, friday: FlowDay) -> None:
    truth = [friday.ranking()[place] for place in (0, 41, -1)]
    stocks = [truth[2]["stock_code"], truth[0]["stock_name"], truth[1]["stock_code"]]
    answer = ask(evening, stocks=stocks)
    assert answer["ranking"] == truth
    assert answer["summary"] == of_session(
        friday.summary("FOREIGN", "ALL", "ALL"), FRIDAY
    )


def test_a_screen_ranks_anew_and_leaves_the_totals_alone(
    evening: Served, friday: FlowDay
) -> None:
    least = sorted(row["trading_value"] for row in friday.ranking())[-50]
    answer = ask(evening, min_trading_value=least, trade_type="BUY")
    rows = [
        row for row in friday.ranking(trade_type="BUY") if row["trading_value"] >= least
    ]
    assert answer["ranking"] == [
        {**row, "rank": place} for place, row in enumerate(rows, 1)
    ]
    assert answer["summary"] == of_session(
        friday.summary("FOREIGN", "ALL", "ALL"), FRIDAY
    )


# -- after the close: provisional ------------------------------------------------------


@pytest.fixture(scope="module")
def close(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Ten to four, after a harvest at a quarter to."""
    folder = tmp_path_factory.mktemp("investors-close")
    with serving(prepared, folder, instant("15:50"), Stage.CLOSE) as product_served:
        yield product_served


@pytest.fixture(scope="module")
def closed(prepared: Prepared) -> FlowDay:
    return harvested_day(prepared.market, instant("15:45"), instant("15:50"))


@pytest.mark.parametrize(("investor_type", "trade_type"), QUESTIONS)
@pytest.mark.parametrize("venue", VENUES)
def test_after_the_close_the_provisional_flows_answer_marked(
    close: Served, closed: FlowDay, investor_type: str, trade_type: str, venue: str
) -> None:
    question: dict[str, Any] = {
        "investor_type": investor_type,
        "trade_type": trade_type,
        "venue": venue,
    }
    answer, rows = read_whole(close, **question)
    assert rows == closed.ranking(**question)
    assert adds_up(rows)
    meta = answer["meta"]
    assert (meta["session"], meta["is_final"]) == (FRIDAY.isoformat(), False)
    assert "잠정" in meta["notes"][0]


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("investor_type", OWNERS)
def test_after_the_close_the_totals_are_the_sums_of_the_provisional_flows(
    close: Served, closed: FlowDay, investor_type: str, market: str
) -> None:
    answer = ask(close, investor_type=investor_type, market=market)
    expected = closed.summary(investor_type, market, "ALL")
    assert answer["summary"] == of_session(expected, FRIDAY)
