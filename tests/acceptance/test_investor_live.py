"""Who buys and sells while the session runs: what there is of it, and what is not."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from tests.acceptance.asking_flows import (
    MARKETS,
    OWNERS,
    SIDES,
    TRADES,
    VENUES,
    adds_up,
    ask,
    of_session,
    read_whole,
)
from tests.acceptance.expected_flows import Row, final_day, live_summary, running_day
from tests.acceptance.expected_slots import slot_leaders
from tests.acceptance.friday import instant, serving
from tests.acceptance.prepared import FRIDAY, THURSDAY, Prepared, Stage
from tests.acceptance.served import Answer, Served

pytestmark = pytest.mark.slow

SLOT_UNIVERSES = list(product(MARKETS, ("ALL", "KRX")))
CANDIDATES = 60
"""Stocks whose program trading is asked for a question of a running session."""


@pytest.fixture(scope="module", params=["10:00", "13:00"])
def running(
    request: pytest.FixtureRequest,
    prepared: Prepared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Served, datetime]]:
    """Friday at ten and at one."""
    at = instant(request.param)
    folder = tmp_path_factory.mktemp("investors-running")
    with serving(prepared, folder, at, Stage.THURSDAY) as product_served:
        yield product_served, at


SLOTS = {
    ("10:00", "FOREIGN"): "09:30",
    ("10:00", "INSTITUTION"): "10:00",
    ("13:00", "FOREIGN"): "11:20",
    ("13:00", "INSTITUTION"): "11:20",
}
"""When the figures were entered that stand at a time; at ten foreigners enter none."""


@pytest.mark.parametrize("universe", SLOT_UNIVERSES, ids="-".join)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("investor_type", ["FOREIGN", "INSTITUTION"])
def test_while_it_runs_the_brokers_slots_answer_labelled(
    running: tuple[Served, datetime],
    prepared: Prepared,
    investor_type: str,
    side: str,
    universe: tuple[str, str],
) -> None:
    product_served, at = running
    market, venue = universe
    question: dict[str, Any] = {
        "investor_type": investor_type,
        "side": side,
        "market": market,
        "venue": venue,
    }
    answer = ask(product_served, **question)
    slot = SLOTS[f"{at:%H:%M}", investor_type]
    assert answer["slot"] == slot
    assert answer["ranking"] == slot_leaders(prepared.market, at, **question)
    assert answer["total"] == len(answer["ranking"]) > 0
    assert slot in answer["meta"]["notes"][0]
    assert slot in answer.text.splitlines()[1]
    meta = answer["meta"]
    assert (meta["session"], meta["is_final"]) == (FRIDAY.isoformat(), False)
    assert meta["coverage"]["basis"] == "candidates"


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("investor_type", OWNERS)
def test_while_it_runs_the_markets_totals_are_live(
    running: tuple[Served, datetime],
    prepared: Prepared,
    investor_type: str,
    market: str,
) -> None:
    product_served, at = running
    answer = ask(product_served, investor_type=investor_type, market=market)
    assert answer["summary"] == live_summary(prepared.market, at, investor_type, market)


def test_while_it_runs_programs_are_told_of_the_heaviest_candidates(
    running: tuple[Served, datetime], prepared: Prepared
) -> None:
    product_served, at = running
    truth = running_day(prepared.market, at)
    venues = VENUES if at.hour == 10 else ("ALL",)  # each costs a call a candidate
    for venue, trade_type, side in product(venues, TRADES, SIDES):
        question: dict[str, Any] = {
            "investor_type": "PROGRAM",
            "trade_type": trade_type,
            "side": side,
            "venue": venue,
        }
        answer = whole_candidates(product_served, question)
        assert answer["ranking"] == truth.ranking(heaviest=CANDIDATES, **question)
        assert adds_up(answer["ranking"])
        assert f"{CANDIDATES}종목" in answer["meta"]["notes"][0]
        assert answer["meta"]["coverage"]["basis"] == "candidates"


def whole_candidates(product_served: Served, question: Row) -> Answer:
    """The answer once every candidate is in: those that come late come next time."""
    for _ in range(4):
        answer = ask(product_served, **question)
        if answer["total"] == CANDIDATES:
            break
    return answer


LATER = [
    *(("INDIVIDUAL", trade) for trade in TRADES),
    *(product(("FOREIGN", "INSTITUTION"), ("BUY", "SELL"))),
]
"""What the broker does not have of a running session."""


@pytest.mark.parametrize(("investor_type", "trade_type"), LATER)
@pytest.mark.parametrize("side", SIDES)
def test_what_comes_after_the_close_is_answered_by_the_last_session_which_leads(
    running: tuple[Served, datetime],
    prepared: Prepared,
    investor_type: str,
    trade_type: str,
    side: str,
) -> None:
    question: dict[str, Any] = {
        "investor_type": investor_type,
        "trade_type": trade_type,
        "side": side,
    }
    answer, rows = read_whole(running[0], **question)
    assert rows == final_day(prepared.market, THURSDAY).ranking(**question)
    meta = answer["meta"]
    assert (meta["session"], meta["is_final"]) == (THURSDAY.isoformat(), True)
    assert THURSDAY.isoformat() in meta["notes"][0]
    assert "확정" in meta["notes"][0]
    first, second = answer.text.splitlines()[:2]
    assert THURSDAY.isoformat() in first
    assert meta["notes"][0] in second
    live = live_summary(prepared.market, running[1], investor_type, "ALL")
    assert answer["summary"] == live


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("venue", VENUES)
def test_the_last_session_answers_of_every_market_and_venue(
    running: tuple[Served, datetime], prepared: Prepared, market: str, venue: str
) -> None:
    question: dict[str, Any] = {
        "investor_type": "INDIVIDUAL",
        "market": market,
        "venue": venue,
    }
    _, rows = read_whole(running[0], **question)
    assert rows == final_day(prepared.market, THURSDAY).ranking(**question)


def test_nets_at_nxt_alone_have_no_slot_and_come_of_the_last_session(
    running: tuple[Served, datetime], prepared: Prepared
) -> None:
    answer, rows = read_whole(running[0], investor_type="FOREIGN", venue="NXT")
    assert answer["slot"] is None
    assert rows == final_day(prepared.market, THURSDAY).ranking(venue="NXT")


def test_a_past_session_is_answered_while_another_runs(
    running: tuple[Served, datetime], prepared: Prepared
) -> None:
    answer, rows = read_whole(running[0], session=THURSDAY.isoformat())
    truth = final_day(prepared.market, THURSDAY)
    assert rows == truth.ranking()
    expected = truth.summary("FOREIGN", "ALL", "ALL")
    assert answer["summary"] == of_session(expected, THURSDAY)
