"""From a filled archive, with the broker gone, every tool still answers: marked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.expected import Expected
from tests.acceptance.expected_flows import final_day
from tests.acceptance.friday import instant, serving
from tests.acceptance.prepared import FRIDAY, MONDAY, SATURDAY, Prepared, Stage
from tests.acceptance.served import Answer, Served, served
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.faults import Kind
from tests.kis_emulator.server import running_emulator

pytestmark = pytest.mark.slow

Row = dict[str, Any]

VENUES = ("ALL", "KRX", "NXT")
# Headlines are nobody's but the broker's: concise leaves them out.
QUESTIONS: dict[str, Row] = {
    "get_volume_ranking": {},
    "get_volume_change_ranking": {"period": "5D", "response_format": "concise"},
    "get_investor_ranking": {"trade_type": "BUY"},
    "get_sector_volume_ranking": {},
    "get_market_cap_ranking": {},
    "get_unusual_volume": {"threshold": 150},
}
WHEN = {
    "in the evening": ("20:31", FRIDAY),
    "on a weekend": ("11:00", SATURDAY),
    "in the next session": ("10:00", MONDAY),
}


def ask(product_served: Served, tool: str, **question: Any) -> Answer:
    """Asks a tool its question."""
    return product_served.call(tool, count=50, **QUESTIONS[tool], **question)


def rows_of(answer: Answer) -> list[Row]:
    """The rows, whatever the tool calls them.

    Reasons are left out: headlines are not kept, and only the broker has them.
    """
    key = "ranking" if "ranking" in (answer.structured or {}) else "unusual_stocks"
    asked_anew = {"possible_reasons"}
    return [
        {name: value for name, value in row.items() if name not in asked_anew}
        for row in answer[key]
    ]


@pytest.fixture(scope="module")
def with_broker(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Answer]:
    """What each tool says on Friday evening while the broker is there."""
    folder = tmp_path_factory.mktemp("with-broker")
    with serving(prepared, folder, instant("20:31"), Stage.EVENING) as product_served:
        product_served.whole()
        return {
            (tool, venue): ask(product_served, tool, venue=venue)
            for tool in QUESTIONS
            for venue in VENUES
        }


@pytest.fixture(scope="module", params=list(WHEN))
def without_broker(
    request: pytest.FixtureRequest,
    prepared: Prepared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """A server that starts when the broker is gone; it has the archive alone."""
    folder = tmp_path_factory.mktemp("without-broker")
    archive = prepared.archive(Stage.EVENING, folder / "archive")
    clock = EmulatorClock(instant(*WHEN[request.param]))
    with running_emulator(market=prepared.market, clock=clock) as broker:
        pass
    with served(broker, folder / "data", ARCHIVE_URL=archive) as product_served:
        yield product_served


def is_the_last_word(answer: Answer) -> bool:
    """Friday's final figures, marked, and why."""
    meta = answer["meta"]
    return (
        (meta["session"], meta["is_final"], meta["stale"])
        == (FRIDAY.isoformat(), True, True)
        and "증권사" in meta["notes"][0]
        and "지연 시세" in answer.text.splitlines()[0]
        and "확정" in answer.text.splitlines()[0]
    )


@pytest.mark.parametrize("venue", VENUES)
@pytest.mark.parametrize("tool", QUESTIONS)
def test_every_tool_gives_the_last_sessions_final_figures(
    without_broker: Served,
    with_broker: dict[tuple[str, str], Answer],
    tool: str,
    venue: str,
) -> None:
    answer = ask(without_broker, tool, venue=venue)
    assert not answer.is_error, answer.text
    assert is_the_last_word(answer)
    assert rows_of(answer) == rows_of(with_broker[tool, venue])
    assert answer["summary"] == with_broker[tool, venue]["summary"]


def test_the_figures_are_the_true_ones(
    without_broker: Served, prepared: Prepared
) -> None:
    values = without_broker.ask(count=100)
    expected = Expected(prepared.market, instant("23:59"))
    listed = {item.code for item in prepared.market.listings_on(FRIDAY)}
    expected.listed = [item for item in expected.listed if item.code in listed]
    assert values["ranking"] == expected.ranking()[:100]
    flows = without_broker.call("get_investor_ranking", count=100, side="bottom")
    truth = final_day(prepared.market, FRIDAY).ranking(side="bottom")
    assert flows["ranking"] == truth[:100]


def test_stocks_are_found_by_name_and_pages_are_read(without_broker: Served) -> None:
    page = without_broker.ask(count=10, offset=20)
    names = [row["stock_name"] for row in page["ranking"][:2]]
    answer = without_broker.ask(stocks=names)
    assert answer["ranking"] == page["ranking"][:2]
    assert page["next_offset"] == 30


def test_another_session_is_answered_as_ever(without_broker: Served) -> None:
    answer = without_broker.ask(session="2026-11-13")
    meta = answer["meta"]
    assert (meta["session"], meta["stale"]) == ("2026-11-13", False)


def test_a_state_is_told_all_the_same(without_broker: Served) -> None:
    answer = without_broker.call("health_check")
    assert answer["status"] in ("degraded", "unhealthy")


def figures_of(answer: Answer) -> list[tuple[Any, ...]]:
    """Who stands where, and with how much; details may still come in."""
    names = ("rank", "stock_code", "sector_code", "trading_value")
    return [tuple(row.get(name) for name in names) for row in rows_of(answer)]


@pytest.mark.parametrize("when", ["in the evening", "in the next session"])
def test_a_broker_that_goes_while_it_serves_takes_no_answer_away(
    prepared: Prepared, tmp_path: Path, when: str
) -> None:
    archive = prepared.archive(Stage.EVENING, tmp_path / "archive")
    clock = EmulatorClock(instant(*WHEN[when]))
    with ExitStack() as stack:
        with running_emulator(market=prepared.market, clock=clock) as broker:
            product_served = stack.enter_context(
                served(broker, tmp_path / "data", ARCHIVE_URL=archive)
            )
            product_served.whole()
            before = {tool: ask(product_served, tool) for tool in QUESTIONS}
        after = {tool: ask(product_served, tool) for tool in QUESTIONS}
    for tool, answer in after.items():
        assert not answer.is_error, answer.text
        assert answer["meta"]["session"] == before[tool]["meta"]["session"]
        assert figures_of(answer) == figures_of(before[tool])


def test_a_broker_that_never_answers_is_not_waited_for_beyond_the_deadline(
    prepared: Prepared, tmp_path: Path
) -> None:
    archive = prepared.archive(Stage.EVENING, tmp_path / "archive")
    clock = EmulatorClock(instant(*WHEN["in the next session"]))
    with running_emulator(market=prepared.market, clock=clock) as broker:
        broker.faults.add(Kind.HANG)
        with (
            served(broker, tmp_path / "data", ARCHIVE_URL=archive) as product_served,
            ThreadPoolExecutor(len(QUESTIONS)) as crowd,
        ):
            answers = list(crowd.map(lambda tool: ask(product_served, tool), QUESTIONS))
    for answer in answers:
        assert not answer.is_error, answer.text
        assert is_the_last_word(answer)
